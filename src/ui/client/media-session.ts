import { SEEK_STEP } from './keys.rules.ts'
import type { Player } from './player.ts'
import { followingOf } from './queue.rules.ts'

/** Lock screens, headphones, watches, and the scrobblers that read what a page says it plays. */
export function connectMediaSession(player: Player): void {
  const session = navigator.mediaSession
  if (!session) return
  const { seek, position } = player
  const always: [MediaSessionAction, MediaSessionActionHandler][] = [
    ['play', player.play],
    ['pause', player.pause],
    ['stop', player.pause],
    ['previoustrack', player.previous],
    ['seekbackward', ({ seekOffset }) => seek(position() - (seekOffset ?? SEEK_STEP))],
    ['seekforward', ({ seekOffset }) => seek(position() + (seekOffset ?? SEEK_STEP))],
    ['seekto', ({ seekTime }) => seek(seekTime ?? 0)],
  ]
  const set = (action: MediaSessionAction, act: MediaSessionActionHandler | null) => {
    try {
      session.setActionHandler(action, act)
    } catch {
      // An action that this browser does not know.
    }
  }
  for (const [action, act] of always) set(action, act)

  let shown = ''
  player.on('changed', () => {
    const track = player.track()
    if (!track) return
    if (shown !== track.id) {
      shown = track.id
      const { title, artist, album, artwork } = track
      session.metadata = new MediaMetadata({ title, artist, album, artwork })
    }
    set('nexttrack', followingOf(player.queue()) && player.next)
    session.playbackState = player.state().playing ? 'playing' : 'paused'
    const duration = player.duration()
    if (duration) session.setPositionState?.({ duration, position: Math.min(position(), duration) })
  })
}
