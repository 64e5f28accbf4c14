import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import type { FieldErrors } from '../../../ui/forms.tsx'
import type { Offer } from '../../exchange/index.ts'
import type { WebEnv } from '../../identity/index.ts'
import { phaseOf } from '../contests/contest.rules.ts'
import type { Contest } from '../contests/contest.views.ts'
import { studioPath } from '../paths.rules.ts'
import { words } from '../words.ts'
import { CloseForm, type CloseTyped } from './closing.tsx'
import { ContestFrame } from './frame.tsx'

type Props = {
  c: Context<WebEnv>
  contest: Contest
  now: Date
  people: number
  /** Nobody is first alone, and nobody was chosen. */
  isTied: boolean
  gifts: Offer[]
  nexts: Offer[]
  typed?: CloseTyped | undefined
  errors?: FieldErrors | undefined
  notice?: Child
}

/** Closing: thanks, what everybody receives, and what comes after, without which it is not closed. */
export const ClosePage = (props: Props) => {
  const { c, contest, now, people, notice } = props
  const { lang } = c.get('page')
  const t = words(lang)
  const phase = phaseOf(contest, now)
  return (
    <ContestFrame c={c} contest={contest} section="close" now={now} notice={notice}>
      {phase === 'draft' && <p>{t('close_draft')}</p>}
      {phase === 'closed' && (
        <section>
          <p>{t(contest.followUp === 'none' ? 'closed_none' : 'closed_words', { words: contest.followUpWords })}</p>
          <p>{t('told', { n: people })}</p>
        </section>
      )}
      {(phase === 'entries' || phase === 'votes') && people > 0 && (
        <p class="lead">
          {t('close_early', { at: contest.endsAt ? formats(lang).dateTime(contest.endsAt, contest.timeZone) : '' })}
        </p>
      )}
      {phase !== 'draft' && phase !== 'closed' && (phase === 'over' || people === 0) && (
        <CloseForm
          {...{ ...props, of: contest }}
          action={studioPath(contest.id, 'close')}
          lead={
            <>
              <p class="lead">{t('close_lead', { n: people })}</p>
              {props.isTied && (
                <p>
                  {t('close_tied')} <a href={studioPath(contest.id, 'result')}>{t('section_result')}</a>
                </p>
              )}
            </>
          }
        />
      )}
    </ContestFrame>
  )
}
