import { arrived } from './events.ts'
import type { Player } from './player.ts'
import { beacon, uuid } from './send.ts'
import { recall, remember } from './store.ts'
import { outsideReferrer, takeToken } from './visit.rules.ts'

/**
 * What `POST /api/touches` receives.
 *
 * - `page`: a page with a subject (`<main id="page" data-subject="release:ID">`) was opened by a link, a form or an address
 *   and came before somebody's eyes. Not a page rendered ahead and never shown, not a tab never looked at, not a reload,
 *   not Back, not a form shown again with its errors.
 * - `start`: a track's first sound was heard.
 *
 * `referrer` is the origin and path of the other site that led to this visit, never its query. `token` names the gift that
 * brought the visitor (`?via=`, or `data-gift-token` on main); it lives in this tab until it is closed. `key` makes the same
 * report count once. The script makes no identifier of the visitor and reads no cookie; whether the server knows a visitor,
 * and what Global Privacy Control changes there, is for `exchange` to say. A touch that does not arrive is lost, and nobody
 * is told.
 */
export type TouchReport = {
  key: string
  kind: 'page' | 'start'
  subject: string
  path: string
  referrer: string | null
  token: string | null
}

export function startTouches(player: Player): void {
  const referrer = outsideReferrer(document.referrer, location.origin)

  const touch = (kind: TouchReport['kind'], subject: string | undefined, from: string | null) => {
    if (!subject) return
    const token = recall<string>('sessionStorage', 'via')
    const report: TouchReport = { key: uuid(), kind, subject, path: location.pathname, referrer: from, token }
    beacon('/api/touches', report)
  }
  const page = () => document.getElementById('page')?.dataset

  noteToken(page()?.giftToken)
  player.on('started', ({ subject }) => touch('start', subject, referrer))
  document.addEventListener('ritornello:page', ({ detail }) => {
    noteToken(page()?.giftToken)
    if (detail.opened) touch('page', page()?.subject, null)
  })
  if (arrived()) whenSeen(() => touch('page', page()?.subject, referrer))
  // Whoever asks to be written to says by whose link they came: it stands in the address no more. Links of messages are somebody's own, and are not told here.
  document.addEventListener('formdata', ({ target, formData }) => {
    const token = recall<string>('sessionStorage', 'via')
    const to = new URL((target as HTMLFormElement).getAttribute('action') ?? '', document.baseURI)
    if (token?.startsWith('s.') && to.pathname.startsWith('/follow/')) formData.set('via', token)
  })
}

/** Keeps the token for the visit and takes it out of the address bar, so that a copied address does not carry it on. */
function noteToken(given: string | undefined): void {
  const { token, href } = takeToken(location.href)
  if (href !== location.href) history.replaceState(history.state, '', href)
  if (token ?? given) remember('sessionStorage', 'via', token ?? given)
}

/** Once the page is no longer rendered ahead and stands in a tab that is looked at. */
function whenSeen(act: () => void): void {
  const prerendering = () => (document as Document & { prerendering?: boolean }).prerendering
  const seen = () => !prerendering() && document.visibilityState === 'visible'
  const types = ['visibilitychange', 'prerenderingchange']
  const look = () => {
    if (!seen()) return
    for (const type of types) document.removeEventListener(type, look)
    act()
  }
  for (const type of types) document.addEventListener(type, look)
  look()
}
