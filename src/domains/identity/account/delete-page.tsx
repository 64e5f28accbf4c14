import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form } from '../../../ui/forms.tsx'
import { Threshold } from '../entrance/threshold.tsx'
import { actorOf, type WebEnv } from '../guard.ts'
import { removePath } from '../removal/pages.tsx'
import { words as removalWords } from '../removal/words.ts'
import { StudioPage } from '../studio-page.tsx'
import type { DeleteError } from './account.ts'
import { words } from './words.ts'

type Props = { c: Context<WebEnv>; reason: DeleteError | null; email?: string; errors?: FieldErrors }

/** The one thing here that cannot be undone, so it asks. */
export const DeletePage = ({ c, reason, email, errors }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <StudioPage c={c} title={t('delete_title')}>
      <h1>{t('delete_title')}</h1>
      <ErrorSummary errors={errors} lang={page.lang} />
      <p class="lead">{t('delete_lead')}</p>
      {reason ? (
        <>
          <p class="lead">
            {reason.kind === 'host'
              ? t('delete_host')
              : t('delete_sole', { names: formats(page.lang).list(reason.charges.map(({ name }) => name)) })}
          </p>
          {reason.kind === 'sole' && (
            <ul>
              {reason.charges.map((charge) => (
                <li>
                  <a href={removePath(charge)}>{removalWords(page.lang)('remove_title', { name: charge.name })}</a>
                </li>
              ))}
            </ul>
          )}
        </>
      ) : (
        <Form page={page} action="/studio/account/delete" novalidate>
          <Field
            name="email"
            label={t('delete_confirm', { email: actorOf(c).email })}
            type="email"
            value={email}
            error={errors?.['email']}
            autocomplete="off"
            required
          />
          <p class="actions">
            <Button kind="danger">{t('delete_send')}</Button>
            <Button kind="plain" href="/studio/account">
              {t('delete_back')}
            </Button>
          </p>
        </Form>
      )}
    </StudioPage>
  )
}

export const DeletedPage = ({ c }: { c: Context<WebEnv> }) => {
  const t = words(c.get('page').lang)
  return (
    <Threshold c={c} title={t('deleted_title')}>
      <p class="lead">{t('deleted_lead')}</p>
    </Threshold>
  )
}
