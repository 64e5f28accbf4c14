import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { type RailItem, type Section, StudioLayout } from '../../ui/studio-layout.tsx'
import type { Desk } from './actor.views.ts'
import type { WebEnv } from './guard.ts'
import { type Action, can } from './rights.rules.ts'
import { words } from './words.ts'

export type StudioPageProps = {
  c: Context<WebEnv>
  title: string
  current?: Section | undefined
  /** The artist that this page is about, when it may be another than the one at the desk (a release's own). */
  artistId?: string | undefined
  /** The same for a label. */
  labelId?: string | undefined
  /** Which link of the foot this page is, by its address. */
  foot?: string | undefined
  notice?: Child
  tray?: Child
  head?: Child
  scripts?: string[] | undefined
  wide?: boolean | undefined
  children?: Child
}

/** A page of the studio, with the places that this person may use and those that they work for. */
export const StudioPage = ({ c, current, artistId, labelId, foot, scripts = [], ...rest }: StudioPageProps) => {
  const page = c.get('page')
  const desk = deskFor(c.get('desk'), artistId, labelId)
  return (
    <StudioLayout
      page={page}
      rail={railOf(c, desk)}
      current={current}
      desk={namedDesk(desk)}
      account={c.get('actor') ? { href: '/studio/account', signOutAction: '/studio/sign-out' } : undefined}
      foot={footOf(c, desk).map((link) => ({ ...link, current: link.href === foot }))}
      scripts={scripts}
      {...rest}
    />
  )
}

function deskFor(desk: Desk, artistId: string | undefined, labelId: string | undefined): Desk {
  const artist = artistId && desk.artists.find(({ id }) => id === artistId)
  if (artist) return { ...desk, current: { kind: 'artist', artist } }
  const label = labelId && desk.labels.find(({ id }) => id === labelId)
  return label ? { ...desk, current: { kind: 'label', label } } : desk
}

const idOf = ({ current }: Desk) =>
  current?.kind === 'artist' ? current.artist.id : current?.kind === 'label' ? current.label.id : null

function namedDesk(desk: Desk) {
  const { current } = desk
  if (!current) return undefined
  const { name, slug } = current.kind === 'artist' ? current.artist : current.label
  const others = [...desk.artists, ...desk.labels].filter(({ id }) => id !== idOf(desk))
  return {
    name,
    siteHref: `/${slug}`,
    others: others.map((other) => ({ name: other.name, href: `/studio?desk=${encodeURIComponent(other.slug)}` })),
  }
}

/** Whoever may prepare something to give has a calendar. */
const CALENDAR: readonly Action[] = ['music.edit', 'journal.edit', 'announce.edit']

function railOf(c: Context<WebEnv>, desk: Desk): RailItem[] {
  const actor = c.get('actor')
  if (!actor) return []
  const rail: RailItem[] = [{ section: 'home', href: '/studio' }]
  if (CALENDAR.some((action) => mayForDesk(c, desk, action)))
    rail.push({ section: 'calendar', href: '/studio/calendar' })
  if (mayForDesk(c, desk, 'music.edit')) rail.push({ section: 'music', href: '/studio/music' })
  if (mayForDesk(c, desk, 'journal.edit')) rail.push({ section: 'journal', href: '/studio/journal' })
  if (mayForDesk(c, desk, 'announce.edit')) rail.push({ section: 'announcements', href: '/studio/announcements' })
  if (mayForDesk(c, desk, 'fans.edit')) rail.push({ section: 'fans', href: '/studio/fans' })
  if (mayForDesk(c, desk, 'inbox.answer'))
    rail.push({ section: 'inbox', href: '/studio/inbox', waiting: c.get('inboxWaiting') })
  if (mayForDesk(c, desk, 'returns.see')) rail.push({ section: 'returns', href: '/studio/returns' })
  if (desk.current?.kind === 'artist' && mayForDesk(c, desk, 'shop.edit'))
    rail.push({ section: 'shop', href: '/studio/shop' })
  if (desk.current?.kind === 'artist' && mayForDesk(c, desk, 'journal.edit'))
    rail.push({ section: 'operations', href: '/studio/operations' })
  if (c.get('booksInUse') && mayForDesk(c, desk, 'books.see')) rail.push({ section: 'books', href: '/studio/books' })
  const tasks = c.get('tasks')
  if (mayForDesk(c, desk, 'tasks.edit') && (tasks?.some || desk.current?.kind === 'label'))
    rail.push({ section: 'tasks', href: '/studio/tasks', waiting: tasks?.due, waitingFor: 'tasks' })
  if (desk.current?.kind === 'label') rail.push({ section: 'label', href: '/studio/label' })
  return rail
}

function mayForDesk(c: Context<WebEnv>, desk: Desk, action: Action): boolean {
  const { current } = desk
  if (current?.kind === 'artist') return can(c.get('actor'), action, { kind: 'artist', artistId: current.artist.id })
  if (current?.kind === 'label') return can(c.get('actor'), action, { kind: 'label', labelId: current.label.id })
  return false
}

function footOf(c: Context<WebEnv>, desk: Desk): { label: string; href: string }[] {
  const t = words(c.get('page').lang)
  const links: { label: string; href: string }[] = []
  if (mayForDesk(c, desk, 'artist.edit')) links.push({ label: t('foot_profile'), href: '/studio/artist' })
  if (desk.current?.kind === 'artist' && mayForDesk(c, desk, 'artist.edit'))
    links.push({ label: t('foot_press'), href: '/studio/press' })
  if (mayForDesk(c, desk, 'artist.people') || mayForDesk(c, desk, 'label.people'))
    links.push({ label: t('foot_people'), href: '/studio/people' })
  if (mayForDesk(c, desk, 'channels.edit')) links.push({ label: t('foot_channels'), href: '/studio/channels' })
  if (!c.get('booksInUse') && mayForDesk(c, desk, 'books.edit'))
    links.push({ label: t('foot_books'), href: '/studio/books/seller' })
  if (desk.current?.kind === 'artist' && !c.get('tasks')?.some && mayForDesk(c, desk, 'tasks.edit'))
    links.push({ label: t('foot_tasks'), href: '/studio/tasks' })
  if (can(c.get('actor'), 'site.manage', { kind: 'site' }))
    links.push(
      { label: t('foot_settings'), href: '/studio/settings' },
      { label: t('foot_place_channels'), href: '/studio/settings/channels' },
      { label: t('foot_jobs'), href: '/studio/jobs' },
      { label: t('foot_reports'), href: '/studio/reports' },
    )
  const stray = c.get('strayTexts')
  if (stray) links.push({ label: t('foot_stray', { n: stray }), href: '/studio/settings/texts' })
  return links
}
