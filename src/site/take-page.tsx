import type { Taking } from '../domains/audio/index.ts'
import { Button, Form } from '../ui/forms.tsx'
import { refineTitle } from '../ui/type.ts'
import { SiteLayout } from './pages/layout.tsx'
import { Headline } from './pages/parts.tsx'
import { PassOn } from './pages/share.tsx'
import type { Format, SitePage } from './pages/types.ts'
import { served, words } from './words.ts'

type State = Exclude<Taking, { state: 'absent' }> | Unbegun

/** Nobody whom we take for a person has asked for it. */
export type Unbegun = { state: 'unbegun'; done: number; total: number }

type TakePageProps = SitePage & {
  subject: string
  title: string
  format: Format
  state: State
  /** The file itself; where it is begun; this page again, later; how it stands, for the script. */
  file: string
  again: string
  next: string
  progress: string
  /** The page of what is taken. */
  back: string | null
}

const EVERY_SECONDS = 3

/** A download on its way: how far it is, then the file. Without scripts the page asks for itself again. */
export const TakePage = (props: TakePageProps) => {
  const { page, site, theme, title, format, state, back } = props
  const t = served(page.lang)
  const heading = t('take_title', { title: refineTitle(title), format: words(page.lang)(`format_${format}`) })
  const comes = state.state === 'making' ? { after: EVERY_SECONDS, to: props.next } : { after: 1, to: props.file }
  return (
    <SiteLayout
      page={page}
      site={site}
      theme={theme}
      title={heading}
      noindex
      head={
        (state.state === 'making' || state.state === 'ready') && (
          <noscript>
            <meta http-equiv="refresh" content={`${comes.after};url=${comes.to}`} />
          </noscript>
        )
      }
    >
      <div class="sheet">
        <header class="opening">
          <Headline title={heading} lang={page.lang} />
        </header>
        <div class="band prose">{state.state === 'failed' ? <Asking {...props} /> : <Coming {...props} />}</div>
        {back && <PassOn page={page} subject={props.subject} />}
        {back && (
          <p class="ways">
            <a href={back}>{t('take_back', { title: refineTitle(title) })}</a>
          </p>
        )}
      </div>
    </SiteLayout>
  )
}

const Coming = (props: TakePageProps) => {
  const { page, state, file, again, progress } = props
  const t = served(page.lang)
  const isUnbegun = state.state === 'unbegun'
  const making = state.state === 'making' || isUnbegun ? state : null
  // A value that only the script will know stays in braces, as the player's do.
  const words = making ? t('take_progress', { done: '{done}', total: making.total }) : ''
  return (
    <div
      data-island="take"
      data-src={page.assets('islands/take.js')}
      data-when="idle"
      data-props={JSON.stringify({ begin: isUnbegun, ready: !making, progress, file, again, words })}
    >
      {isUnbegun && (
        <noscript>
          <Asking {...props} />
        </noscript>
      )}
      <div data-making="" hidden={!making} class={isUnbegun ? 'js' : undefined}>
        <p>{t('take_making')}</p>
        {making && (
          <p class="figures" role="status">
            <progress value={making.done} max={making.total} aria-label={t('take_making')} />{' '}
            <span data-progress="">{t('take_progress', { done: making.done, total: making.total })}</span>
          </p>
        )}
        <p class="aside">{t('take_wait')}</p>
        <p class="aside" data-lost="" hidden>
          {t('take_lost')}
        </p>
      </div>
      <div data-ready="" role="status" hidden={Boolean(making)}>
        <p>{t('take_ready')}</p>
        <p class="ways">
          <Button href={file} data-reload="">
            {t('take_file')}
          </Button>
        </p>
      </div>
    </div>
  )
}

/** It takes a press: to try again, or to begin. */
const Asking = ({ page, state, again }: TakePageProps) => {
  const t = served(page.lang)
  const isFirst = state.state === 'unbegun'
  return (
    <Form page={page} action={again}>
      {isFirst ? <p>{t('take_unbegun')}</p> : <p role="alert">{t('take_failed')}</p>}
      <p class="ways">
        <Button>{t(isFirst ? 'take_begin' : 'take_again')}</Button>
      </p>
    </Form>
  )
}
