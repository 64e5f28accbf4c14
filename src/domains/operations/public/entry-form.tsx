import type { Lang } from '../../../platform/i18n/index.ts'
import { Button, Checkbox, ErrorSummary, Field, type FieldErrors, Form, TextArea } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import { MOST_ABOUT, MOST_WORDS, needsPicture } from '../contests/contest.rules.ts'
import type { Contest, Rules } from '../contests/contest.views.ts'
import type { KeptPicture } from '../kept-pictures.ts'
import { operationPath } from '../paths.rules.ts'
import { publicWords } from '../words.ts'
import { OwnAddress, PictureField, Prose, Trap } from './parts.tsx'

export type EntryTyped = {
  name: string
  title: string
  text: string
  alt: string
  mail: string
  accept: boolean
  /** A picture that came with a form that had an error elsewhere: kept, so that it need not be sent again. */
  kept: Pick<KeptPicture, 'token' | 'src'> | null
}

export const NO_ENTRY: EntryTyped = { name: '', title: '', text: '', alt: '', mail: '', accept: false, kept: null }

/** The largest picture of an entry, in megabytes: a print of thirty centimetres has room. */
export const MOST_MEGABYTES = 15

/** The sentence beside the box: what is kept with an entry, word by word. */
export const acceptSentence = (contest: Contest, rules: Pick<Rules, 'version'>, lang: Lang): string =>
  publicWords(lang)(contest.sort === 'sleeve' ? 'accept_sleeve' : 'accept_words', {
    n: rules.version,
    artist: contest.artistName,
  })

type Props = {
  page: Page
  contest: Contest
  rules: Rules
  isKnown: boolean
  typed?: EntryTyped | undefined
  errors?: FieldErrors | undefined
}

export const EntryForm = ({ page, contest, rules, isKnown, typed = NO_ENTRY, errors = {} }: Props) => {
  const { lang } = page
  const t = publicWords(lang)
  const withPicture = needsPicture(contest.sort)
  return (
    <section id="enter">
      <h2>{t('enter_title')}</h2>
      <Form
        page={page}
        action={`${operationPath(contest.artistSlug, contest.slug)}/entries?lang=${lang}`}
        files={withPicture}
        class="join"
        novalidate
      >
        <ErrorSummary errors={errors} lang={lang} />
        <input type="hidden" name="rules" value={rules.version} />
        {withPicture && (
          <>
            <PictureField
              kept={typed.kept}
              words={{
                kept: t('picture_kept'),
                label: t('field_picture'),
                hint: t('picture_hint', { n: MOST_MEGABYTES }),
              }}
              error={errors['picture']}
            />
            <Field
              name="alt"
              label={t('field_alt')}
              hint={t('alt_hint')}
              value={typed.alt}
              error={errors['alt']}
              maxlength={500}
              autocomplete="off"
              required
            />
          </>
        )}
        <Field
          name="title"
          label={t('field_title')}
          note={t('optional')}
          value={typed.title}
          maxlength={120}
          autocomplete="off"
        />
        <TextArea
          name="text"
          label={t(withPicture ? 'field_about' : 'field_words')}
          note={withPicture ? t('optional') : undefined}
          value={typed.text}
          error={errors['text']}
          rows={withPicture ? 4 : 12}
          maxlength={withPicture ? MOST_ABOUT : MOST_WORDS}
          required={!withPicture}
        />
        <Field
          name="name"
          label={t('field_name')}
          hint={t('name_hint')}
          value={typed.name}
          error={errors['name']}
          autocomplete="name"
          maxlength={100}
          required
        />
        <OwnAddress
          lang={lang}
          known={isKnown ? t('known_entry') : null}
          hint={t('entry_mail_hint', { artist: contest.artistName })}
          value={typed.mail}
          error={errors['mail']}
        />
        <details>
          <summary>{t('rules_here', { n: rules.version })}</summary>
          <Prose text={rules.text} lang={rules.language} />
        </details>
        <Checkbox
          name="accept"
          label={acceptSentence(contest, rules, lang)}
          checked={typed.accept}
          error={errors['accept']}
          required
        />
        <Trap lang={lang} />
        <Button>{t('enter_send')}</Button>
      </Form>
    </section>
  )
}
