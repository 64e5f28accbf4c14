import { announcePage } from './events.ts'
import { decideLink, isOurs, isOwnTarget, samePage } from './link.rules.ts'
import { keepScroll, place, positionOf } from './scroll.ts'
import { loadStyles, mustReload, swapPage } from './swap.ts'

type How = 'push' | 'replace' | 'back'
type Visit = { to: URL; how: How; init?: RequestInit; form?: HTMLFormElement; still?: boolean }

export type Surroundings = {
  playing(): boolean
  /** Says that a page or an answer did not come; false when there is nowhere to say it. */
  say(what: 'page_lost' | 'form_lost', form?: HTMLFormElement): boolean
}

const SLOW_MS = 300

/**
 * Follows links and forms inside the site by putting the new page's parts in place, so that what plays goes on. Whatever is
 * not plainly a page of ours is the browser's: other origins, other targets, files, modified clicks, `download`,
 * `data-reload` (on it or around it), forms with a file. A form whose answer is a file, or leads to another site, needs
 * `data-reload`: a script cannot follow it there.
 *
 * A page takes part when it has `<main id="page">`, and the same `<html data-shell>` and `<body class>` as the one before.
 */
export function startNavigation({ playing, say }: Surroundings): void {
  let shown = new URL(location.href)
  let current: AbortController | null = null
  keepScroll()

  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest?.<HTMLAnchorElement>('a[href]')
    if (!link || !(link instanceof HTMLAnchorElement)) return
    const decision = decideLink({
      href: link.href,
      base: location.href,
      button: event.button,
      modified: event.metaKey || event.ctrlKey || event.shiftKey || event.altKey,
      prevented: event.defaultPrevented,
      target: link.target,
      download: link.hasAttribute('download'),
      reload: link.closest('[data-reload]') !== null,
    })
    if (decision === 'browser') return
    event.preventDefault()
    const to = new URL(link.href)
    void visit({ to, how: to.href === location.href ? 'replace' : 'push' })
  })

  document.addEventListener('submit', (event) => {
    const asked = event.defaultPrevented ? null : requestOf(event)
    if (!asked) return
    event.preventDefault()
    if (!asked.form?.hasAttribute('aria-busy')) void visit(asked)
  })

  addEventListener('popstate', (event) => {
    // No state: an anchor of this page, which the browser has just scrolled to.
    if (!event.state?.key && samePage(shown, location)) return
    if (samePage(shown, location)) return scrollTo({ ...positionOf(event.state), behavior: 'instant' })
    // The browser has already shown the way back, by a swipe.
    const swiped = (event as PopStateEvent & { hasUAVisualTransition?: boolean }).hasUAVisualTransition === true
    void visit({ to: new URL(location.href), how: 'back', still: swiped })
  })

  async function visit({ to, how, init, form, still }: Visit): Promise<void> {
    current?.abort()
    const mine = new AbortController()
    current = mine
    const root = document.documentElement
    const slow = setTimeout(() => {
      root.dataset.loading = ''
    }, SLOW_MS)
    form?.setAttribute('aria-busy', 'true')
    try {
      const response = await fetch(to, {
        headers: { accept: 'text/html' },
        // Back shows what was there, as the browser's own Back does, even without a network.
        cache: how === 'back' ? 'force-cache' : 'default',
        ...init,
        signal: mine.signal,
      })
      const url = new URL(response.url)
      if (!url.hash) url.hash = to.hash
      // A form that is shown again keeps the address of the page that it stands on.
      const stays = init !== undefined && !response.redirected
      if (!/^text\/html\b/.test(response.headers.get('content-type') ?? '')) {
        mine.abort()
        return leave(stays ? shown : url, how)
      }
      const next = new DOMParser().parseFromString(await response.text(), 'text/html')
      if (!stays && mustReload(next, playing())) return leave(url, how)
      await loadStyles(next)
      if (mine.signal.aborted) return
      await swapPage(
        next,
        () => {
          if (!stays && how !== 'back') place(url, how)
          shown = new URL(location.href)
        },
        how === 'back' ? positionOf(history.state) : null,
        still,
      )
      announcePage(url.href, !stays && how !== 'back', next)
      shown = new URL(location.href)
    } catch {
      if (!mine.signal.aborted) await lost({ to, how, ...(init && { init }), ...(form && { form }) })
    } finally {
      form?.removeAttribute('aria-busy')
      clearTimeout(slow)
      if (current === mine) delete root.dataset.loading
    }
  }

  /** No answer that a script can read: no network, or a way that leads to another site. A form is never sent twice. */
  async function lost({ to, how, init, form }: Visit): Promise<void> {
    if (init) {
      if (!say('form_lost', form)) location.reload()
      return
    }
    const elsewhere = await fetch(to, { redirect: 'manual' }).then(
      ({ type }) => type === 'opaqueredirect',
      () => false,
    )
    if (elsewhere || !playing() || !say('page_lost')) leave(to, how)
  }
}

function leave(to: URL, how: How): void {
  if (how === 'back') location.reload()
  else location.assign(to)
}

/** What a form asks for, or null when the browser should send it. */
function requestOf({ target, submitter }: SubmitEvent): Visit | null {
  const form = target as HTMLFormElement
  // Attributes, not properties: a field named "action" would stand in the way of `form.action`.
  const given = (name: string) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? ''
  const to = new URL(given('action') || location.href, document.baseURI)
  const method = given('method').toLowerCase() || 'get'
  const hasFile = [...form.elements].some((field) => (field as HTMLInputElement).type === 'file')
  if (hasFile || form.closest('[data-reload]') || submitter?.closest('[data-reload]')) return null
  if (method === 'dialog' || !isOwnTarget(given('target')) || !isOurs(to.href, location.href)) return null
  const data = new FormData(form, submitter)
  const fields = new URLSearchParams(data as unknown as Record<string, string>)
  if (method === 'post') {
    const body = given('enctype') === 'multipart/form-data' ? data : fields
    return { to, how: 'push', init: { method: 'POST', body }, form }
  }
  to.search = fields.toString()
  return { to, how: to.href === location.href ? 'replace' : 'push' }
}
