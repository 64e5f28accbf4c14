import type { Context } from 'hono'
import { imageUrl } from '../../../platform/images/index.ts'
import {
  Button,
  Checkbox,
  ErrorSummary,
  Field,
  type FieldErrors,
  FileField,
  Form,
  SAVING,
  SavedAsOneGoes,
  Select,
  TextArea,
} from '../../../ui/forms.tsx'
import type { WebEnv } from '../../identity/index.ts'
import { blockLine, pictureLine } from '../blocks.rules.ts'
import type { PostFields } from '../post.form.ts'
import type { Puttable, StudioPicture, StudioPost } from '../studio.views.ts'
import { words } from '../words.ts'
import { FilmPutBack, type Films, Videos } from './films.tsx'
import { PostFrame, postHref } from './frame.tsx'

export type Asked = { fields: PostFields; seen: string; errors: FieldErrors; theirs: string | null }
type Props = { c: Context<WebEnv>; post: StudioPost; html: string; music: Puttable[]; films: Films; asked: Asked }

const NOTICES = {
  video: 'done_video',
  'video-restored': 'done_video_restored',
  'video-again': 'done_video_again',
  'video-forgotten': 'done_video_forgotten',
  captions: 'done_captions',
  saved: 'saved',
  put: 'done_put',
  picture: 'done_picture',
  cover: 'done_cover',
} as const

/** What the editor's script says, beside what the page says already. */
const TOOLS = ['bold', 'italic', 'heading', 'link', 'list', 'quote', 'picture'] as const

const ISLANDS = ['islands/editor.js', 'islands/copy-links.js', 'islands/film-upload.js']

export const WritePage = ({ c, post, html, music, films, asked }: Props) => {
  const page = c.get('page')
  const { lang } = page
  const t = words(lang)
  const done = c.req.query('done') as keyof typeof NOTICES | undefined
  const isLive = post.visibility === 'public'
  const removed = films.removed.find(({ id }) => id === c.req.query('removed'))
  return (
    <PostFrame
      c={c}
      post={post}
      section="write"
      wide
      scripts={isLive ? ISLANDS : [SAVING, ...ISLANDS]}
      notice={
        removed ? (
          <FilmPutBack c={c} post={post} film={removed} />
        ) : !Object.keys(asked.errors).length && done && NOTICES[done] ? (
          t(NOTICES[done])
        ) : undefined
      }
    >
      <div class="writing">
        <Form
          page={page}
          action={postHref(post.id)}
          novalidate
          data-editor={JSON.stringify({
            id: post.id,
            drawn: `${postHref(post.id)}/drawn`,
            pictures: `${postHref(post.id)}/pictures`,
            live: isLive,
            words: {
              ...Object.fromEntries(TOOLS.map((tool) => [tool, t(`tool_${tool}`)])),
              toolbar: t('toolbar'),
              alt: t('field_alt'),
              altHint: t('hint_alt'),
              add: t('add_picture'),
              cancel: t('cancel'),
              sending: t('sending_picture'),
              lost: t('picture_lost'),
              noAlt: t('error_alt'),
              localFound: t('local_found'),
              localBack: t('local_back'),
              localForget: t('local_forget'),
              words: t('placeholder_words'),
            },
          })}
        >
          <ErrorSummary errors={asked.errors} lang={lang} />
          <input type="hidden" name="seen" value={asked.seen} />
          <Field
            name="title"
            label={t('field_title')}
            value={asked.fields.title}
            error={asked.errors['title']}
            maxlength={300}
            autocomplete="off"
          />
          <TextArea
            name="body"
            label={t('field_body')}
            hint={t('hint_body')}
            value={asked.fields.body}
            error={asked.errors['body']}
            rows={22}
            spellcheck="true"
            lang={asked.fields.language}
          />
          {asked.theirs !== null && (
            <details class="theirs">
              <summary>{t('their_text')}</summary>
              <textarea readonly rows={12} aria-label={t('their_text')}>
                {asked.theirs}
              </textarea>
            </details>
          )}
          {music.length > 0 && <PutMusic c={c} post={post} music={music} error={asked.errors['put']} />}
          <Select
            name="language"
            label={t('field_language')}
            value={asked.fields.language}
            error={asked.errors['language']}
            options={[
              { value: 'en', label: t('lang_en') },
              { value: 'fr', label: t('lang_fr') },
            ]}
          />
          <Checkbox name="comments" label={t('field_comments')} checked={asked.fields.comments === 'on'} />
          {isLive && <p class="hint">{t('live_words')}</p>}
          <p class="actions">
            <Button>{t('save')}</Button>
            {!isLive && <SavedAsOneGoes lang={lang} />}
          </p>
        </Form>
        <section class="reading" aria-labelledby="reading">
          <h2 id="reading">{t('preview_of_words')}</h2>
          <div
            class="prose words"
            data-reading=""
            data-empty={t('preview_empty')}
            lang={asked.fields.language}
            dangerouslySetInnerHTML={{ __html: html || `<p class="quiet">${t('preview_empty')}</p>` }}
          />
        </section>
      </div>
      <Pictures c={c} post={post} errors={asked.errors} />
      <Videos c={c} post={post} films={films} />
    </PostFrame>
  )
}

