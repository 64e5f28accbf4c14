import { formats, type Lang } from '../../platform/i18n/index.ts'
import type { Facts, Of, ProofKind } from './proofs.rules.ts'
import { words } from './words.ts'

/** What a figure is called. */
export const proofName = (of: Of, kind: ProofKind, lang: Lang): string =>
  words(lang)(of === 'artist' ? `proof_${kind}` : `proof_release_${kind}`)

/** How a figure was counted. */
export const proofDefinition = (of: Of, kind: ProofKind, lang: Lang): string =>
  words(lang)(of === 'artist' ? `define_${kind}` : `define_release_${kind}`)

type ProofProps = { of: Of; kind: ProofKind; facts: Facts; lang: Lang }

/** One figure, with what it says and what it means. */
export const ProofView = (props: ProofProps) => (
  <>
    <Told {...props} />
    <p class="aside">{proofDefinition(props.of, props.kind, props.lang)}</p>
  </>
)

const Told = ({ of, kind, facts, lang }: ProofProps) => {
  const t = words(lang)
  const { number, percent, date } = figures(lang)
  if ('towns' in facts)
    return facts.towns.length ? (
      <Counts
        caption={proofName(of, kind, lang)}
        head={[t('town'), t('people')]}
        rows={facts.towns.map(({ place, people }) => [place, number(people)])}
      />
    ) : (
      <p class="prose">{t('towns_none')}</p>
    )
  if ('months' in facts) {
    // Months before anybody was there say nothing.
    const first = facts.months.findIndex(({ people }) => people > 0)
    const months = first < 0 ? facts.months.slice(-1) : facts.months.slice(first)
    return (
      <Counts
        caption={proofName(of, kind, lang)}
        head={[t('day'), t('people')]}
        rows={months.map(({ on, people }) => [date(on), number(people)])}
      />
    )
  }
  const period = { from: date(facts.from), to: date(facts.to) }
  if ('tooFew' in facts) return <p class="prose">{t('too_few', period)}</p>
  return (
    <p class="prose">
      <strong>{t(kind === 'response' ? 'told_response' : 'told_retention', { n: facts.n, of: facts.of })}</strong>{' '}
      {t('interval', { share: percent(facts.n / facts.of), low: percent(facts.low), high: percent(facts.high) })}{' '}
      {t('period', period)}
    </p>
  )
}

type CountsProps = { caption: string; head: [string, string]; rows: [string, string][] }

/** Two columns, on a public page and in the studio alike. */
const Counts = ({ caption, head, rows }: CountsProps) => (
  <table style="border-spacing:0;overflow-wrap:anywhere">
    <caption class="hidden">{caption}</caption>
    <thead>
      <tr>
        <th scope="col" style="text-align:left;padding:.2rem min(2rem,4vw) .2rem 0">
          {head[0]}
        </th>
        <th scope="col" style="text-align:right">
          {head[1]}
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map(([name, count]) => (
        <tr>
          <th scope="row" style="text-align:left;font-weight:400;padding:.2rem min(2rem,4vw) .2rem 0">
            {name}
          </th>
          <td style="text-align:right;font-variant-numeric:tabular-nums">{count}</td>
        </tr>
      ))}
    </tbody>
  </table>
)

const figures = (lang: Lang) => {
  const percent = new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 0 })
  const number = new Intl.NumberFormat(lang)
  return {
    number: (n: number) => number.format(n),
    percent: (share: number) => percent.format(share),
    date: (day: string) => formats(lang).date(new Date(`${day}T00:00:00Z`), 'UTC'),
  }
}
