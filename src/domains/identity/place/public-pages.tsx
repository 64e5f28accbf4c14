import type { Context } from 'hono'
import { Button, ErrorSummary, Field, type FieldErrors, Form, Radios, TextArea } from '../../../ui/forms.tsx'
import type { WebEnv } from '../guard.ts'
import type { Block } from './legal-text.ts'
import { REASONS } from './report-abuse.ts'
import { words } from './words.ts'

export const LegalText = ({ blocks }: { blocks: Block[] }) => (
  <div class="prose">
    {blocks.map(({ kind, text }) => (kind === 'heading' ? <h2>{text}</h2> : <p>{withLinks(text)}</p>))}
  </div>
)

/** Whole addresses in a text become links, split so that no mark after them is taken along. */
const withLinks = (text: string) =>
  text.split(/(https?:\/\/[^\s]*[^\s.,;:!?)»”])/u).map((part, index) => (index % 2 ? <a href={part}>{part}</a> : part))

type ReportProps = { c: Context<WebEnv>; values: Record<string, string>; errors?: FieldErrors }

export const ReportForm = ({ c, values, errors }: ReportProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <div style="max-width:36rem">
      {/* The site's own sheet has no forms of this kind. */}
      <link rel="stylesheet" href={page.assets('studio.css')} />
      <ErrorSummary errors={errors} lang={page.lang} />
      <p class="lead">{t('report_lead')}</p>
      <Form page={page} action="/report" novalidate>
        <Field name="url" label={t('report_url')} type="url" value={values['url']} error={errors?.['url']} required />
        <Radios
          name="reason"
          label={t('report_reason')}
          value={values['reason']}
          error={errors?.['reason']}
          options={REASONS.map((reason) => ({ value: reason, label: t(`reason_${reason}`) }))}
        />
        <TextArea
          name="message"
          label={t('report_message')}
          hint={t('report_message_hint')}
          value={values['message']}
          error={errors?.['message']}
          required
        />
        <Field
          name="contact"
          label={t('report_mail')}
          note={t('optional')}
          hint={t('report_mail_hint')}
          type="email"
          value={values['contact']}
          error={errors?.['contact']}
          autocomplete="email"
        />
        <Button>{t('report_send')}</Button>
      </Form>
    </div>
  )
}

export const Reported = ({ c }: { c: Context<WebEnv> }) => (
  <div class="prose">
    <p role="status">{words(c.get('page').lang)('reported_lead')}</p>
  </div>
)
