/** Whether the new page has to be loaded whole: another shell, or another build of the site while nothing plays. */
export function mustReload(next: Document, playing: boolean): boolean {
  if (!next.getElementById('page') || !document.getElementById('page') || shellOf(next) !== shellOf(document))
    return true
  return !playing && buildOf(next) !== buildOf(document)
}

const shellOf = ({ documentElement, body }: Document) => `${documentElement.dataset.shell} ${body.className}`

const buildOf = (page: Document) => page.querySelector<HTMLMetaElement>('meta[name=build]')?.content

const sheetsOf = (page: Document) => [...page.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')]

const PATIENCE_MS = 3000

/** Brings in the style sheets that only the new page has, before anything of it is seen. */
export async function loadStyles(next: Document): Promise<void> {
  const here = new Set(sheetsOf(document).map(({ href }) => href))
  const coming = sheetsOf(next)
    .filter(({ href }) => !here.has(href))
    .map((link) => {
      const sheet = document.importNode(link)
      const loaded = new Promise((done) => {
        sheet.onload = sheet.onerror = done
      })
      document.head.append(sheet)
      return loaded
    })
  if (coming.length) await Promise.race([Promise.all(coming), new Promise((late) => setTimeout(late, PATIENCE_MS))])
}

/**
 * Puts the new page in place: main, the `[data-swap]` regions, the head, the theme and the bar's language. `address` makes
 * the new address current, first, so that what is relative resolves against it. Then focus and scroll, and a word to those
 * who listen to the page.
 */
export async function swapPage(
  next: Document,
  address: () => void,
  scroll: ScrollToOptions | null,
  still = false,
): Promise<void> {
  const change = () => {
    address()
    // Without scripts in their document they would be live elements here, and start loading.
    for (const element of next.querySelectorAll('noscript')) element.remove()
    swapHead(next)
    for (const region of document.querySelectorAll<HTMLElement>('[data-swap]')) {
      const other = next.querySelector(`[data-swap="${region.dataset.swap}"]`)
      if (other) region.replaceWith(other)
      else region.replaceChildren()
    }
    speakItsLanguage(next)
    const page = next.getElementById('page')
    if (page) document.getElementById('page')?.replaceWith(page)
    focusAndScroll(scroll)
  }
  const calm = still || document.hidden || matchMedia('(prefers-reduced-motion: reduce)').matches
  if (calm || !document.startViewTransition) return change()
  const transition = document.startViewTransition(change)
  // A transition that is skipped (another began, two elements of one name) is not a page that failed.
  for (const moment of [transition.ready, transition.finished]) moment.catch(() => null)
  await transition.updateCallbackDone
}

/** All of the head that belongs to one page: words, cards, icons, and the colours and faces of its theme. */
const HEAD =
  'title,meta:not([charset],[name=viewport],[name=build]),link:not([rel=stylesheet],[rel=preload]),[data-theme],[type="application/ld+json"]'

function swapHead(next: Document): void {
  const coming = new Map([...next.head.querySelectorAll(HEAD)].map((element) => [element.outerHTML, element]))
  for (const element of document.head.querySelectorAll(HEAD)) if (!coming.delete(element.outerHTML)) element.remove()
  document.head.append(...coming.values())
  const staying = new Set(sheetsOf(next).map(({ href }) => href))
  for (const sheet of sheetsOf(document)) if (!staying.has(sheet.href)) sheet.remove()

  const [root, other] = [document.documentElement, next.documentElement]
  root.lang = other.lang
  root.dir = other.dir
  for (const name of ['scheme', 'theme']) {
    const value = other.dataset[name]
    if (value === undefined) delete root.dataset[name]
    else root.dataset[name] = value
  }
}

/** The bar stays the same element: what is written on it is taken from the new page's, part by part. */
function speakItsLanguage(next: Document): void {
  const others = next.querySelectorAll('[data-t]')
  document.querySelectorAll('[data-t]').forEach((element, i) => {
    const other = others[i]
    if (!other) return
    for (const { name, value } of other.attributes)
      if (/^(aria-label|title|data-words)$/.test(name)) element.setAttribute(name, value)
    if (!element.childElementCount && other.textContent) element.textContent = other.textContent
  })
}

function focusAndScroll(scroll: ScrollToOptions | null): void {
  const page = document.getElementById('page')
  const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null
  const first = page?.querySelector<HTMLElement>('[autofocus],[aria-invalid=true]')
  const heading = page?.querySelector<HTMLElement>('h1') ?? page
  if (!first && heading && heading.tabIndex < 0) heading.tabIndex = -1
  ;(first ?? heading)?.focus({ preventScroll: true })
  scrollTo({ left: 0, top: 0, ...scroll, behavior: 'instant' })
  // Back goes to where one was; otherwise to what the address names, or to what is to be filled in.
  if (!scroll) (target ?? first)?.scrollIntoView({ block: target ? 'start' : 'nearest', behavior: 'instant' })
  const voice = document.getElementById('announce')
  if (voice) voice.textContent = document.title
}
