import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { FailedJob } from '../../../platform/jobs/index.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, Form } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import type { WebEnv } from '../guard.ts'
import { StudioPage } from '../studio-page.tsx'
import { clockAt } from '../zones.ts'
import { words } from './words.ts'

type Props = { c: Context<WebEnv>; jobs: FailedJob[]; notice?: Child }

/** What the machine could not do, after all its attempts, and why. */
export const JobsPage = ({ c, jobs, notice }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const dateTime = clockAt(c, null)
  return (
    <StudioPage c={c} title={t('jobs')} foot="/studio/jobs" notice={notice} wide>
      <h1>{t('jobs')}</h1>
      {jobs.length === 0 ? (
        <Empty title={t('jobs_none')}>
          <p>{t('jobs_none_lead')}</p>
        </Empty>
      ) : (
        <>
          <Table
            lang={page.lang}
            caption={t('jobs')}
            captionHidden
            rows={jobs}
            columns={[
              { label: t('job'), cell: ({ name }) => name },
              { label: t('job_at'), cell: ({ at }) => dateTime(at) },
              { label: t('job_attempts'), cell: ({ attempts }) => attempts, numeric: true },
              { label: t('job_error'), cell: (job) => <Reason job={job} more={t('job_details')} /> },
              {
                label: t('job_do'),
                cell: ({ id, name }) => (
                  <Form page={page} action={`/studio/jobs/${id}/retry`}>
                    <Button kind="quiet" aria-label={`${t('job_retry')}, ${name}`}>
                      {t('job_retry')}
                    </Button>
                    <Button
                      kind="quiet"
                      formaction={`/studio/jobs/${id}/give-up`}
                      aria-label={`${t('job_give_up')}, ${name}`}
                    >
                      {t('job_give_up')}
                    </Button>
                  </Form>
                ),
              },
            ]}
          />
          <Form page={page} action="/studio/jobs/retry-all">
            <Button kind="plain">{t('job_retry_all')}</Button>
          </Form>
        </>
      )}
    </StudioPage>
  )
}

/** The first line says what happened; the rest, and what the job was about, is for whoever looks closer. */
const Reason = ({ job, more }: { job: FailedJob; more: string }) => (
  <>
    {(job.error ?? '').split('\n')[0]}
    <details>
      <summary>{more}</summary>
      <pre style="white-space:pre-wrap;overflow-wrap:anywhere">{`${JSON.stringify(job.payload, null, 2)}\n\n${job.error ?? ''}`}</pre>
    </details>
  </>
)
