import type { Lang } from '../../platform/i18n/index.ts'
import { formats } from '../../platform/i18n/index.ts'
import { Checkbox } from '../../ui/forms.tsx'
import { ProofView, proofName } from './proof-view.tsx'
import type { Facts, Of, ProofKind } from './proofs.rules.ts'
import type { Proof } from './proofs.views.ts'
import { words } from './words.ts'

type Props = {
  of: Of
  /** What was agreed to, as it stands on the page. */
  shown: Proof[]
  /** Each figure as it would be today. */
  figures: { kind: ProofKind; facts: Facts }[]
  zone: string
  lang: Lang
}

/** Asks of each figure whether it may be shown, with what it would say. */
export const FiguresAsked = ({ of, shown, figures, zone, lang }: Props) => {
  const t = words(lang)
  return (
    <section class="figures-asked">
      <h2>{t('proofs')}</h2>
      <p class="lead">{t('agree_lead')}</p>
      {figures.map(({ kind, facts }) => {
        const before = shown.find((one) => one.kind === kind)
        const name = proofName(of, kind, lang)
        return (
          <div>
            <Checkbox
              name={`proof_${kind}`}
              label={name}
              hint={before ? t('shown_since', { date: formats(lang).date(before.madeAt, zone) }) : undefined}
              checked={before !== undefined}
            />
            <details>
              <summary>
                {t('would_say')}
                <span class="hidden">{t('would_say_of', { what: name })}</span>
              </summary>
              <ProofView of={of} kind={kind} facts={facts} lang={lang} />
            </details>
          </div>
        )
      })}
    </section>
  )
}
