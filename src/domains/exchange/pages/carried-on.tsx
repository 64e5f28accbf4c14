import type { Lang } from '../../../platform/i18n/index.ts'
import type { Spread } from '../brought.views.ts'
import { FEWEST_REACHED } from '../reproduction.rules.ts'
import { words } from '../words.ts'

/** Who was brought by others, and how far it went: numbers alone, nobody's name. */
export const CarriedOn = ({ lang, spread }: { lang: Lang; spread: Spread }) => {
  const t = words(lang)
  const { people, bringers, deepest, reached, each } = spread
  const short = new Intl.NumberFormat(lang, { maximumSignificantDigits: 2 })
  return (
    <section>
      <h2>{t('spread')}</h2>
      {people === 0 ? (
        <p class="quiet">{t('spread_none')}</p>
      ) : (
        <p>{t('spread_people', { people, bringers, deepest })}</p>
      )}
      {each ? (
        <>
          <p>
            {t(people === 0 ? 'spread_at_most' : 'spread_each', {
              mean: short.format(each.mean),
              low: short.format(each.low),
              high: short.format(each.high),
            })}
          </p>
          <p class="hint">{t('spread_grows')}</p>
        </>
      ) : (
        people > 0 && <p class="hint">{t('spread_few', { reached, least: FEWEST_REACHED })}</p>
      )}
    </section>
  )
}
