import type { Lang } from '../../../platform/i18n/index.ts'
import {
  Button,
  Checkbox,
  ErrorSummary,
  Field,
  type FieldErrors,
  FileField,
  Form,
  TextArea,
} from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import { MOST_ABOUT, MOST_WORDS, needsAlt, needsPicture } from '../contests/contest.rules.ts'
import type { Contest, Rules } from '../contests/contest.views.ts'
import { ACCEPTS, type FileKind, fileKindOf, MOST_OF } from '../entry-files/files.rules.ts'
import type { KeptFile } from '../entry-files/keep-file.ts'
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
  /** The same of a sound or a film. */
  keptFile: Pick<KeptFile, 'token' | 'name'> | null
}

export const NO_ENTRY: EntryTyped = {
  ...{ name: '', title: '', text: '', alt: '', mail: '', accept: false },
  ...{ kept: null, keptFile: null },
}

/** The largest picture of an entry, in megabytes: a print of thirty centimetres has room. */
export const MOST_MEGABYTES = 15

/** The sentence beside the box: what is kept with an entry, word by word. */
export const acceptSentence = (contest: Contest, rules: Pick<Rules, 'version'>, lang: Lang): string =>
  publicWords(lang)(`accept_${contest.sort}`, {
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
  const kind = fileKindOf(contest.sort)
  const isWords = contest.sort === 'words'
  return (
    <section id="enter">
      <h2>{t('enter_title')}</h2>
      <Form
        page={page}
        action={`${operationPath(contest.artistSlug, contest.slug)}/entries?lang=${lang}`}
        files={!isWords}
        class="join"
        novalidate
      >
        <ErrorSummary errors={errors} lang={lang} />
        <input type="hidden" name="rules" value={rules.version} />
        {withPicture && (
          <PictureField
            kept={typed.kept}
            words={{
              kept: t('picture_kept'),
              label: t('field_picture'),
              hint: t('picture_hint', { n: MOST_MEGABYTES }),
            }}
            error={errors['picture']}
          />
        )}
        {kind && <EntryFileField kind={kind} kept={typed.keptFile} error={errors['file']} lang={lang} />}
        {kind === 'film' && (
          <FileField
            name="captions"
            label={t('field_captions')}
            note={t('optional')}
            hint={t('captions_hint')}
            error={errors['captions']}
            accept=".vtt,.srt,text/vtt"
          />
        )}
        {needsAlt(contest.sort) && (
          <Field
            name="alt"
            label={t(kind === 'film' ? 'field_alt_film' : 'field_alt')}
            hint={t(kind === 'film' ? 'alt_hint_film' : 'alt_hint')}
            value={typed.alt}
            error={errors['alt']}
            maxlength={500}
            autocomplete="off"
            required
          />
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
          label={t(isWords ? 'field_words' : 'field_about')}
          note={isWords ? undefined : t('optional')}
          value={typed.text}
          error={errors['text']}
          rows={isWords ? 12 : 4}
          maxlength={isWords ? MOST_WORDS : MOST_ABOUT}
          required={isWords}
        />
        <Field
          name="name"
          label={t('field_name')}
          hint={t(kind ? 'name_hint_credits' : 'name_hint')}
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

type FileProps = {
  kind: FileKind
  kept: Pick<KeptFile, 'token' | 'name'> | null
  error: string | undefined
  lang: Lang
}

/** Where a sound or a film is chosen, beside the one that is kept. */
export const EntryFileField = ({ kind, kept, error, lang }: FileProps) => {
  const t = publicWords(lang)
  return (
    <>
      {kept && (
        <>
          <p class="aside">{t('file_is_kept', { name: kept.name })}</p>
          <input type="hidden" name="kept" value={kept.token} />
        </>
      )}
      <FileField
        name="file"
        label={t('field_file', { kind })}
        hint={t('file_hint', { kind, ...MOST_OF[kind] })}
        error={error}
        accept={ACCEPTS[kind]}
        required={!kept}
      />
    </>
  )
}
