import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { formatMoney } from '../../../platform/money.ts'
import { Table } from '../../../ui/table.tsx'
import { announceWords } from '../words.ts'
import { BY_BROWSER, type Figure } from './figure.types.ts'
import type { Foreseen } from './foresee.ts'
import type { Reading } from './waves.views.ts'

/** What being told earlier brought, in a sentence each and in a table; that nothing can be told yet, where that is so. */
export const Brought = ({
  lang,
  reading,
  endsAt,
  zone,
}: {
  lang: Lang
  reading: Reading | null
  endsAt: Date
  zone: string
}) => {
  const t = announceWords(lang)
  const { dateTime } = formats(lang)
  return (
    <section>
      <h2>{t('brought')}</h2>
      {reading ? (
        <>
          <p class="lead">
            {reading.isFinal
              ? t('brought_final')
              : t('brought_running', { date: dateTime(endsAt, zone), until: dateTime(reading.at, zone) })}
          </p>
          <ul class="facts plain">
            {reading.figures.map((figure) => (
              <li>{sentenceOf(lang, figure)}</li>
            ))}
          </ul>
          <Table
            lang={lang}
            caption={t('brought')}
            captionHidden
            rows={reading.figures.filter((figure) => !('tooFew' in figure))}
            columns={[
              { label: t('brought_what'), cell: ({ outcome }) => t(`brought_name_${outcome}`) },
              {
                label: t('brought_base'),
                numeric: true,
                cell: (figure) => ('tooFew' in figure ? '' : amount(lang, figure, figure.base)),
              },
              {
                label: t('brought_effect'),
                numeric: true,
                cell: (figure) => ('tooFew' in figure ? '' : amount(lang, figure, figure.effect)),
              },
              {
                label: t('brought_interval'),
                numeric: true,
                cell: (figure) => ('tooFew' in figure ? '' : t('brought_from_to', interval(lang, figure, figure))),
              },
              {
                label: t('brought_people'),
                numeric: true,
                cell: ({ told, waiting }) => t('brought_sides', { told, waiting }),
              },
            ]}
          />
        </>
      ) : (
        <p class="lead">{t('brought_soon', { date: dateTime(endsAt, zone) })}</p>
      )}
      <p>{t('brought_limits')}</p>
    </section>
  )
}

/** Before anything leaves: from what difference on it would be seen, a sentence for each thing that fans do. */
export const CouldShow = ({ lang, foreseen, days }: { lang: Lang; foreseen: Foreseen[]; days: number }) => {
  const t = announceWords(lang)
  return (
    <div id="foreseen" class="foreseen" role="status">
      <p class="lead">{t('foreseen', { days })}</p>
      <ul class="facts plain">
        {foreseen.map((figure) => (
          <li>{couldShow(lang, figure)}</li>
        ))}
      </ul>
    </div>
  )
}

function couldShow(lang: Lang, figure: Foreseen): string {
  if ('tooFew' in figure || figure.least === null) return sentenceOf(lang, figure)
  return announceWords(lang)('foreseen_least', {
    what: announceWords(lang)(`brought_name_${figure.outcome}`),
    least: amount(lang, figure, figure.least),
    base: amount(lang, figure, figure.base),
    whom: BY_BROWSER.includes(figure.outcome) ? 'known' : 'all',
  })
}

/** Half of what is shown of it may be chance: two figures that count are enough. */
export function amount(lang: Lang, { currency }: { currency: string | null }, value: number): string {
  const { number } = formats(lang)
  if (currency) return formatMoney({ amount: Math.round(value), currency }, lang)
  const digits = value === 0 ? 2 : Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value)))))
  return number(value, digits)
}

/** From what to what, in words of the same kind. */
export const interval = (
  lang: Lang,
  of: { currency: string | null },
  { low, high }: { low: number; high: number },
) => ({
  low: amount(lang, of, low),
  high: amount(lang, of, high),
})

function sentenceOf(lang: Lang, figure: Figure): string {
  const t = announceWords(lang)
  const what = t(`brought_name_${figure.outcome}`)
  const whom = BY_BROWSER.includes(figure.outcome) ? 'known' : 'all'
  if ('tooFew' in figure) return t('brought_too_few', { what, why: figure.tooFew, whom })
  const told = { what, whom, ...interval(lang, figure, figure) }
  if (figure.low > 0) return t('brought_more', told)
  if (figure.high < 0)
    return t('brought_less', {
      what,
      low: amount(lang, figure, -figure.high),
      high: amount(lang, figure, -figure.low),
      whom,
    })
  return t('brought_untold', told)
}
