import { readDeepLink } from './deep-link.rules.ts'
import { arrived } from './events.ts'
import { samePage } from './link.rules.ts'
import type { Player } from './player.ts'
import { movedTo, type Queue, readQueue } from './queue.rules.ts'

/**
 * What a page says to the player:
 * `<script type="application/json" data-queue data-index="0">{"tracks":[...]}</script>`, one for the page or one inside each
 * `[data-queue-scope]`, and `<button data-play data-index="3">`. A button without `data-index` plays the queue from its
 * start (from the script's own `data-index`). A button of the track that plays carries `aria-pressed="true"` and
 * `data-playing="playing"` or `"paused"`.
 */
export function connectPage(player: Player, begin: (followed: boolean) => void): void {
  // A film or a native player of the page: one sound at a time.
  document.addEventListener('play', player.pause, true)
  document.addEventListener('click', (event) => {
    const element = event.target as Element
    const link = element.closest<HTMLAnchorElement>('a[href*="#"]')
    // Once the browser has followed it. `hashchange` would not tell a click from Back, nor fire for the same second twice.
    if (link && samePage(link, location)) setTimeout(() => link.hash === location.hash && followLink(true))
    const button = element.closest<HTMLElement>('[data-play]')
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

  // Only what was asked for by a click inside the site plays by itself: an address opened from elsewhere waits.
  const followLink = (play: boolean): boolean => {
    const link = readDeepLink(location.hash)
    const queue = link && queueOf(document.body, link.track === null ? undefined : link.track - 1)
    if (queue) player.open(queue, link.seconds, play)
    return Boolean(queue)
  }
  document.addEventListener('ritornello:page', (event) => {
    if (event.detail.opened) followLink(true)
    mark()
  })
  begin(arrived() && followLink(false))
  mark()
}

/** Takes up what this tab played; after a reload the listener's own place is worth more than the one in the address. */
export const resume = (player: Player) => (followed: boolean) => void (followed || player.restore())

/** Shows the page's first track, paused: for pages that show the bar from the start. */
export const cue = (player: Player) => (followed: boolean) => {
  const queue = queueOf(document.body)
  if (queue && !followed) player.open(queue, 0, false)
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
