import { readDeepLink } from './deep-link.rules.ts'
import { arrived } from './events.ts'
import type { Player } from './player.ts'
import { movedTo, type Queue, readQueue } from './queue.rules.ts'

/**
 * What a page says to the player:
 * `<script type="application/json" data-queue data-index="0">{"tracks":[...]}</script>`, one for the page or one inside each
 * `[data-queue-scope]`, and `<button data-play data-index="3">`. A button without `data-index` plays the queue from its
 * start (from the script's own `data-index`). A button of the track that plays carries `aria-pressed="true"` and
 * `data-playing="playing"` or `"paused"`.
 */
export function connectPage(player: Player): void {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest?.<HTMLElement>('[data-play]')
    if (!button) return
    const queue = queueOf(button)
    if (!queue) return
    event.preventDefault()
    if (isOf(button, queue, player)) player.toggle()
    else player.open(queue, 0, true)
  })

  const mark = () => {
    const { playing } = player.state()
    for (const button of document.querySelectorAll<HTMLElement>('[data-play]')) {
      const queue = queueOf(button)
      const mine = queue !== null && isOf(button, queue, player)
      button.setAttribute('aria-pressed', String(mine && playing))
      if (mine) button.dataset.playing = playing ? 'playing' : 'paused'
      else delete button.dataset.playing
    }
  }
  player.on('changed', mark)

  const followLink = (play: boolean): boolean => {
    const link = readDeepLink(location.hash)
    const queue = link && queueOf(document.body, link.track === null ? undefined : link.track - 1)
    if (queue) player.open(queue, link.seconds, play)
    return Boolean(queue)
  }
  // Only what was asked for by a click inside the site plays by itself: an address opened from elsewhere waits.
  addEventListener('hashchange', () => followLink(true))
  document.addEventListener('ritornello:page', (event) => {
    if (event.detail.opened) followLink(true)
    mark()
  })
  // After a reload the listener's own place is worth more than the one in the address.
  if (arrived()) followLink(false) || player.restore()
  else player.restore() || followLink(false)
  mark()
}

/** The queue of the page, paused at its first track: for pages that show the bar from the start. */
export function cuePage(player: Player): void {
  const queue = queueOf(document.body)
  if (queue && !player.track()) player.open(queue, 0, false)
}

const read = new WeakMap<Element, Queue | null>()

function queueOf(from: HTMLElement, index?: number): Queue | null {
  const script = (from.closest('[data-queue-scope]') ?? document).querySelector<HTMLElement>('script[data-queue]')
  if (!script) return null
  if (!read.has(script)) read.set(script, readQueue(script.textContent))
  const queue = read.get(script)
  return queue ? movedTo(queue, index ?? Number(from.dataset.index ?? script.dataset.index ?? 0)) : null
}

function isOf(button: HTMLElement, queue: Queue, player: Player): boolean {
  const playing = player.track()?.id
  if (!playing) return false
  return button.dataset.index === undefined
    ? queue.tracks.some(({ id }) => id === playing)
    : queue.tracks[queue.index]?.id === playing
}
