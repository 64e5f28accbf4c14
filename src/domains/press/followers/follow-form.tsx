import type { Lang } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import { words } from '../words.ts'

/** The sentence under which somebody asks. */
export const followWords = (lang: Lang, name: string): string => words(lang)('follow_consent', { name })

type Props = {
  page: Page
  /** Where the page stands: it takes the form as well. */
  here: string
  name: string
  mail: string
  errors: FieldErrors | undefined
}

/** An address for a professional who wants to be told when something happens. */
export const FollowPress = ({ page, here, name, mail, errors }: Props) => {
  const t = words(page.lang)
  return (
    <section class="band" id="follow">
      <h2>{t('follow')}</h2>
      <p class="prose">{t('follow_lead', { name })}</p>
      <Form page={page} action={`${here}?lang=${page.lang}#follow`} class="join" novalidate>
        <ErrorSummary errors={errors} lang={page.lang} />
        <Field
          name="mail"
          label={t('follow_mail')}
          type="email"
          value={mail}
          error={errors?.['mail']}
          autocomplete="email"
          maxlength={254}
        />
        <p class="trap" aria-hidden="true">
          <label>
            {t('follow_trap')} <input type="text" name="fx" tabindex={-1} autocomplete="off" value="" />
          </label>
        </p>
        <p class="aside">{followWords(page.lang, name)}</p>
        <Button>{t('follow_send')}</Button>
      </Form>
    </section>
  )
}
