import { keep, without } from './outbox.rules.ts'
import { hear, isListen, type Played, playedMs, resumePlayed, startPlayed } from './played.rules.ts'
import type { Player } from './player.ts'
import { beacon, post, uuid } from './send.ts'
import { recall, remember } from './store.ts'

/**
 * What `POST /api/listens` receives. One `play` may come several times, each with what was heard until then: the largest
 * counts. The script makes no identifier of who listens; whether the server knows a visitor is for `exchange` to say.
 */
export type ListenReport = {
  play: string
  track: string
  startedAt: string
  playedMs: number
  durationMs: number
  ended: boolean
}

const URL = '/api/listens'
const OUTBOX = 'listens'
const AT_MOST = 200

/**
 * A listen counts seconds really played (see `played.rules.ts`). Reported once it is one (half of the track or four minutes,
 * tracks over 30 seconds), and again with the total when the track is left or the page goes. What could not be sent waits on
 * this device, at most 200 of them, and goes when the network is back.
 */
export function startListens(player: Player): void {
  let play: Omit<ListenReport, 'playedMs' | 'ended'> | null = null
  let played: Played = startPlayed({ wall: 0, position: 0 })
  let told = -1

  const reading = () => ({ wall: performance.now(), position: player.position() * 1000 })

  const report = (ended: boolean): ListenReport | null => {
    const heard = playedMs(played)
    if (!play || heard <= told || !isListen(heard, play.durationMs)) return null
    told = heard
    return { ...play, playedMs: heard, ended }
  }

  player.on('started', ({ id }) => {
    play = {
      play: uuid(),
      track: id,
      startedAt: new Date().toISOString(),
      durationMs: Math.round(player.duration() * 1000),
    }
    played = startPlayed(reading())
    told = -1
  })
  player.on('time', (jumped) => {
    played = (jumped ? resumePlayed : hear)(played, reading())
    if (told < 0) void send(report(false))
  })
  player.on('left', (ended) => {
    void send(report(ended))
    play = null
  })
  addEventListener('pagehide', () => {
    const last = report(false)
    if (!last) return
    // Without an answer one cannot know: what is already waiting waits on, with the total.
    if (!navigator.onLine || waiting().some((other) => other.play === last.play)) put(keep(waiting(), last, AT_MOST))
    else beacon(URL, last)
  })
  addEventListener('online', flush)
  void flush()
}

const waiting = () => recall<ListenReport[]>('localStorage', OUTBOX) ?? []

const put = (reports: ListenReport[]) => remember('localStorage', OUTBOX, reports)

async function send(report: ListenReport | null): Promise<void> {
  if (!report) return
  if ((await post(URL, report)) === 'later') put(keep(waiting(), report, AT_MOST))
  else if (waiting().length) await flush()
}

let flushing = false

async function flush(): Promise<void> {
  if (flushing) return
  flushing = true
  for (const report of waiting()) {
    if ((await post(URL, report)) === 'later') break
    put(without(waiting(), report.play))
  }
  flushing = false
}
