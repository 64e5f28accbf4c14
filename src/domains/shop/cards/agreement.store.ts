import './tables.ts'
import type { Selectable } from 'kysely'
import type { Db, Tables, Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import { formatMoney } from '../../../platform/money.ts'
import type { Every } from '../members/member.rules.ts'
import type { Membership } from '../members/take-up.ts'
import { words } from './words.ts'

export type Agreement = Selectable<Tables['chargeAgreements']>
/** What is agreed to: which sum is taken how often, for what. */
export type Terms = { title: string; amount: number; currency: string; every: Every }

/** The words of the box, as they are shown and kept. */
export const agreementWords = ({ title, amount, currency, every }: Terms, lang: Lang): string =>
  words(lang)(`agree_${every}`, { title, price: formatMoney({ amount, currency }, lang) })

type Said = { terms: Terms; lang: Lang; at: Date }

async function agree(
  tx: Db | Tx,
  where: { orderId: string } | { membershipId: string },
  { terms, lang, at }: Said,
): Promise<string> {
  const id = newId(at.getTime())
  const { amount, currency, every } = terms
  await tx
    .insertInto('chargeAgreements')
    .values({
      ...{ id, orderId: null, membershipId: null, agreed: true, language: lang, amount, currency, every, at },
      ...where,
      words: agreementWords(terms, lang),
    })
    .execute()
  return id
}

/** They agree while they pay an order; a form sent twice agrees once. */
export async function agreeWithOrder(db: Db | Tx, orderId: string, said: Said): Promise<void> {
  if (!(await agreedWith(db, orderId))) await agree(db, { orderId }, said)
}

/** They agree on the page of their membership. */
export const agreeOnPage = (tx: Tx, membershipId: string, said: Said): Promise<string> =>
  agree(tx, { membershipId }, said)

/** What was said last of an order: that it is agreed, or that it is not any more. */
export const saidWith = (db: Db | Tx, orderId: string): Promise<Agreement | undefined> =>
  db
    .selectFrom('chargeAgreements')
    .selectAll()
    .where('orderId', '=', orderId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()

/** What is agreed to with an order. */
export async function agreedWith(db: Db | Tx, orderId: string): Promise<Agreement | null> {
  const said = await saidWith(db, orderId)
  return said?.agreed ? said : null
}

/** They pay it with the box left empty: what they agreed to when they set out to pay it before counts no more. */
export async function payWithoutAgreeing(db: Db, orderId: string, at: Date): Promise<void> {
  const before = await agreedWith(db, orderId)
  if (!before) return
  await db
    .insertInto('chargeAgreements')
    .values({ ...before, id: newId(at.getTime()), agreed: false, words: '', at })
    .execute()
}

/** They took it back. */
export async function takeBack(tx: Tx, { id, language, price, currency, every }: Membership, at: Date): Promise<void> {
  await tx
    .insertInto('chargeAgreements')
    .values({
      ...{ id: newId(at.getTime()), orderId: null, membershipId: id, agreed: false, words: '', language, at },
      ...{ amount: price, currency, every },
    })
    .execute()
}
