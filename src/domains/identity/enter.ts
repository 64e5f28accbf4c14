import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import {
  type Account,
  accountById,
  accountByMail,
  accountFor,
  adoptOrphans,
  makeHost,
  newAccount,
} from './accounts.store.ts'
import { audit } from './audit.ts'
import { acceptInvitation } from './invitations.store.ts'
import { hasOwner, type OpenLink, useLink, voidLinks } from './links.ts'
import { closeSessions, openSession } from './sessions.store.ts'

export type EnterInput = {
  token: string
  /** What the person said on the way in, where the link asks for it. */
  name: string
  email: string
  language: Lang
  device: string
  /** Whoever is signed in already in this browser, and wants to take an invitation as that. */
  as: string | null
}
export type Entered = { session: string | null; next: string }

/**
 * `dead`: used, expired or never there. `closed`: the account was shut out. `taken`: the new mail address is somebody else's. `sign-in`: the
 * invited address has an account, which its own ways in open, not an invitation that was forwarded.
 */
export type EnterError = 'dead' | 'closed' | 'taken' | 'sign-in'

/** Uses a link and does what it is for, in one transaction: whoever loses a race for it changes nothing. */
export async function enter(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  input: EnterInput,
): Promise<Result<Entered, EnterError>> {
  const refused = Symbol('refused')
  let outcome: Result<Entered, EnterError> = fail('dead')
  try {
    await db.transaction().execute(async (tx) => {
      const link = await useLink(tx, input.token, now())
      outcome = link ? await through(tx, link, input, now()) : fail('dead')
      // Nothing is used up by somebody who could not come in.
      if (!outcome.ok) throw refused
    })
  } catch (error) {
    if (error !== refused) throw error
  }
  return outcome
}

async function through(tx: Tx, link: OpenLink, input: EnterInput, now: Date): Promise<Result<Entered, EnterError>> {
  switch (link.purpose) {
    case 'set-up':
      return setUp(tx, input, now)
    case 'recovery':
      return recover(tx, link, input, now)
    case 'sign-in':
      return signIn(tx, link, input, now)
    case 'invitation':
      return join(tx, link, input, now)
    case 'mail-change':
      return changeMail(tx, link)
  }
}

async function setUp(tx: Tx, input: EnterInput, now: Date): Promise<Result<Entered, EnterError>> {
  if (await hasOwner(tx)) return fail('dead')
  const account = await accountFor(tx, input)
  await makeHost(tx, account.id, { name: input.name, language: input.language })
  await adoptOrphans(tx, account.id)
  await audit(tx, { accountId: account.id, action: 'site.set-up' })
  return ok({ session: await openSession(tx, account.id, input.device, now), next: '/studio/welcome' })
}

/**
 * Whoever runs commands on the machine may be taking the place back: sessions opened before end, links sent before are void. Passkeys stay,
 * since most are the owner's own: the account page, where they are looked through, comes first.
 */
async function recover(tx: Tx, link: OpenLink, input: EnterInput, now: Date): Promise<Result<Entered, EnterError>> {
  const account = await accountFor(tx, { ...input, email: link.email ?? '', name: '' })
  await makeHost(tx, account.id)
  await adoptOrphans(tx, account.id)
  await closeSessions(tx, account.id)
  await voidLinks(tx, account, now)
  await audit(tx, { accountId: account.id, action: 'site.recover' })
  const session = await openSession(tx, account.id, input.device, now)
  return ok({ session, next: '/studio/account?done=recovered' })
}

async function signIn(tx: Tx, link: OpenLink, input: EnterInput, now: Date): Promise<Result<Entered, EnterError>> {
  const account = await accountByMail(tx, link.email ?? '')
  if (!account) return fail('dead')
  if (account.disabledAt) return fail('closed')
  return ok({ session: await openSession(tx, account.id, input.device, now), next: link.next ?? '/studio' })
}

/** Somebody signed in takes the invitation with the account that they have; for an address without one, an account is made. */
async function join(tx: Tx, link: OpenLink, input: EnterInput, now: Date): Promise<Result<Entered, EnterError>> {
  const invitationId = link.invitationId ?? ''
  const known = input.as ? await accountById(tx, input.as) : null
  if (known) return accept(tx, known, invitationId, now)
  const made = await newAccount(tx, { ...input, email: link.email ?? '' })
  if (!made) return fail((await accountByMail(tx, link.email ?? ''))?.disabledAt ? 'closed' : 'sign-in')
  const joined = await accept(tx, made, invitationId, now)
  return joined.ok ? ok({ ...joined.value, session: await openSession(tx, made.id, input.device, now) }) : joined
}

/** Accepts an invitation for somebody who is signed in. The caller has made sure that it is theirs. */
export const joinAs = (
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { accountId, invitationId }: { accountId: string; invitationId: string },
): Promise<Result<Entered, EnterError>> =>
  db.transaction().execute(async (tx) => {
    const account = await accountById(tx, accountId)
    return account ? accept(tx, account, invitationId, now()) : fail('dead')
  })

async function accept(tx: Tx, account: Account, id: string, now: Date): Promise<Result<Entered, EnterError>> {
  if (account.disabledAt) return fail('closed')
  const joined = await acceptInvitation(tx, id, account, now)
  return joined ? ok({ session: null, next: `/studio?desk=${encodeURIComponent(joined.slug)}` }) : fail('dead')
}

async function changeMail(tx: Tx, link: OpenLink): Promise<Result<Entered, EnterError>> {
  const account = await accountById(tx, link.accountId ?? '')
  if (!account || !link.email) return fail('dead')
  if (account.disabledAt) return fail('closed')
  const holder = await accountByMail(tx, link.email)
  if (holder && holder.id !== account.id) return fail('taken')
  await tx.updateTable('accounts').set({ email: link.email }).where('id', '=', account.id).execute()
  await audit(tx, { accountId: account.id, action: 'account.mail' })
  return ok({ session: null, next: '/studio/account?done=mail_changed' })
}
