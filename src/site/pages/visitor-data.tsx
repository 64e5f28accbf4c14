import { formats } from '../../platform/i18n/index.ts'
import { Button, Form } from '../../ui/forms.tsx'
import { words } from '../words.ts'
import { SiteLayout } from './layout.tsx'
import { Headline, Pairs } from './parts.tsx'
import type { SitePage } from './types.ts'

export type VisitorRecord = {
  id: string
  since: Date
  /** When the number is forgotten by itself. */
  until: Date
  pages: number
  plays: number
  listens: number
  downloads: number
  /** The last of them, newest first. */
  recent: { kind: 'page' | 'play' | 'listen' | 'download'; title: string; href: string | null; at: Date }[]
}

export type VisitorDataPageProps = SitePage & {
  /** Null when nothing is known. */
  record: VisitorRecord | null
  /** True just after it was erased. */
  erased?: boolean
  /** They asked not to be counted, here or (`globally`) by their browser's Global Privacy Control. */
  objected?: boolean
  globally?: boolean
  eraseAction: string
  objectAction: string
  allowAction: string
  exportHref: string
}

/** "What this site knows of you": all of it, to see, to take away, to erase. */
export const VisitorDataPage = (props: VisitorDataPageProps) => {
  const { page, site, theme, record } = props
  const t = words(page.lang)
  return (
    <SiteLayout page={page} site={site} theme={theme} title={t('visitor_title')} noindex>
      <div class="sheet">
        <header class="opening">
          <Headline title={t('visitor_title')} lang={page.lang} />
        </header>
        {record ? (
          <Known {...props} record={record} />
        ) : (
          <p class="prose band" role={props.erased ? 'status' : undefined}>
            {t(props.erased ? 'visitor_erased' : 'visitor_nothing')}
          </p>
        )}
        <Counting {...props} />
      </div>
    </SiteLayout>
  )
}

/** Whether this device is counted at all, and the other choice. */
const Counting = ({ page, objected, globally, objectAction, allowAction }: VisitorDataPageProps) => {
  const t = words(page.lang)
  if (globally) return <p class="prose band">{t('visitor_globally')}</p>
  return (
    <Form page={page} action={objected ? allowAction : objectAction} class="band">
      <h2>{t('visitor_counting')}</h2>
      <p class="prose">{t(objected ? 'visitor_objected' : 'visitor_object_help')}</p>
      <p class="ways">
        <Button kind="plain">{t(objected ? 'visitor_allow' : 'visitor_object')}</Button>
      </p>
    </Form>
  )
}

const Known = ({ page, record, eraseAction, exportHref }: VisitorDataPageProps & { record: VisitorRecord }) => {
  const t = words(page.lang)
  const { date, dateTime, number } = formats(page.lang)
  return (
    <>
      <p class="prose band">{t('visitor_intro')}</p>
      <div class="band known">
        <Pairs
          pairs={[
            [t('visitor_id'), <code>{record.id}</code>],
            [t('visitor_since'), date(record.since)],
            [t('visitor_until'), date(record.until)],
            [t('visitor_pages'), number(record.pages)],
            [t('visitor_plays'), number(record.plays)],
            [t('visitor_listens'), number(record.listens)],
            [t('visitor_downloads'), number(record.downloads)],
          ]}
        />
      </div>
      {record.recent.length > 0 && (
        <section class="band known">
          <h2>{t('visitor_recent')}</h2>
          <ol class="recent">
            {record.recent.map(({ kind, title, href, at }) => (
              <li>
                {href ? <a href={href}>{t(`kind_${kind}`, { what: title })}</a> : t(`kind_${kind}`, { what: title })}
                <time datetime={at.toISOString()}>{dateTime(at)}</time>
              </li>
            ))}
          </ol>
        </section>
      )}
      <Form page={page} action={eraseAction} class="band">
        <p class="aside">{t('visitor_erase_help')}</p>
        <p class="ways">
          <Button>{t('visitor_erase')}</Button>
          <Button href={exportHref} kind="plain" download="">
            {t('visitor_export')}
          </Button>
        </p>
      </Form>
    </>
  )
}
