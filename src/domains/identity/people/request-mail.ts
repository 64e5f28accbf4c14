import { formats } from '../../../platform/i18n/index.ts'
import type { JobHandlers } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { siteSettings } from '../site-settings.ts'
import { pathOf } from './paths.ts'
import { words } from './words.ts'

declare module '../../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    'identity.mail-mandate-request': { requestId: string }
  }
}

type Deps = Pick<Platform, 'db' | 'config' | 'mailer'>

export const requestMailJobs = (deps: Deps) =>
  ({
    'identity.mail-mandate-request': ({ requestId }) => mailRequest(deps, requestId),
  }) satisfies Partial<JobHandlers>

/** Tells those who answer for an artist what a label asks, each in their language. */
async function mailRequest({ db, config, mailer }: Deps, requestId: string): Promise<void> {
  const asked = await db
    .selectFrom('mandateRequests')
    .innerJoin('artists', 'artists.id', 'mandateRequests.artistId')
    .innerJoin('labels', 'labels.id', 'mandateRequests.labelId')
    .select(['artistId', 'artists.name as artist', 'labels.name as label', 'permissions', 'lastDay', 'message'])
    .where('mandateRequests.id', '=', requestId)
    .where('settledAt', 'is', null)
    .executeTakeFirst()
  if (!asked) return
  const people = await db
    .selectFrom('memberships')
    .innerJoin('accounts', 'accounts.id', 'memberships.accountId')
    .select(['email', 'accounts.language'])
    .where('artistId', '=', asked.artistId)
    .where('role', '=', 'artist')
    .where('disabledAt', 'is', null)
    .execute()
  const place = (await siteSettings(db)).name
  const link = `${config.baseUrl}${pathOf({ kind: 'artist', id: asked.artistId })}#mandates`
  for (const { email, language } of people) {
    const t = words(language)
    const all = {
      ...{ artist: asked.artist, label: asked.label, place, link },
      what: asked.permissions.map((one) => `- ${t(`may_${one}`)}`).join('\n'),
      until: asked.lastDay
        ? t('mandate_until', { date: formats(language).date(new Date(asked.lastDay)) })
        : t('mandate_open'),
      message: asked.message ? `\n${t('mandate_says', { name: asked.label, message: asked.message })}\n` : '',
    }
    await mailer.send({ to: email, subject: t('mail_request_subject', all), text: t('mail_request', all) })
  }
}