type PutProps = Omit<Props, 'html' | 'films' | 'asked'> & { error: string | undefined }

/** Sends the words along, so that nothing unsaved is lost; with scripts the line goes where one writes. */
const PutMusic = ({ c, post, music, error }: PutProps) => {
  const t = words(c.get('page').lang)
  return (
    <fieldset class="put">
      <legend>{t('put_title')}</legend>
      <label for="f-put">{t('field_put')}</label>
      <span class="select">
        <select name="put" id="f-put" aria-describedby={error ? 'f-put-error f-put-hint' : 'f-put-hint'}>
          {music.map((release) => (
            <optgroup label={release.title}>
              {release.tracks.map((track) => (
                <option value={`track:${track.id}`} data-line={blockLine('track', track.id, track.title)}>
                  {track.title}
                </option>
              ))}
              <option value={`release:${release.id}`} data-line={blockLine('release', release.id, release.title)}>
                {t('put_whole', { title: release.title })}
              </option>
            </optgroup>
          ))}
        </select>
      </span>
      <Button kind="plain" formaction={`${postHref(post.id)}/put`} data-put="">
        {t('put_button')}
      </Button>
      <p class="hint" id="f-put-hint">
        {t('put_hint')}
      </p>
      {error && (
        <p class="error" id="f-put-error">
          {error}
        </p>
      )}
    </fieldset>
  )
}

const Pictures = ({ c, post, errors }: { c: Context<WebEnv>; post: StudioPost; errors: FieldErrors }) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <section id="pictures">
      <h2>{t('pictures_title')}</h2>
      {post.pictures.length > 0 && (
        <ul class="lines pictures">
          {post.pictures.map((picture) => (
            <li>
              <PictureThumb picture={picture} />
              <span>
                <label for={`picture-${picture.id}`}>{t('picture_line')}</label>
                <input
                  type="text"
                  readonly
                  id={`picture-${picture.id}`}
                  value={pictureLine(picture.id, picture.alt)}
                  data-copy={t('copy')}
                  data-copied={t('copied')}
                />
                {picture.isCover && <small>{t('is_cover')}</small>}
              </span>
              <Form page={page} action={`${postHref(post.id)}/cover`}>
                <input type="hidden" name="picture" value={picture.isCover ? '' : picture.id} />
                <Button kind="quiet">{t(picture.isCover ? 'drop_cover' : 'make_cover')}</Button>
              </Form>
            </li>
          ))}
        </ul>
      )}
      <p class="lead">{t('pictures_words')}</p>
      <Form page={page} action={`${postHref(post.id)}/pictures`} files>
        <FileField
          name="picture"
          label={t('field_picture')}
          hint={t('hint_picture')}
          error={errors['picture']}
          accept="image/jpeg,image/png,image/webp,image/avif,image/tiff,image/gif"
          required
        />
        <Field
          name="alt"
          label={t('field_alt')}
          hint={t('hint_alt')}
          error={errors['alt']}
          maxlength={500}
          required
          autocomplete="off"
        />
        <Button kind="plain">{t('add_picture')}</Button>
      </Form>
    </section>
  )
}

const PictureThumb = ({ picture: { picture, alt } }: { picture: StudioPicture }) => {
  const width = picture.widths.find((w) => w >= 160) ?? picture.widths.at(-1) ?? 0
  return (
    <span class="sleeve" style="display:block;aspect-ratio:1">
      <img
        src={imageUrl(picture.sha256, width, 'jpg')}
        width={picture.width}
        height={picture.height}
        alt={alt}
        loading="lazy"
        style="width:100%;height:100%;object-fit:cover"
      />
    </span>
  )
}
