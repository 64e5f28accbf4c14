import type { Child } from 'hono/jsx'
import { Document } from './document.tsx'
import { Csrf } from './forms.tsx'
import type { Page } from './page.ts'
import { words } from './words.ts'

export const SECTIONS = [
  'home',
  'calendar',
  'music',
  'journal',
  'announcements',
  'fans',
  'inbox',
  'returns',
  'shop',
  'operations',
  'books',
  'tasks',
  'label',
] as const
export type Section = (typeof SECTIONS)[number]

/** A place in the rail: only what this person may use and what is in use. `waiting` counts what asks for an answer. */
export type RailItem = { section: Section; href: string; waiting?: number | undefined; waitingFor?: 'tasks' }

export type StudioLayoutProps = {
  page: Page
  title: string
  rail: RailItem[]
  /** The section that this page belongs to; none for account, hosts' pages and the like. */
  current?: Section | undefined
  /** Whose notebook it is: the artist or label worked for, with the others one may turn to. */
  desk?:
    | { name: string; siteHref?: string | undefined; others?: { name: string; href: string }[] | undefined }
    | undefined
  /** Addresses of the account page and of the form that signs out. */
  account?: { href: string; signOutAction: string } | undefined
  /** Further quiet links of the rail's foot (the host's pages, for instance). */
  foot?: { label: string; href: string; current?: boolean | undefined }[] | undefined
  /** Long work with its progress, shown on every page until it is over. */
  tray?: Child
  /** What just happened, in a sentence; announced. */
  notice?: Child
  head?: Child
  scripts?: string[] | undefined
  /** A page that compares things may use the whole width; the others keep one column. */
  wide?: boolean | undefined
  children?: Child
}

/** The studio's page: rail at the side (a row that scrolls, on a phone), one column, the tray at the foot. */
export const StudioLayout = (props: StudioLayoutProps) => {
  const { page, title, desk } = props
  const t = words(page.lang)
  return (
    <Document
      page={page}
      kind="studio"
      title={desk ? `${title} · ${desk.name}` : title}
      styles={['studio.css']}
      scripts={['tabs.js', ...(props.scripts ?? [])]}
      head={props.head}
      noindex
    >
      <header class="rail" data-swap="rail">
        <Desk page={page} desk={desk} />
        <nav aria-label={t('nav_studio')}>
          <ul>
            {props.rail.map(({ section, href, waiting, waitingFor }) => (
              <li>
                <a href={href} aria-current={section === props.current ? 'page' : undefined}>
                  {t(`nav_${section}`)}
                  {waiting ? (
                    <span class="waiting">
                      <span aria-hidden="true">{waiting}</span>
                      <span class="hidden">
                        {t(waitingFor === 'tasks' ? 'waiting_tasks' : 'waiting', { n: waiting })}
                      </span>
                    </span>
                  ) : null}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <RailFoot {...props} />
      </header>
      <main id="page" class={props.wide ? 'wide' : undefined} tabindex={-1}>
        {props.notice && (
          <div class="notice" role="status">
            {props.notice}
          </div>
        )}
        {props.children}
      </main>
      <aside class="tray" aria-label={t('tray')} data-tray="" hidden={!props.tray}>
        {props.tray}
      </aside>
    </Document>
  )
}

const Desk = ({ page, desk }: Pick<StudioLayoutProps, 'page' | 'desk'>) => {
  const t = words(page.lang)
  if (!desk) return <p class="desk">{t('studio')}</p>
  return desk.others?.length ? (
    <details class="desk">
      <summary>{desk.name}</summary>
      <ul>
        {desk.others.map(({ name, href }) => (
          <li>
            <a href={href}>{name}</a>
          </li>
        ))}
      </ul>
    </details>
  ) : (
    <p class="desk">{desk.name}</p>
  )
}

const RailFoot = ({ page, desk, account, foot }: StudioLayoutProps) => {
  const t = words(page.lang)
  // On a phone it is a menu behind one word; on a wide screen the style sheet lays it open.
  return (
    <details class="rail-foot">
      <summary>{t('more')}</summary>
      <div>
        {desk?.siteHref && <a href={desk.siteHref}>{t('view_site')}</a>}
        {(foot ?? []).map(({ label, href, current }) => (
          <a href={href} aria-current={current ? 'page' : undefined}>
            {label}
          </a>
        ))}
        {account && page.actor && (
          <>
            <a href={account.href}>{page.actor.name}</a>
            <form method="post" action={account.signOutAction}>
              <Csrf page={page} />
              <button type="submit" class="link">
                {t('sign_out')}
              </button>
            </form>
          </>
        )}
      </div>
    </details>
  )
}
