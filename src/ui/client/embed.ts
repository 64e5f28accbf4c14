import { connectBar } from './bar.ts'
import { startListens } from './listens.ts'
import { connectMediaSession } from './media-session.ts'
import { connectPage, cue } from './page-buttons.ts'
import { createPlayer } from './player.ts'
import { startTouches } from './touches.ts'

// The page inside an embed: the same player and the same counting, no navigation, nothing that takes the keys of the site
// around it.
document.documentElement.classList.add('js')
const player = createPlayer()
const bar = document.getElementById('player')
startTouches(player)
if (bar) {
  connectBar(bar, player)
  connectMediaSession(player)
  startListens(player)
  connectPage(player, cue(player))
}
