import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, Form } from '../../../ui/forms.tsx'
import type { WebEnv } from '../guard.ts'
import { StudioPage } from '../studio-page.tsx'
import type { Reason, reportList } from './report-abuse.ts'
import { words } from './words.ts'

type Report = Awaited<ReturnType<typeof reportList>>[number]
type Props = { c: Context<WebEnv>; reports: Report[]; notice?: Child }

/** What visitors complain of: the open ones first, the settled ones below. */
export const ReportsPage = ({ c, reports, notice }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <StudioPage c={c} title={t('reports')} foot="/studio/reports" notice={notice}>
      <h1>{t('reports')}</h1>
      {reports.length === 0 && (
        <Empty title={t('reports_none')}>
          <p>{t('reports_none_lead')}</p>
        </Empty>
      )}
      {reports.map((report) => (
        <ReportView c={c} report={report} />
      ))}
    </StudioPage>
  )
}

const ReportView = ({ c, report }: { c: Context<WebEnv>; report: Report }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const { id, url, reason, message, contact, at, handledAt } = report
  return (
    <section>
      <h2>{t(`reason_${reason as Reason}`)}</h2>
      <p>
        <a href={url} style="overflow-wrap:anywhere">
          {url}
        </a>
        <br />
        <small class="quiet">{date(at)}</small>
      </p>
      <p style="white-space:pre-wrap;overflow-wrap:anywhere;margin-block:0.75rem">{message}</p>
      <p class="quiet">
        {contact ? <a href={`mailto:${contact}`}>{t('report_contact', { contact })}</a> : t('report_anonymous')}
      </p>
      <Form page={page} action={`/studio/reports/${id}/${handledAt ? 'reopen' : 'settle'}`} class="actions">
        {handledAt && <span class="quiet">{t('report_settled', { date: date(handledAt) })}</span>}
        <Button kind={handledAt ? 'quiet' : 'plain'}>{t(handledAt ? 'report_reopen' : 'report_settle')}</Button>
      </Form>
    </section>
  )
}
