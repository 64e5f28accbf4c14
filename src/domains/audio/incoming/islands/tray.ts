import { startNavigation } from '../../../../ui/client/navigate.ts'
import type { Sender } from './sender.ts'
import { percentOf } from './sizes.ts'

export type Sending = Sender & { page(): string; worked(): boolean }

type Area = {
  element: HTMLElement
  sender: Sending
  says: { counted: string; arrived: string; see: string; problem: string }
  fill: (text: string, values: Record<string, string | number>) => string
}

/** What is being sent from this document. A page that shows one of them takes its element; the others stand in the tray. */
const areas: Area[] = []
let kept = false

/**
 * Keeps this document, and with it what is being sent, while one moves about the studio: its links and forms are followed inside it.
 * Whatever the browser leads to by itself ends it, and asks first.
 */
export function keepSending(area: Area): void {
  areas.push(area)
}

/** To be called once the batch's own address stands in the browser. */
export function stayInDocument(): void {
  if (kept) return
  kept = true
  startNavigation({ playing: isSending, say: () => false })
  document.addEventListener('ritornello:page', ({ detail }) => showPage(detail.page))
}

const isSending = () => areas.some(({ sender }) => sender.items.some(({ state, file }) => file && /ing$/.test(state)))

let pages = 0

function showPage(page: Document): void {
  for (const { element, sender } of areas) {
    const other = [...document.querySelectorAll<HTMLElement>('[data-island=upload]')].find(
      (one) => one !== element && pageOf(one) === sender.page(),
    )
    other?.replaceWith(element)
  }
  drawTray()
  pages += 1
  // A module runs once under one address, and this page has elements of its own.
  for (const { src } of page.scripts)
    if (src && !src.includes('/upload-'))
      document.head.append(
        Object.assign(document.createElement('script'), { type: 'module', src: `${src}?page=${pages}` }),
      )
}

const pageOf = (element: HTMLElement): string | undefined =>
  (JSON.parse(element.dataset['props'] ?? '{}') as { batch?: { page: string } | null }).batch?.page

/** Writes the tray anew: what is under way and not on the page itself. */
export function drawTray(): void {
  const tray = document.querySelector<HTMLElement>('[data-tray]')
  if (!tray) return
  const elsewhere = areas.filter(
    ({ element, sender }) => !element.isConnected && sender.worked() && sender.items.length > 0,
  )
  tray.hidden = elsewhere.length === 0
  const list = tray.querySelector('ul') ?? tray.appendChild(document.createElement('ul'))
  while (list.children.length > elsewhere.length) list.lastElementChild?.remove()
  elsewhere.forEach((area, i) => {
    drawLine((list.children[i] as HTMLElement | undefined) ?? list.appendChild(newLine()), area)
  })
}

function newLine(): HTMLElement {
  const line = document.createElement('li')
  const words = document.createElement('span')
  words.setAttribute('role', 'status')
  line.append(words, document.createElement('a'), document.createElement('progress'))
  return line
}

function drawLine(line: HTMLElement, { sender, says, fill }: Area): void {
  const [words, link, bar] = line.children as unknown as [HTMLElement, HTMLAnchorElement, HTMLProgressElement]
  const total = sender.items.reduce((sum, { size }) => sum + size, 0)
  const sent = sender.items.reduce((sum, { received, size }) => sum + Math.min(received, size), 0)
  const done = sender.items.filter(({ state }) => state === 'done').length
  const all = done === sender.items.length
  const failed = sender.items.some(({ state }) => state === 'failed' || state === 'missing')
  // Announced when it changes: file by file, not byte by byte.
  const sentence = all
    ? says.arrived
    : failed && !isSending()
      ? says.problem
      : fill(says.counted, { done, count: sender.items.length })
  if (words.textContent !== sentence) words.textContent = sentence
  link.href = sender.page()
  link.textContent = says.see
  bar.max = Math.max(1, total)
  bar.value = total === 0 ? 1 : sent
  bar.hidden = all
  bar.setAttribute('aria-label', `${sentence} (${percentOf(sent, total)}%)`)
}
