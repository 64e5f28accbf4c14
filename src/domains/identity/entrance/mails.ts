import { sql } from 'kysely'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { JobHandlers } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { accountById, accountByMail } from '../accounts.store.ts'
import { issueLink } from '../links.ts'
import { siteSettings } from '../site-settings.ts'
import { words } from './words.ts'

declare module '../../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** Asked for by anybody who can type an address: only the job looks whether it is known. */
    'identity.mail-sign-in': { email: string; next: string | null }
    'identity.mail-invitation': { invitationId: string }
    'identity.mail-change': { accountId: string; email: string }
  }
}

type Deps = Pick<Platform, 'db' | 'config' | 'now' | 'mailer'>

/** Links are made here, when their mail leaves: their secrets are never at rest, not even in a job. */
export const mailJobs = (deps: Deps) =>
  ({
    'identity.mail-sign-in': ({ email, next }) => mailSignIn(deps, email, next),
    'identity.mail-invitation': ({ invitationId }) => mailInvitation(deps, invitationId),
    'identity.mail-change': ({ accountId, email }) => mailChange(deps, accountId, email),
  }) satisfies Partial<JobHandlers>

async function mailSignIn(deps: Deps, email: string, next: string | null): Promise<void> {
  const account = await accountByMail(deps.db, email)
  if (!account || account.disabledAt) return
  const link = await issueLink(deps.db, deps, { purpose: 'sign-in', email: account.email, next })
  await send(deps, account.email, account.language, 'sign_in', { link })
}

async function mailInvitation(deps: Deps, id: string): Promise<void> {
  const invitation = await deps.db
    .selectFrom('invitations')
    .leftJoin('accounts', 'accounts.id', 'invitations.invitedBy')
    .leftJoin('artists', 'artists.id', 'invitations.artistId')
    .leftJoin('labels', 'labels.id', 'invitations.labelId')
    .select(['invitations.email', 'invitations.language', 'accounts.name as who'])
    .select(sql<string>`coalesce(artists.name, labels.name)`.as('name'))
    .where('invitations.id', '=', id)
    .where('acceptedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .executeTakeFirst()
  if (!invitation) return
  const { email, language, who, name } = invitation
  const link = await issueLink(deps.db, deps, { purpose: 'invitation', email, invitationId: id })
  await send(deps, email, language, 'invitation', { link, who: who || words(language)('somebody'), name })
}

/** The new address gets the link; the old one learns that it may lose its place. */
async function mailChange(deps: Deps, accountId: string, email: string): Promise<void> {
  const account = await accountById(deps.db, accountId)
  if (!account || account.disabledAt) return
  const link = await issueLink(deps.db, deps, { purpose: 'mail-change', email, accountId })
  await send(deps, email, account.language, 'change', { link })
  const studio = `${deps.config.baseUrl}/studio/account`
  await send(deps, account.email, account.language, 'gone', { link: studio, email })
}

type Kind = 'sign_in' | 'invitation' | 'change' | 'gone'

async function send(deps: Deps, to: string, lang: Lang, kind: Kind, values: Record<string, string>): Promise<void> {
  const t = words(lang)
  const all = { ...values, place: (await siteSettings(deps.db)).name }
  await deps.mailer.send({ to, subject: t(`mail_${kind}_subject`, all), text: t(`mail_${kind}`, all) })
}
