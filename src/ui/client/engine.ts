import type { PlayerTrack } from '../player.types.ts'
import { volumeFor } from './loudness.rules.ts'
import { reach } from './reach.ts'
import { playableSources } from './source.rules.ts'

/** Why nothing is heard: the network is lost (retried), the sound is not there, or this browser cannot play it. */
export type Problem = 'offline' | 'missing' | 'unplayable'

/** `gainDb` of a track is applied when `level` is on. */
export type Loudness = { volume: number; muted: boolean; level: boolean }

export type Hooks = {
  /** Playing, waiting, the problem or the length changed. */
  changed(): void
  /** The position moved. `jumped` after a seek, a start or a wait: nothing between the last time and this was heard. */
  time(jumped: boolean): void
  /** Sound begins, or begins again. */
  playing(): void
  /** The track is over, or will be within some hundredths of a second. */
  ended(): void
  /** What will follow, to be made ready. */
  next(): PlayerTrack | null
}

type Timer = ReturnType<typeof setTimeout> | undefined

type Deck = {
  audio: HTMLAudioElement
  track: PlayerTrack | null
  sources: PlayerTrack['sources']
  /** Where to begin once the length is known, in seconds. */
  at: number | null
}

const READY_AHEAD_SECONDS = 20
/** What an element needs between `play()` and sound: the next one is started that much before the end. */
const START_LEAD_SECONDS = 0.03
const STALL_SECONDS = 6
const RETRY_SECONDS = [2, 4, 8, 15, 30]

/**
 * Two audio elements that hand over to each other, so that the next track follows without a hole.
 *
 * Plain elements and their `volume`, without WebAudio: on iOS a media element routed through an AudioContext falls silent
 * when the screen locks or another app comes forward, and music that stops in a pocket is worse than music that is not
 * levelled (iOS ignores `volume`, so there nothing is levelled). Hence attenuation only, with no gain above 1.
 */
