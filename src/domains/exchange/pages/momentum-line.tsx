import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import type { Burst } from '../momentum.views.ts'
import { words } from '../words.ts'

/** Something is happening: what, beside what would have been usual, and how often chance alone would say so. */
export function momentumWords({ day, listens, usual }: Burst, lang: Lang): { what: string; how: string } {
  const t = words(lang)
  const date = formats(lang).date(new Date(`${day}T00:00:00Z`), 'UTC')
  return { what: t('burst', { date, listens, usual }), how: t('burst_how') }
}

export const MomentumLine = ({ burst, lang }: { burst: Burst; lang: Lang }): Child => {
  const { what, how } = momentumWords(burst, lang)
  return (
    <>
      <p>
        <strong>{what}</strong>
      </p>
      <p class="hint">{how}</p>
    </>
  )
}
