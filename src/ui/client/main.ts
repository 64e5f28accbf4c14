import { connectBar, wordsOf } from './bar.ts'
import { startFrames } from './frames.ts'
import { startIslands } from './islands.ts'
import { startListens } from './listens.ts'
import { connectMediaSession } from './media-session.ts'
import { startNavigation } from './navigate.ts'
import { connectPage, resume } from './page-buttons.ts'
import { createPlayer } from './player.ts'
import { connectQueuePanel } from './queue-panel.ts'
import { connectShortcuts } from './shortcuts.ts'
import { startTouches } from './touches.ts'

document.documentElement.classList.add('js')
const player = createPlayer()
const bar = document.getElementById('player')

// Touches first: they take the gift's token out of the address before navigation notes it.
startTouches(player)
if (bar) {
  connectBar(bar, player)
  connectQueuePanel(bar, player)
  connectShortcuts(player, () => document.getElementById('player-keys')?.togglePopover?.())
  connectMediaSession(player)
  startListens(player)
  connectPage(player, resume(player))
  addEventListener('pagehide', player.save)
}
startNavigation({
  playing: () => player.state().playing,
  say(what, form) {
    const sentence = bar && wordsOf(bar)[what]
    if (!sentence) return false
    const place = form ? problemOf(form) : bar.querySelector('[data-p=notice]')
    if (place) place.textContent = sentence
    return place !== null
  },
})
startIslands()
startFrames(player.pause)

/** The sentence of a form that was not answered stands at its end, beside what was pressed. */
function problemOf(form: HTMLFormElement): Element {
  const there = form.querySelector('[data-lost]')
  if (there) return there
  const made = Object.assign(document.createElement('p'), { role: 'alert', className: 'error' })
  made.dataset.lost = ''
  form.append(made)
  return made
}
