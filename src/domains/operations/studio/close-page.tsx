import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, type FieldErrors, Form, Radios, Select, TextArea } from '../../../ui/forms.tsx'
import type { Offer } from '../../exchange/index.ts'
import { can, type WebEnv } from '../../identity/index.ts'
import { phaseOf } from '../contest.rules.ts'
import type { Contest } from '../contest.views.ts'
import { studioPath } from '../paths.rules.ts'
import { words } from '../words.ts'
import { ContestFrame } from './frame.tsx'

export type CloseTyped = { thanks: string; gift: string; follow: string; followWords: string; followSubject: string }
export const NOTHING_CLOSED: CloseTyped = { thanks: '', gift: '', follow: '', followWords: '', followSubject: '' }

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
      {phase !== 'draft' && phase !== 'closed' && (phase === 'over' || people === 0) && <CloseForm {...props} />}
    </ContestFrame>
  )
}

const CloseForm = ({ c, contest, people, isTied, gifts, nexts, typed = NOTHING_CLOSED, errors }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  if (!can(c.get('actor'), 'journal.publish', { kind: 'artist', artistId: contest.artistId }))
    return <p>{t('close_may_not')}</p>
  const choices = (offers: Offer[]) => offers.map(({ subject, title }) => ({ value: subject, label: title }))
  return (
    <section>
      <p class="lead">{t('close_lead', { n: people })}</p>
      {isTied && (
        <p>
          {t('close_tied')} <a href={studioPath(contest.id, 'result')}>{t('section_result')}</a>
        </p>
      )}
      <Form page={page} action={studioPath(contest.id, 'close')} novalidate>
        <ErrorSummary errors={errors} lang={page.lang} />
        {people > 0 && (
          <>
            <TextArea
              name="thanks"
              label={t('field_thanks')}
              hint={t('thanks_hint')}
              value={typed.thanks}
              rows={4}
              maxlength={2000}
            />
            <Select
              name="gift"
              label={t('field_gift')}
              hint={t('gift_hint')}
              value={typed.gift}
              error={errors?.['gift']}
              options={[{ value: '', label: t('gift_none') }, ...choices(gifts)]}
            />
          </>
        )}
        <Radios
          name="follow"
          label={t('field_follow')}
          value={typed.follow || null}
          error={errors?.['follow']}
          options={[
            { value: 'next', label: t('follow_next') },
            { value: 'none', label: t('follow_none') },
          ]}
          required
        />
        <TextArea
          name="followWords"
          label={t('field_follow_words')}
          hint={t('follow_hint')}
          value={typed.followWords}
          error={errors?.['followWords']}
          rows={4}
          maxlength={2000}
          required
        />
        <Select
          name="followSubject"
          label={t('field_follow_subject')}
          value={typed.followSubject}
          error={errors?.['followSubject']}
          options={[{ value: '', label: t('follow_subject_none') }, ...choices(nexts)]}
        />
        <p class="actions">
          <Button>{t(people > 0 ? 'close_button' : 'close_alone')}</Button>
        </p>
      </Form>
    </section>
  )
}
