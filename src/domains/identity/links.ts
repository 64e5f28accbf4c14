import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { newToken } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { Sentence } from '../../platform/sentence.ts'
import { hashOf } from '../../platform/signing.ts'
import { readMail } from './mail-address.rules.ts'
import type { LinkPurpose } from './tables.ts'

type Deps = Pick<Platform, 'db' | 'config' | 'now'>

const MINUTE_MS = 60_000
const GOOD_FOR_MINUTES: Record<LinkPurpose, number> = {
  'set-up': 7 * 24 * 60,
  'sign-in': 30,
  recovery: 24 * 60,
  invitation: 7 * 24 * 60,
  'mail-change': 24 * 60,
}

export type NewLink = {
  purpose: LinkPurpose
  email?: string
  next?: string | null
  accountId?: string
  invitationId?: string
}

/** Makes a link that lets in once, for one purpose, and returns its address: the only place where its secret ever is. */
export async function issueLink(db: Db | Tx, { config, now }: Omit<Deps, 'db'>, link: NewLink): Promise<string> {
  const token = newToken()
  await db
    .insertInto('signInLinks')
    .values({
      tokenHash: hashOf(token),
      purpose: link.purpose,
      email: link.email ?? null,
      next: link.next ?? null,
      accountId: link.accountId ?? null,
      invitationId: link.invitationId ?? null,
      createdAt: now(),
      expiresAt: new Date(now().getTime() + GOOD_FOR_MINUTES[link.purpose] * MINUTE_MS),
      usedAt: null,
    })
    .execute()
  return `${config.baseUrl}/studio/enter/${token}`
}

export type OpenLink = {
  tokenHash: string
  purpose: LinkPurpose
  email: string | null
  next: string | null
  accountId: string | null
  invitationId: string | null
}
export type DeadLink = 'unknown' | 'used' | 'expired'

const PARTS = ['tokenHash', 'purpose', 'email', 'next', 'accountId', 'invitationId'] as const

/** What a link is for, without using it: mail scanners and previews follow every address that they see. */
export async function lookAtLink(db: Db, token: string, now: Date): Promise<OpenLink | DeadLink> {
  const link = await db
    .selectFrom('signInLinks')
    .select([...PARTS, 'usedAt', 'expiresAt'])
    .where('tokenHash', '=', hashOf(token))
    .executeTakeFirst()
  if (!link) return 'unknown'
  if (link.usedAt) return 'used'
  const { usedAt: _, expiresAt, ...open } = link
  return expiresAt > now ? open : 'expired'
}

/** Uses a link up. Of several that try at once exactly one gets it; the others, and whoever comes late, get null. */
export async function useLink(tx: Tx, token: string, now: Date): Promise<OpenLink | null> {
  const used = await tx
    .updateTable('signInLinks')
    .set({ usedAt: now })
    .where('tokenHash', '=', hashOf(token))
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returning(PARTS)
    .executeTakeFirst()
  return used ?? null
}

/** Makes void every open link that would let into this account, or give it another mail address. */
export async function voidLinks(tx: Tx, account: { id: string; email: string }, now: Date): Promise<void> {
  await tx
    .updateTable('signInLinks')
    .set({ usedAt: now })
    .where('usedAt', 'is', null)
    .where((link) =>
      link.or([
        link('accountId', '=', account.id),
        link.and([
          link(sql`lower(email)`, '=', account.email.toLowerCase()),
          link('purpose', 'in', ['sign-in', 'recovery']),
        ]),
      ]),
    )
    .execute()
}

/** The one-time set-up link while this place has no owner, else null. Each call makes the earlier links void. */
export async function setUpLink({ db, config, now }: Deps): Promise<string | null> {
  if (await hasOwner(db)) return null
  return db.transaction().execute(async (tx) => {
    await tx.deleteFrom('signInLinks').where('purpose', '=', 'set-up').execute()
    return issueLink(tx, { config, now }, { purpose: 'set-up' })
  })
}

/**
 * A link that lets this address in as an owner, once, within a day: for whoever can run commands on the machine.
 * Throws a {@link Sentence} when it is no mail address.
 */
export async function recoveryLink({ db, config, now }: Deps, email: string): Promise<string> {
  const address = readMail(email)
  if (!address) throw new Sentence(`${email} is not a mail address.`)
  return issueLink(db, { config, now }, { purpose: 'recovery', email: address })
}

export async function hasOwner(db: Db | Tx): Promise<boolean> {
  const owner = await db.selectFrom('accounts').select('id').where('isHost', '=', true).limit(1).executeTakeFirst()
  return owner !== undefined
}

/** Links past their end are kept a month, so that a late click learns that it is late, then forgotten. */
export async function forgetOldLinks(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - 30 * 24 * 60 * MINUTE_MS)
  await db.deleteFrom('signInLinks').where('expiresAt', '<', before).execute()
}
