import { fail, ok, type Result } from '../../../platform/result.ts'
import { type AuditAction, audit } from '../../identity/index.ts'
import type { AccountFacts } from '../tables.ts'
import { accountById, accountOf, keepHooks, openAccount, type PaymentAccount, useAccount } from './accounts.store.ts'
import { type PaymentDeps, platformsFor } from './providers.ts'
import { factsOf, joinPlatform, onboardingLink } from './stripe/accounts.ts'
import { problemOf } from './stripe/stripe.ts'

/** For whom it is done, and by whom. */
export type By = { sellerId: string; accountId: string; artistId: string | null; labelId: string | null }

const KEY = /^(?:sk|rk)_(live|test)_[A-Za-z0-9]{8,250}$/
const HOOK = /^whsec_[A-Za-z0-9+/=_-]{8,250}$/

export type KeyProblem = 'key' | 'key-refused' | 'unreachable' | 'hooks'

const changed = (by: By, action: AuditAction, subject: string) => ({
  ...{ accountId: by.accountId, action, subject, artistId: by.artistId, labelId: by.labelId },
})

/** From now on the seller is paid through the account of this key: asked whose it is before anything is kept. */
export async function useKey(
  platform: PaymentDeps,
  by: By,
  { key, hooks }: { key: string; hooks: string[] },
): Promise<Result<string, KeyProblem>> {
  const { db, sealer, now } = platform
  const mode = KEY.exec(key)?.[1]
  if (!mode) return fail('key')
  if (!hooks.every((hook) => HOOK.test(hook))) return fail('hooks')
  const asked = await factsOf(platform, { key, on: null })
  if (!asked.ok) return asked
  const { account, facts } = asked.value
  const id = await db.transaction().execute(async (tx) => {
    const said = { sellerId: by.sellerId, account, isLive: mode === 'live', facts, at: now(), via: null }
    const used = await useAccount(tx, sealer, { ...said, secrets: { key, hooks } })
    await audit(tx, changed(by, 'shop.payments', account))
    return used
  })
  return ok(id)
}

/** Other secrets of signatures for the account in use. */
export async function changeHooks(
  { db, sealer }: PaymentDeps,
  by: By,
  hooks: string[],
): Promise<Result<void, KeyProblem>> {
  if (hooks.length === 0 || !hooks.every((hook) => HOOK.test(hook))) return fail('hooks')
  return db.transaction().execute(async (tx) => {
    const account = await accountOf(tx, by.sellerId)
    if (account && account.via === null) await keepHooks(tx, sealer, account.id, hooks)
    await audit(tx, changed(by, 'shop.payments', account?.account ?? ''))
    return ok(undefined)
  })
}

/** Asks the provider of the account what it is, and whether it may take money: what is shown, and on what buyers are let pay. */
export async function tryAccount(platform: PaymentDeps, account: PaymentAccount): Promise<boolean> {
  const { db, now } = platform
  const opened = await openAccount(platform, account)
  const asked = opened ? await factsOf(platform, opened) : fail('sealed' as const)
  const facts: { facts?: string; problem: string | null } = asked.ok
    ? { facts: JSON.stringify(asked.value.facts), problem: null }
    : { problem: asked.error }
  await db
    .updateTable('paymentAccounts')
    .set({ ...facts, triedAt: now() })
    .where('id', '=', account.id)
    .execute()
  return asked.ok
}

/** Nothing new begins any more; what was begun is heard of, and can be given back. */
export const switchOff = ({ db }: PaymentDeps, by: By): Promise<void> =>
  db.transaction().execute(async (tx) => {
    await tx
      .updateTable('paymentAccounts')
      .set({ isEnabled: false, forArtists: false })
      .where('sellerId', '=', by.sellerId)
      .where('isEnabled', '=', true)
      .execute()
    await audit(tx, changed(by, 'shop.payments', ''))
  })

/** A label lets its artists be paid through its platform, or does not any more. */
export const openPlatform = ({ db }: PaymentDeps, by: By, isOpen: boolean): Promise<void> =>
  db.transaction().execute(async (tx) => {
    await tx
      .updateTable('paymentAccounts')
      .set({ forArtists: isOpen })
      .where('sellerId', '=', by.sellerId)
      .where('isEnabled', '=', true)
      .where('via', 'is', null)
      .execute()
    await audit(tx, changed(by, 'shop.payments', isOpen ? 'open' : 'closed'))
  })

const NOTHING: AccountFacts = { name: '', country: '', currency: '', charges: false }

/**
 * An account of the seller's own, on the platform of a label that opens it to them: made once, and then a page at the provider's where they say who they are.
 * The seller is who sells there: the money, the fees and the disputes are theirs, never the label's.
 */
export async function joinThrough(
  platform: PaymentDeps,
  by: By,
  { via, mail, backTo }: { via: string; mail: string; backTo: string },
): Promise<Result<string, KeyProblem>> {
  const { db, sealer, now, log } = platform
  if (!(await platformsFor(db, by.sellerId)).some(({ id }) => id === via)) return fail('unreachable')
  const holder = await accountById(db, via)
  const opened = holder && (await openAccount(platform, holder))
  if (!holder || !opened) return fail('unreachable')
  const seller = await db
    .selectFrom('sellers')
    .select(['legalName', 'country'])
    .where('id', '=', by.sellerId)
    .executeTakeFirstOrThrow()
  try {
    const before = await accountOf(db, by.sellerId)
    let joined = before?.via === via ? before.account : null
    if (!joined) {
      const { legalName: name, country } = seller
      joined = await joinPlatform(platform, opened.key, { sellerId: by.sellerId, mail, name, country })
      const account = joined
      await db.transaction().execute(async (tx) => {
        const said = { sellerId: by.sellerId, account, isLive: holder.isLive, facts: NOTHING, at: now() }
        await useAccount(tx, sealer, { ...said, via, secrets: null })
        await audit(tx, changed(by, 'shop.payments', account))
      })
    }
    return ok(await onboardingLink(platform, opened.key, { account: joined, backTo }))
  } catch (error) {
    log.warn({ seller: by.sellerId, problem: problemOf(error) }, 'an account could not be opened')
    return fail('unreachable')
  }
}
