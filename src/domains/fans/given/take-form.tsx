import { Button, Checkbox, ErrorSummary, Field, type FieldErrors, Form } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import type { GiveProblem } from './give.ts'
import { words } from './words.ts'

/** An artist asks for an address before giving a download: where the form goes, and whether it may be a telephone's. */
export type TakeAsked = { action: string; name: string; texts: boolean }

type TakeFormProps = TakeAsked & {
  page: Pick<Page, 'lang' | 'csrf'>
  values?: { to: string; yes: boolean } | undefined
  problem?: GiveProblem | undefined
}

/** The sentence beside the box, which the log of consent keeps. */
export const takeConsent = (lang: Page['lang'], name: string): string => words(lang)('consent', { name })

/** One field, one box that nobody has to tick, one button. */
export const TakeForm = ({ page, action, name, texts, values, problem }: TakeFormProps) => {
  const t = words(page.lang)
  const wrong = problem === 'wrong' ? t(texts ? 'wrong' : 'wrong_mail') : undefined
  const errors: FieldErrors | undefined =
    problem && (wrong ? { to: wrong } : { '': t(problem === 'trapped' ? 'trapped' : 'too_many') })
  return (
    <Form page={page} action={`${action}?lang=${page.lang}`} class="join" novalidate>
      <ErrorSummary errors={errors} lang={page.lang} />
      <p style="margin-bottom:var(--s4)">{t('lead', { name })}</p>
      <Field
        name="to"
        label={t(texts ? 'field' : 'field_mail')}
        type={texts ? 'text' : 'email'}
        inputmode="email"
        value={values?.to}
        error={wrong}
        autocomplete="email"
        autocapitalize="off"
        maxlength={254}
        required
      />
      <Checkbox name="yes" label={t('consent', { name })} hint={t('consent_hint')} checked={values?.yes} />
      <p class="trap" aria-hidden="true">
        <label>
          {t('trap')} <input type="text" name="fx" tabindex={-1} autocomplete="off" value="" />
        </label>
      </p>
      <p class="aside">{t('keeping')}</p>
      <Button>{t('send')}</Button>
    </Form>
  )
}