export function createEngine(hooks: Hooks) {
  let deck = newDeck()
  let spare = newDeck()
  let wanted = false
  let waiting = false
  let problem: Problem | null = null
  let broken = false
  let tries = 0
  let blessed = false
  let loudness: Loudness = { volume: 1, muted: false, level: true }
  let handOver: Timer
  let stalled: Timer
  let retry: Timer

  function newDeck(): Deck {
    const made: Deck = { audio: new Audio(), track: null, sources: [], at: null }
    const on = (type: string, act: () => void) =>
      made.audio.addEventListener(type, () => {
        if (made === deck && made.track) act()
      })
    made.audio.addEventListener('loadedmetadata', () => {
      if (made.at !== null) made.audio.currentTime = made.at
      made.at = null
      if (made === deck) hooks.changed()
    })
    made.audio.addEventListener('error', () => {
      if (made === deck) void failed()
      else made.track = null
    })
    on('playing', () => {
      clearTimeout(stalled)
      waiting = broken = false
      problem = null
      tries = 0
      hooks.playing()
      hooks.time(true)
      hooks.changed()
    })
    on('waiting', () => {
      waiting = true
      watchStall()
      hooks.changed()
    })
    on('pause', () => {
      // Also fired at the end of a track, and late for a pause that a new `play()` has already undone.
      if (!deck.audio.paused || deck.audio.ended) return
      wanted = false
      hooks.changed()
    })
    on('timeupdate', () => {
      hooks.time(false)
      lookAhead()
    })
    on('seeked', () => hooks.time(true))
    on('ended', end)
    return made
  }

  /** Puts the track's next source into the element; without one left, says so. */
  function tryNextSource(): void {
    const source = deck.sources.shift()
    broken = !source
    if (!source) {
      problem = 'unplayable'
      wanted = false
      hooks.changed()
      return
    }
    deck.audio.src = source.src
    if (wanted) start()
  }

  function fill(target: Deck, track: PlayerTrack, at: number, preload: 'auto' | 'none'): void {
    target.track = track
    target.sources = playableSources(track.sources, (type) => target.audio.canPlayType(type))
    target.at = at || null
    target.audio.preload = preload
    adjust(target)
  }

  function adjust({ audio, track }: Deck): void {
    audio.volume = volumeFor(loudness.volume, loudness.level ? (track?.gainDb ?? 0) : 0)
    audio.muted = loudness.muted
  }

  function start(byItself = false): void {
    const { audio } = deck
    audio.preload = 'auto'
    audio.play().catch((error: DOMException) => {
      if (error.name !== 'NotAllowedError' || audio !== deck.audio) return
      if (!byItself) {
        wanted = false
        return hooks.changed()
      }
      // Some browsers let an element play unasked only once a finger has started it: go on in the one that was.
      const { track } = deck
      ;[deck, spare] = [spare, deck]
      spare.track = null
      if (track) load(track, 0, true)
    })
  }

  function lookAhead(): void {
    clearTimeout(handOver)
    const { audio } = deck
    const left = audio.duration - audio.currentTime
    if (!wanted || !(left < READY_AHEAD_SECONDS)) return
    const next = hooks.next()
    if (!next) return
    if (spare.track !== next) {
      fill(spare, next, 0, 'auto')
      const [source] = spare.sources
      if (source) spare.audio.src = source.src
      spare.sources = spare.sources.slice(1)
    }
    if (left < 1 && spare.audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA)
      handOver = setTimeout(end, Math.max(0, left - START_LEAD_SECONDS) * 1000)
  }

  function end(): void {
    clearTimeout(handOver)
    if (!hooks.next()) wanted = false
    hooks.ended()
    hooks.changed()
  }

  function watchStall(): void {
    clearTimeout(stalled)
    stalled = setTimeout(async () => {
      if (!waiting || !wanted) return
      const { audio } = deck
      const answer = await reach(audio.currentSrc)
      if (!waiting || !wanted || audio !== deck.audio) return
      if (answer === 'lost') lost()
      else watchStall()
    }, STALL_SECONDS * 1000)
  }

  async function failed(): Promise<void> {
    const { audio, track } = deck
    deck.at = position()
    broken = true
    const answer = await reach(audio.currentSrc || audio.src)
    if (deck.audio !== audio || deck.track !== track) return
    if (answer === 'lost') return lost()
    if (deck.sources.length) return tryNextSource()
    problem = answer === 'there' ? 'unplayable' : 'missing'
    wanted = false
    hooks.changed()
  }

  function lost(): void {
    deck.at = position()
    problem = 'offline'
    broken = true
    clearTimeout(retry)
    if (wanted) retry = setTimeout(reopen, (RETRY_SECONDS[tries++] ?? 30) * 1000)
    hooks.changed()
  }

  /** The same track again from where it was, with fresh sources. */
  function reopen(): void {
    clearTimeout(retry)
    if (!deck.track) return
    fill(deck, deck.track, position(), wanted ? 'auto' : 'none')
    tryNextSource()
  }

  addEventListener('online', () => {
    if (problem !== 'offline') return
    if (wanted) reopen()
    else problem = null
    hooks.changed()
  })

  const position = () => deck.at ?? deck.audio.currentTime

  function load(track: PlayerTrack, at: number, play: boolean): void {
    const before = deck
    const prepared = play && !at && spare.track === track && !spare.audio.error
    clearTimeout(handOver)
    clearTimeout(retry)
    problem = null
    broken = waiting = false
    wanted = play
    if (prepared) {
      // An early hand-over leaves the last hundredths of a second to the element that is ending.
      if (before.audio.duration - before.audio.currentTime > 0.2) before.audio.pause()
      ;[deck, spare] = [spare, deck]
      spare.track = null
      start(true)
    } else {
      if (!play) deck.audio.pause()
      fill(deck, track, at, play ? 'auto' : 'none')
      tryNextSource()
    }
    hooks.changed()
  }

  return {
    load,
    play(): void {
      if (!deck.track) return
      wanted = true
      if (!blessed) {
        // On iOS, `load()` under a finger allows this element to start by itself later.
        blessed = true
        if (!spare.track) spare.audio.load()
      }
      if (broken) reopen()
      else start()
      hooks.changed()
    },
    pause(): void {
      wanted = false
      clearTimeout(handOver)
      clearTimeout(retry)
      deck.audio.pause()
      hooks.changed()
    },
    seek(seconds: number): void {
      clearTimeout(handOver)
      hooks.time(false)
      const to = Math.max(0, Math.min(seconds, duration()))
      if (deck.audio.readyState && !broken) deck.audio.currentTime = to
      else deck.at = to
      hooks.time(true)
      hooks.changed()
    },
    setLoudness(next: Loudness): void {
      loudness = next
      adjust(deck)
      adjust(spare)
    },
    position,
    duration,
    state: () => ({ playing: wanted, waiting: wanted && waiting, sounding: wanted && !waiting && !problem, problem }),
  }

  function duration(): number {
    const known = deck.audio.duration
    return Number.isFinite(known) && known > 0 ? known : (deck.track?.durationMs ?? 0) / 1000
  }
}
