import { isLang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { type Actor, audit } from '../identity/index.ts'
import { readAddress } from './mail.rules.ts'
import type { Seller } from './seller.views.ts'

export type TypedPayee = Record<'name' | 'email' | 'language' | 'artistId' | 'left', string>
export type PayeeProblems = Partial<Record<'name' | 'email', 'missing' | 'mail-wrong'>>

/** Adds somebody who shares, or changes what is known of them. `artists` are those who may be named as the person. */
export async function savePayee(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  actor: Actor,
  seller: Seller,
  typed: TypedPayee,
  artists: string[],
  id?: string,
): Promise<Result<string, PayeeProblems>> {
  const problems: PayeeProblems = {}
  if (!typed.name) problems.name = 'missing'
  const email = typed.email === '' ? '' : readAddress(typed.email)
  if (email === null) problems.email = 'mail-wrong'
  if (email === null || problems.name) return fail(problems)
  const values = {
    name: typed.name.slice(0, 200),
    email,
    language: isLang(typed.language) ? typed.language : ('en' as const),
    artistId: artists.includes(typed.artistId) ? typed.artistId : null,
  }
  const { artistId, labelId } = seller
  return db.transaction().execute(async (tx) => {
    const payeeId = id ?? newId()
    if (id)
      await tx
        .updateTable('payees')
        .set({ ...values, leftAt: typed.left ? now() : null })
        .where('id', '=', id)
        .where('sellerId', '=', seller.id)
        .execute()
    else
      await tx
        .insertInto('payees')
        .values({ id: payeeId, sellerId: seller.id, ...values, leftAt: null })
        .execute()
    await audit(tx, { accountId: actor.accountId, action: 'books.payee', subject: values.name, artistId, labelId })
    return ok(payeeId)
  })
}
