import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, FileField, Form, Select } from '../../../ui/forms.tsx'
import type { WebEnv } from '../../identity/index.ts'
import { blockLine } from '../blocks.rules.ts'
import { KEPT_DAYS } from '../remove-video.ts'
import type { StudioPost } from '../studio.views.ts'
import type { VideoUpload } from '../video-uploads.ts'
import { MAX_VIDEO_BYTES } from '../videos.ts'
import type { RemovedVideo, Video } from '../videos.views.ts'
import { words } from '../words.ts'
import { postHref } from './frame.tsx'

/** What is not on the page itself: films on their way, and those that were taken off and can be put back. */
export type Films = { uploads: VideoUpload[]; removed: RemovedVideo[] }
type Props = { c: Context<WebEnv>; post: StudioPost }

const WRONGS = {
  'video-none': 'error_no_video',
  'video-too-large': 'error_video_large',
  'video-no-room': 'error_video_room',
  captions: 'error_captions',
} as const

/** What the script says that sends a film in parts. */
const SAYINGS = ['sending', 'offline', 'stop', 'resume', 'stopped', 'arrived', 'failed', 'large'] as const

const videosHref = (post: StudioPost, more = '') => `${postHref(post.id)}/videos${more}`

/** The films of a post: what became of each, its line, its captions, and how another comes in. */
export const Videos = ({ c, post, films }: Props & { films: Films }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const wrong = WRONGS[c.req.query('wrong') as keyof typeof WRONGS]
  const known = films.uploads.map(({ id, fileName, size, modifiedMs }) => ({
    url: videosHref(post, `/uploads/${id}`),
    ...{ fileName, size, modifiedMs },
  }))
  const sending = {
    endpoint: videosHref(post, '/uploads'),
    done: `${postHref(post.id)}?done=video#videos`,
    most: MAX_VIDEO_BYTES,
    known,
    says: Object.fromEntries(SAYINGS.map((one) => [one, t(`film_${one}`, { percent: '{percent}' })])),
  }
  return (
    <section id="videos">
      <h2>{t('videos_title')}</h2>
      {wrong && <ErrorSummary errors={{ '': t(wrong) }} lang={page.lang} />}
      {post.videos.map((video) => (
        <Film c={c} post={post} video={video} />
      ))}
      <p class="lead">{t('videos_words')}</p>
      {films.uploads.map((upload) => (
        <Unfinished c={c} post={post} upload={upload} />
      ))}
      <Form page={page} action={videosHref(post)} files data-film={JSON.stringify(sending)}>
        <FileField
          name="video"
          label={t('field_video')}
          hint={t('hint_video')}
          accept="video/mp4,video/quicktime,video/webm,video/x-matroska,.mp4,.mov,.webm,.mkv"
          required
        />
        <Button kind="plain">{t('add_video')}</Button>
      </Form>
      {films.removed.length > 0 && (
        <>
          <h3 style="margin-top:1.75rem">{t('videos_removed')}</h3>
          {films.removed.map((film) => (
            <FilmPutBack c={c} post={post} film={film} />
          ))}
        </>
      )}
    </section>
  )
}

/** One that broke off, or whose sender left: the same file goes on where it stopped. */
const Unfinished = ({ c, post, upload }: Props & { upload: VideoUpload }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { id, fileName: name, received, size } = upload
  return (
    <Form page={page} action={videosHref(post, `/uploads/${id}/forget`)} class="actions">
      <span>
        {t('film_unfinished', { name, percent: Math.floor((received / size) * 100) })}{' '}
        <span class="js">{t('film_go_on')}</span>
      </span>
      <Button kind="quiet" aria-label={t('film_forget_label', { name })}>
        {t('film_forget')}
      </Button>
    </Form>
  )
}

export const FilmPutBack = ({ c, post, film }: Props & { film: RemovedVideo }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { id, title } = film
  return (
    <Form page={page} action={videosHref(post, `/${id}/restore`)} class="actions" style="margin:0">
      <span>{t('video_removed', { title, date: formats(page.lang).date(goesOn(film)) })}</span>
      <Button kind="quiet" aria-label={t('video_put_back_label', { title })}>
        {t('video_put_back')}
      </Button>
    </Form>
  )
}

const goesOn = ({ removedAt }: RemovedVideo) => new Date(removedAt.getTime() + KEPT_DAYS * 86_400_000)

const Film = ({ c, post, video }: Props & { video: Video }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { id, title } = video
  return (
    <article class="film">
      <h3>{title}</h3>
      <p class="quiet">{filmState(video, t)}</p>
      <p>
        <input
          type="text"
          readonly
          id={`video-${id}`}
          aria-label={t('video_line')}
          value={blockLine('video', id, title)}
          data-copy={t('copy')}
          data-copied={t('copied')}
        />
      </p>
      <div class="actions" style="margin:0 0 0.75rem">
        {video.state === 'failed' && (
          <Form page={page} action={videosHref(post, `/${id}/retry`)} style="margin:0">
            <Button kind="plain" aria-label={t('video_again_label', { title })}>
              {t('video_again')}
            </Button>
          </Form>
        )}
        <Form page={page} action={videosHref(post, `/${id}/remove`)} style="margin:0">
          <Button kind="quiet" aria-label={t('video_remove_label', { title })}>
            {t('video_remove')}
          </Button>
        </Form>
      </div>
      <p class="quiet">
        {video.captions.length
          ? t('captions_there', {
              languages: formats(page.lang).list(video.captions.map((lang) => t(`lang_${lang}`))),
            })
          : t('captions_none')}
      </p>
      <Form page={page} action={videosHref(post, `/${id}/captions`)} files class="captions">
        <FileField
          name="captions"
          id={`captions-${id}`}
          label={t('field_captions')}
          hint={t('hint_captions')}
          accept=".vtt,.srt,text/vtt"
        />
        <Select
          name="language"
          id={`captions-language-${id}`}
          label={t('field_captions_language')}
          value={post.language}
          options={[
            { value: 'en', label: t('lang_en') },
            { value: 'fr', label: t('lang_fr') },
          ]}
        />
        <Button kind="plain">{t('set_captions')}</Button>
      </Form>
    </article>
  )
}

const PROBLEMS = {
  'too-long': 'video_too_long',
  unsupported: 'video_unsupported',
  'not-audio': 'video_unsupported',
  empty: 'video_empty',
  protected: 'video_protected',
  truncated: 'video_truncated',
  crashed: 'video_crashed',
} as const

function filmState({ state, progress, problem, durationMs }: Video, t: ReturnType<typeof words>): string {
  switch (state) {
    case 'waiting':
      return t('video_waiting')
    case 'preparing':
      return t('video_preparing', { percent: Math.floor(progress * 100) })
    case 'ready':
      return t('video_ready', { length: formats('en').duration(durationMs) })
    case 'failed':
      return t(PROBLEMS[problem as keyof typeof PROBLEMS] ?? 'video_damaged')
  }
}
