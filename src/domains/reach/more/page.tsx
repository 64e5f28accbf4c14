import type { Context } from 'hono'
import { csvLine } from '../../../platform/csv.ts'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { Table } from '../../../ui/table.tsx'
import { MORE, type Slope } from '../../exchange/index.ts'
import { type Sender, StudioPage, type WebEnv, zoneName } from '../../identity/index.ts'
import { amount, interval } from '../waves/brought.tsx'
import { announceWords, moreWords } from '../words.ts'
import type { Lot, More } from './more.views.ts'

type Props = { c: Context<WebEnv>; sender: Sender; zone: string; more: More }

/** Give more, get more? What chance decided stands apart from what was only observed. */
export const MorePage = ({ c, sender, zone, more }: Props) => {
  const { lang } = c.get('page')
  const t = moreWords(lang)
  return (
    <StudioPage c={c} title={t('title')} current="returns" {...sender}>
      <p class="quiet">
        <a href="/studio/returns">{t('back')}</a>
      </p>
      <h1>{t('title')}</h1>
      <p class="lead">{t('lead')}</p>
      <section>
        <h2>{t('lots')}</h2>
        {more.lots.length ? (
          <>
            <p>{t('lots_words')}</p>
            <Lots lang={lang} lots={more.lots} />
          </>
        ) : (
          <p>{t('lots_none', { waved: more.waved })}</p>
        )}
      </section>
      <section>
        <h2>{t('observed')}</h2>
        <p>
          {more.slope ? slopeSays(lang, more.slope) : t('slope_none', { people: more.people, months: more.months })}
        </p>
        {more.months > 0 && <ByGiftsTable lang={lang} more={more} />}
        <p>{t('observed_warns')}</p>
        {more.months > 0 && (
          <p>
            <a href={`${MORE}.csv`}>{t('csv')}</a>
          </p>
        )}
      </section>
      <section>
        <details>
          <summary>{t('how')}</summary>
          <p class="lead">{t('how_words', { zone: zoneName(zone) })}</p>
        </details>
      </section>
    </StudioPage>
  )
}

/** What the same person did in a month with one gift more. */
function slopeSays(lang: Lang, { effect, low, high, people, months }: Slope): string {
  const t = moreWords(lang)
  const told = {
    people,
    months,
    ...interval(lang, { currency: null }, low < 0 && high <= 0 ? { low: -high, high: -low } : { low, high }),
  }
  if (low > 0) return t('slope_more', told)
  return high < 0
    ? t('slope_less', told)
    : t('slope_untold', { ...told, effect: amount(lang, { currency: null }, effect) })
}

const Lots = ({ lang, lots }: { lang: Lang; lots: Lot[] }) => {
  const t = moreWords(lang)
  const { number } = formats(lang)
  return (
    <Table
      lang={lang}
      caption={t('lots')}
      captionHidden
      rows={lots}
      columns={[
        { label: t('what'), cell: ({ outcome }) => announceWords(lang)(`brought_name_${outcome}`) },
        { label: t('effect'), numeric: true, cell: (lot) => amount(lang, lot, lot.effect) },
        { label: t('between'), numeric: true, cell: (lot) => t('from_to', interval(lang, lot, lot)) },
        { label: t('base'), numeric: true, cell: (lot) => amount(lang, lot, lot.base) },
        { label: t('announcements'), numeric: true, cell: ({ gifts }) => number(gifts) },
        { label: t('people'), numeric: true, cell: ({ people }) => number(people) },
      ]}
    />
  )
}

const ByGiftsTable = ({ lang, more: { groups } }: { lang: Lang; more: More }) => {
  const t = moreWords(lang)
  const { number } = formats(lang)
  const plain = { currency: null }
  return (
    <Table
      lang={lang}
      caption={t('by_gifts')}
      rows={groups.filter(({ months }) => months > 0)}
      columns={[
        {
          label: t('gifts'),
          cell: ({ gifts }) => t('of_gifts', { gifts, more: gifts === groups.length - 1 ? 'yes' : 'no' }),
        },
        {
          label: t('returns'),
          numeric: true,
          cell: ({ mean }) => (mean ? amount(lang, plain, mean.value) : t('too_few')),
        },
        {
          label: t('between'),
          numeric: true,
          cell: ({ mean }) => (mean ? t('from_to', interval(lang, plain, mean)) : ''),
        },
        { label: t('people'), numeric: true, cell: ({ people }) => number(people) },
        { label: t('months'), numeric: true, cell: ({ months }) => number(months) },
      ]}
    />
  )
}

/** The observed months, exact: the mean and its interval empty where they are too few. */
export const moreCsv = ({ groups }: More): string =>
  [
    ['gifts_in_the_month', 'months', 'people', 'returns_mean', 'returns_low', 'returns_high'],
    ...groups.map(({ gifts, months, people, mean }) => [
      ...[gifts, months, people].map(String),
      ...[mean?.value, mean?.low, mean?.high].map((value) => value?.toFixed(6) ?? ''),
    ]),
  ]
    .map(csvLine)
    .join('')
