import type { Context } from 'hono'
import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { Button, ErrorSummary, type FieldErrors, Form } from '../../../../ui/forms.tsx'
import { StudioPage, type WebEnv } from '../../../identity/index.ts'
import type { BatchView } from '../batch.views.ts'
import { batchHref, NEW } from '../hrefs.ts'
import { UPLOADS } from '../tus.ts'
import { words } from '../words.ts'
import { headings } from './drop-page.tsx'
import { STYLE } from './style.ts'
import { Understood } from './understood.tsx'
import { Accepted, UploadArea } from './upload-area.tsx'

type BatchProps = { c: Context<WebEnv>; view: BatchView; errors?: FieldErrors | undefined }

/** One drop, wherever it has come to. */
export const BatchPage = (props: BatchProps) => {
  switch (props.view.batch.state) {
    case 'receiving':
      return <Receiving {...props} />
    case 'reading':
    case 'making':
      return <Working {...props} />
    case 'understood':
      return <Decide {...props} />
    case 'imported':
      return <Ended {...props} title="imported_title" sentence="imported_gone" />
    case 'abandoned':
      return <Ended {...props} title="abandoned_title" sentence="abandoned_words" />
  }
}

const Frame = ({
  c,
  view,
  title,
  scripts,
  head,
  children,
}: BatchProps & { title: string; scripts?: string[]; head?: Child; children?: Child }) => (
  <StudioPage
    c={c}
    title={title}
    current="music"
    artistId={view.batch.artistId}
    scripts={scripts}
    head={
      <>
        <style>{raw(STYLE)}</style>
        {head}
      </>
    }
  >
    <h1>{title}</h1>
    {children}
  </StudioPage>
)

const Receiving = (props: BatchProps) => {
  const { c, view, errors } = props
  const { batch, target, uploads } = view
  const page = c.get('page')
  const t = words(page.lang)
  const here = batchHref(batch.id)
  const [title, lead] = headings(target, t)
  return (
    <Frame {...props} title={title} scripts={['islands/upload.js']}>
      <p class="lead">{lead}</p>
      <ErrorSummary errors={errors} lang={page.lang} />
      {batch.trouble === 'reading' && <p class="notice">{t('trouble_reading')}</p>}
      <UploadArea
        page={page}
        open={UPLOADS}
        action={`${here}/files`}
        single={target.track !== null}
        batch={{ endpoint: `${UPLOADS}/${batch.id}`, page: here }}
        files={uploads.map((upload) => ({
          path: upload.relativePath,
          size: upload.size,
          modifiedMs: upload.modifiedMs,
          received: upload.received,
          complete: upload.completedAt !== null,
          url: `${UPLOADS}/${batch.id}/${upload.id}`,
        }))}
      />
      <noscript>
        <h2>{t('files_here')}</h2>
        {uploads.length === 0 ? <p>{t('none_here')}</p> : <Arrived {...props} />}
        {uploads.length > 0 && (
          <Form page={page} action={`${here}/done`} class="actions">
            <Button>{batch.trouble ? t('read_again') : t('finish')}</Button>
          </Form>
        )}
      </noscript>
      <Accepted page={page} />
      <Form page={page} action={`${here}/abandon`} class="actions">
        <Button kind="quiet">{t('abandon')}</Button>
      </Form>
    </Frame>
  )
}

const Arrived = ({ c, view }: BatchProps) => {
  const page = c.get('page')
  const t = words(page.lang)
  return (
    <ul class="sending">
      {view.uploads.map(({ id, relativePath, completedAt, received, size }) => (
        <li>
          <span>
            <b>{relativePath}</b>{' '}
            <small>
              {completedAt ? t('state_done') : t('state_missing', { percent: Math.floor((received / size) * 100) })}
            </small>
          </span>
          <Form page={page} action={`${batchHref(view.batch.id)}/remove`}>
            <input type="hidden" name="upload" value={id} />
            <Button kind="quiet" aria-label={t('remove_file', { file: relativePath })}>
              {t('remove')}
            </Button>
          </Form>
        </li>
      ))}
    </ul>
  )
}

const Working = (props: BatchProps) => {
  const { batch } = props.view
  const t = words(props.c.get('page').lang)
  const [title, sentence] =
    batch.state === 'reading' ? [t('reading_title'), t('reading_words')] : [t('making_title'), t('making_words')]
  const percent = Math.floor(batch.progress * 100)
  return (
    <Frame
      {...props}
      title={title}
      scripts={['islands/batch-progress.js']}
      head={
        <noscript>
          <meta http-equiv="refresh" content="3" />
        </noscript>
      }
    >
      <p class="lead">{sentence}</p>
      <div
        data-island="batch-progress"
        data-url={`${batchHref(batch.id)}/progress`}
        data-state={batch.state}
        data-template={t('progress', { percent: '{percent}' })}
      >
        <progress value={batch.progress} max={1} aria-label={title} />
        <p class="quiet" data-percent="">
          {t('progress', { percent })}
        </p>
      </div>
      <noscript>
        <p>
          <a href={batchHref(batch.id)}>{t('refresh')}</a>
        </p>
      </noscript>
    </Frame>
  )
}

const Decide = (props: BatchProps) => {
  const { batch } = props.view
  const page = props.c.get('page')
  const t = words(page.lang)
  const here = batchHref(batch.id)
  return (
    <Frame {...props} title={t('understood_title')}>
      <p class="lead">{t('understood_lead')}</p>
      {batch.trouble === 'making' && <p class="notice">{t('trouble_making')}</p>}
      <Understood page={page} view={props.view} />
      <div class="actions">
        <Form page={page} action={`${here}/reopen`}>
          <Button kind="plain">{t('reopen')}</Button>
        </Form>
        <Form page={page} action={`${here}/abandon`}>
          <Button kind="quiet">{t('abandon')}</Button>
        </Form>
      </div>
    </Frame>
  )
}

type Told = 'imported_title' | 'imported_gone' | 'abandoned_title' | 'abandoned_words'

const Ended = (props: BatchProps & { title: Told; sentence: Told }) => {
  const t = words(props.c.get('page').lang)
  return (
    <Frame {...props} title={t(props.title)}>
      <p class="lead">{t(props.sentence)}</p>
      <p class="actions">
        <Button href={NEW}>{t('begin_again')}</Button>
      </p>
    </Frame>
  )
}
