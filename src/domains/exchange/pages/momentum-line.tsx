import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import type { Burst } from '../momentum.views.ts'
import { words } from '../words.ts'

/** Something is happening: a day that the artist's own past does not explain, and how often chance alone would say so. */
export const MomentumLine = ({ burst, lang }: { burst: Burst; lang: Lang }): Child => {
  const t = words(lang)
  const { listens, usual } = burst
  const date = formats(lang).date(new Date(`${burst.day}T00:00:00Z`), 'UTC')
  return (
    <>
      <p>
        <strong>{t('burst', { date, listens, usual })}</strong>
      </p>
      <p class="hint">{t('burst_how')}</p>
    </>
  )
}
