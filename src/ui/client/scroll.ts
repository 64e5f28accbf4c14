import { uuid } from './send.ts'
import { recall, remember } from './store.ts'

type Place = { left: number; top: number }

/** Where each entry of the tab's history was scrolled to, by the key kept in its state. */
const places: Record<string, Place> = recall('sessionStorage', 'scroll') ?? {}
let key = ''

/** Takes scroll restoration over from the browser for as long as this document lives. */
export function keepScroll(): void {
  const take = () => {
    history.scrollRestoration = 'manual'
    key = history.state?.key ?? uuid()
    history.replaceState({ ...history.state, key }, '')
  }
  take()
  addEventListener('scroll', () => note(), { passive: true })
  addEventListener('popstate', () => {
    // An anchor followed on this page made an entry without a key.
    if (!history.state?.key) history.replaceState({ key: uuid() }, '')
    key = history.state.key
  })
  addEventListener('pageshow', ({ persisted }) => persisted && take())
  addEventListener('pagehide', () => {
    // A reload, or Back to this document, is the browser's to restore.
    history.scrollRestoration = 'auto'
    remember('sessionStorage', 'scroll', places)
  })
}

function note(): void {
  places[key] = { left: scrollX, top: scrollY }
}

/** Makes `url` the address of the page about to stand here. */
export function place(url: URL, how: 'push' | 'replace'): void {
  note()
  if (how === 'push') key = uuid()
  history[how === 'push' ? 'pushState' : 'replaceState']({ key }, '', url)
}

export const positionOf = (state: { key?: string } | null): Place => places[state?.key ?? ''] ?? { left: 0, top: 0 }
