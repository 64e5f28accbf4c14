import type { Context } from 'hono'
import { Button, ErrorSummary, Form } from '../../../ui/forms.tsx'
import type { WebEnv } from '../../identity/index.ts'
import { sequencePath } from '../paths.rules.ts'
import { MOST_STEPS, type PlanProblem } from '../plan.rules.ts'
import type { Sequence, Version } from '../sequence.store.ts'
import type { Short } from '../short-codes.views.ts'
import { words } from '../words.ts'
import { SequenceFrame } from './frame.tsx'
import { ShortLines } from './short-lines.tsx'
import { stepText, type Titles, whenText } from './step-text.ts'

export type Shown = {
  c: Context<WebEnv>
  sequence: Sequence
  last: Version
  walking: number
  notice?: string | undefined
}

const ADD = ['wait', 'condition', 'give', 'stop'] as const

/** What is laid down: who comes in, and the steps one after the other. */
export const LaidPage = ({
  c,
  sequence,
  last,
  walking,
  notice,
  titles,
  short,
  problems: all,
  passedOver,
  problem,
}: Shown & {
  titles: Titles
  short: Short[]
  problems: PlanProblem[]
  passedOver: number[]
  problem?: string | undefined
}) => {
  const page = c.get('page')
  const { lang } = page
  const t = words(lang)
  const { plan } = last
  const problems = plan.steps.length ? all : []
  const [moved, by] = [c.req.query('moved'), c.req.query('by')]
  return (
    <SequenceFrame c={c} sequence={sequence} walking={walking} section="" notice={notice}>
      <ErrorSummary errors={problem ? { '': problem } : {}} lang={lang} />
      <ShortLines short={short} lang={lang} />
      {last.fixedAt && <p class="lead">{t('version_fixed')}</p>}
      {!last.fixedAt && sequence.version !== null && <p class="lead">{t('version_new', { n: sequence.version })}</p>}
      {passedOver.map((step) => (
        <p>{t('version_passes', { n: sequence.version ?? 0, step: step + 1 })}</p>
      ))}
      <section>
        <h2>{t('comes_in')}</h2>
        <p>{whenText(plan, titles, lang, sequence.sender)}</p>
        <p class="actions">
          <a href={sequencePath(sequence.id, 'when')} aria-label={t('change_when')}>
            {t('change')}
          </a>
        </p>
      </section>
      <section>
        <h2>{t('steps')}</h2>
        {plan.steps.length === 0 ? (
          <p class="quiet">{t('steps_none')}</p>
        ) : (
          <ol class="lines moved">
            {plan.steps.map((step, at) => {
              const { text, more } = stepText(step, titles, lang)
              const isEdge = { up: at === 0, down: at === plan.steps.length - 1 }
              const here = moved === step.id
              // At the edge the button that was pressed is gone: the other one takes the focus.
              const focus = here && (by === 'up' ? (isEdge.up ? 'down' : 'up') : isEdge.down ? 'up' : 'down')
              return (
                <li id={`step-${step.id}`} data-step={step.kind}>
                  <span class="quiet">{at + 1}</span>
                  <span>
                    {step.kind === 'stop' ? (
                      <b>{text}</b>
                    ) : (
                      <b>
                        <a href={sequencePath(sequence.id, `steps/${step.id}`)}>{text}</a>
                      </b>
                    )}
                    {more && <small>{more}</small>}
                  </span>
                  <Form page={page} action={sequencePath(sequence.id, 'order')} style="display:flex;margin:0">
                    {(['up', 'down'] as const).map((how) => (
                      <Button
                        kind="quiet"
                        name="move"
                        value={`${step.id}:${how}`}
                        aria-label={t(`move_${how}`, { step: text })}
                        disabled={isEdge[how]}
                        autofocus={focus === how}
                      >
                        {how === 'up' ? '↑' : '↓'}
                      </Button>
                    ))}
                    <Button
                      kind="quiet"
                      name="move"
                      value={`${step.id}:out`}
                      aria-label={t('take_out_named', { step: text })}
                    >
                      {t('take_out')}
                    </Button>
                  </Form>
                </li>
              )
            })}
          </ol>
        )}
        {plan.steps.length < MOST_STEPS && (
          <Form page={page} action={sequencePath(sequence.id, 'add')}>
            <fieldset class="field">
              <legend>{t('add')}</legend>
              <p class="actions">
                {ADD.map((kind) => (
                  <Button kind="plain" name="kind" value={kind}>
                    {t(`add_${kind}`)}
                  </Button>
                ))}
              </p>
            </fieldset>
          </Form>
        )}
      </section>
      {problems.length > 0 ? (
        <ul>
          {problems.map((one) => (
            <li>{problemText(one, lang)}</li>
          ))}
        </ul>
      ) : (
        plan.steps.length > 0 && (
          <p class="actions">
            <Button href={sequencePath(sequence.id, 'try')}>{t('next_try')}</Button>
          </p>
        )
      )}
      {!last.fixedAt && (
        <Form page={page} action={sequencePath(sequence.id, sequence.version === null ? 'remove' : 'drop')}>
          <Button kind="quiet">{t(sequence.version === null ? 'remove' : 'drop_change')}</Button>
        </Form>
      )}
    </SequenceFrame>
  )
}

function problemText(problem: PlanProblem, lang: Parameters<typeof words>[0]): string {
  const t = words(lang)
  switch (problem.is) {
    case 'nothing-given':
      return t('problem_nothing')
    case 'unwritten':
      return t('problem_unwritten', { n: problem.step + 1 })
    case 'no-channel':
      return t('problem_channel', { n: problem.step + 1 })
    case 'not-lent':
      return t('problem_lent', { n: problem.step + 1 })
    case 'no-place':
      return t('problem_place', { n: problem.step + 1 })
  }
}
