import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { Button, ErrorSummary, Field, type FieldErrors, Form } from '../../../ui/forms.tsx'
import type { WebEnv } from '../../identity/index.ts'
import type { Contest, Juror } from '../contests/contest.views.ts'
import { studioPath } from '../paths.rules.ts'
import { words } from '../words.ts'
import { ContestFrame } from './frame.tsx'

type Props = {
  c: Context<WebEnv>
  contest: Contest
  now: Date
  jurors: (Juror & { link: string })[]
  errors?: FieldErrors | undefined
  notice?: Child
}

/** Who scores, each with the link that is theirs. */
export const JuryPage = ({ c, contest, now, jurors, errors, notice }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const isClosed = contest.state === 'closed'
  return (
    <ContestFrame c={c} contest={contest} section="jury" now={now} notice={notice}>
      <section>
        <p class="lead">{t('jury_lead')}</p>
        {contest.juryWeight === 0 && <p>{t('jury_off')}</p>}
        {jurors.map(({ id, name, link, scored }) => (
          <section>
            <h2>{name}</h2>
            <p class="quiet">{t('juror_scored', { n: scored })}</p>
            {!isClosed && (
              <>
                <Field name="link" id={`f-link-${id}`} label={t('juror_link', { name })} value={link} readonly />
                <Form page={page} action={studioPath(contest.id, `jury/${id}/remove`)}>
                  <Button kind="quiet" aria-label={t('juror_remove_label', { name })}>
                    {t('juror_remove')}
                  </Button>
                </Form>
              </>
            )}
          </section>
        ))}
      </section>
      {!isClosed && (
        <section>
          <Form page={page} action={studioPath(contest.id, 'jury')} novalidate>
            <ErrorSummary errors={errors} lang={page.lang} />
            <Field
              name="name"
              label={t('field_juror')}
              error={errors?.['name']}
              maxlength={100}
              autocomplete="off"
              required
            />
            <p class="actions">
              <Button>{t('invite')}</Button>
            </p>
          </Form>
        </section>
      )}
    </ContestFrame>
  )
}
