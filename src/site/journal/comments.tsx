import { type Comment, commentHtml, MOST_COMMENT, postPath } from '../../domains/journal/index.ts'
import { formats, type Lang } from '../../platform/i18n/index.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, TextArea } from '../../ui/forms.tsx'
import type { Page } from '../../ui/page.ts'
import { words } from './words.ts'

export type CommentValues = { name: string; mail: string; text: string }

export type CommentsProps = {
  page: Page
  comments: Comment[]
  /** Where the form is sent; null when comments are closed. */
  action: string | null
  writer: string
  zone: string
  values?: CommentValues | undefined
  errors?: FieldErrors | undefined
}

/** What readers wrote, oldest first, with what was answered; then the form. */
export const Comments = ({ page, comments, action, writer, zone, values, errors }: CommentsProps) => {
  const t = words(page.lang)
  if (!comments.length && !action) return null
  return (
    <section class="comments" id="comments" aria-labelledby="comments-title">
      <h2 id="comments-title">{comments.length ? t('comments_n', { n: comments.length }) : t('comments')}</h2>
      {comments.length > 0 ? (
        <ol>
          {comments.map((comment) => (
            <Said comment={comment} lang={page.lang} zone={zone} />
          ))}
        </ol>
      ) : (
        <p class="facts">{t('comments_first')}</p>
      )}
      {action && <CommentForm page={page} action={action} writer={writer} values={values} errors={errors} />}
    </section>
  )
}

type SaidProps = { comment: Comment; lang: Lang; zone: string }

const Said = ({ comment, lang, zone }: SaidProps) => (
  <li id={`comment-${comment.id}`}>
    <Head {...comment} lang={lang} zone={zone} />
    <div class="prose" lang={comment.language} dangerouslySetInnerHTML={{ __html: commentHtml(comment) }} />
    {comment.answers.map((answer) => (
      <div class="answer">
        <Head {...answer} lang={lang} zone={zone} />
        <div class="prose" lang={answer.language} dangerouslySetInnerHTML={{ __html: commentHtml(answer) }} />
      </div>
    ))}
  </li>
)

const Head = ({ name, at, lang, zone }: { name: string; at: Date; lang: Lang; zone: string }) => (
  <p class="facts">
    <b>{name}</b> <time datetime={at.toISOString()}>{formats(lang).date(at, zone)}</time>
  </p>
)

type FormProps = Pick<CommentsProps, 'page' | 'writer' | 'values' | 'errors'> & {
  action: string
  /** Alone on a page, whose title says what it is. */
  alone?: boolean
}

export const CommentForm = ({ page, action, writer, values, errors, alone }: FormProps) => {
  const t = words(page.lang)
  return (
    <Form page={page} action={action} class="comment-form" novalidate>
      {!alone && <h3>{t('comment_title')}</h3>}
      <ErrorSummary errors={errors} lang={page.lang} />
      <Field
        name="name"
        label={t('comment_name')}
        value={values?.name}
        error={errors?.['name']}
        autocomplete="name"
        maxlength={100}
        required
      />
      <TextArea
        name="text"
        label={t('comment_text')}
        value={values?.text}
        error={errors?.['text']}
        rows={5}
        maxlength={MOST_COMMENT}
        required
      />
      <Field
        name="mail"
        type="email"
        label={t('comment_mail')}
        note={t('comment_optional')}
        hint={t('comment_mail_hint', { writer })}
        value={values?.mail}
        error={errors?.['mail']}
        autocomplete="email"
        maxlength={254}
      />
      <p class="trap" aria-hidden="true">
        <label>
          {t('comment_trap')} <input type="text" name="fx" tabindex={-1} autocomplete="off" value="" />
        </label>
      </p>
      <p class="aside">{t('comment_held', { writer })}</p>
      <Button>{t('comment_send')}</Button>
    </Form>
  )
}

type AskProps = {
  page: Page
  asked: { name: string; text: string; language: Lang; title: string; path: [string, string] }
  action: string
}

/** The question that the mail asks: nothing is changed by looking at it. */
export const ConfirmComment = ({ page, asked, action }: AskProps) => {
  const t = words(page.lang)
  return (
    <>
      <p>{t('confirm_lead', { title: asked.title, name: asked.name })}</p>
      <blockquote class="prose" lang={asked.language} dangerouslySetInnerHTML={{ __html: commentHtml(asked) }} />
      <Form page={page} action={action} class="ways">
        <Button>{t('confirm_button')}</Button>
      </Form>
      <p class="aside">{t('confirm_else')}</p>
    </>
  )
}

export const Thanks = ({
  lang,
  said,
  title,
  path,
}: {
  lang: Lang
  said: string
  title: string
  path: [string, string]
}) => (
  <>
    <p>{said}</p>
    <p class="more">
      <a href={`${postPath(...path)}#comments`}>{words(lang)('thanks_back', { title })}</a>
    </p>
  </>
)
