import type { PlayerTrack } from '../player.types.ts'
import { createEngine, type Loudness } from './engine.ts'
import { currentOf, followingOf, movedTo, previousOf, type Queue } from './queue.rules.ts'
import { recall, remember } from './store.ts'

/** What is remembered of a listener's taste, on this device only. */
export type Preferences = Loudness & { keys: boolean }

type Events = {
  /** Anything that is shown changed, the position apart. */
  changed: () => void
  /** The position moved; `jumped` when what lies between was not heard. */
  time: (jumped: boolean) => void
  /** A track's first sound. */
  started: (track: PlayerTrack) => void
  /** The track that had started is left, at its end or before. */
  left: (ended: boolean) => void
}

type Saved = { queue: Queue; at: number }

/** The music of this tab: what plays, what follows, and how. Holds no element of the page and no word. */
export function createPlayer() {
  const listeners: { [E in keyof Events]: Events[E][] } = { changed: [], time: [], started: [], left: [] }
  const preferences: Preferences = {
    volume: 1,
    muted: false,
    level: true,
    keys: true,
    ...recall<Partial<Preferences>>('localStorage', 'player'),
  }
  let queue: Queue = { tracks: [], index: 0 }
  let begun = false

  const engine = createEngine({
    changed: () => tell('changed'),
    time: (jumped) => tell('time', jumped),
    playing() {
      const track = currentOf(queue)
      remember('localStorage', 'playing', performance.timeOrigin + performance.now())
      if (begun || !track) return
      begun = true
      tell('started', track)
    },
    ended() {
      leave(true)
      jump(queue.index + 1)
    },
    next: () => followingOf(queue),
  })
  engine.setLoudness(preferences)
  // Heard by the site's other tabs only: the last one that was started plays.
  addEventListener('storage', ({ key }) => key === 'ritornello.playing' && engine.pause())

  function tell<E extends keyof Events>(event: E, ...said: Parameters<Events[E]>): void {
    for (const listener of listeners[event] as ((...said: Parameters<Events[E]>) => void)[]) listener(...said)
  }

  function leave(ended: boolean): void {
    if (!begun) return
    tell('time', false)
    begun = false
    tell('left', ended)
  }

  function go(to: Queue, at: number, play: boolean): void {
    const track = currentOf(to)
    if (!track) return
    leave(false)
    queue = to
    engine.load(track, at, play)
  }

  function jump(index: number): void {
    const there = movedTo(queue, index)
    if (there) go(there, 0, true)
  }

  return {
    on<E extends keyof Events>(event: E, listener: Events[E]): void {
      listeners[event].push(listener)
    },
    /** Puts a queue in place of the former one. With `play` false it waits at `at` seconds and loads nothing. */
    open: go,
    toggle: () => (engine.state().playing ? engine.pause() : engine.play()),
    play: engine.play,
    pause: engine.pause,
    seek: engine.seek,
    next: () => jump(queue.index + 1),
    previous() {
      const previous = previousOf(queue, engine.position())
      if (previous) go(previous, 0, true)
      else engine.seek(0)
    },
    /** Plays the queue's track at this place, if there is one. */
    jump,
    prefer(some: Partial<Preferences>) {
      Object.assign(preferences, some)
      engine.setLoudness(preferences)
      remember('localStorage', 'player', preferences)
      tell('changed')
    },
    /** Remembers queue and position for a full reload of this tab. */
    save() {
      if (currentOf(queue)) remember('sessionStorage', 'now', { queue, at: engine.position() } satisfies Saved)
    },
    /** Takes up, paused, what this tab played before it was reloaded; false when there was nothing. */
    restore(): boolean {
      const saved = recall<Saved>('sessionStorage', 'now')
      if (saved) go(saved.queue, saved.at, false)
      return saved !== null
    },
    preferences: preferences as Readonly<Preferences>,
    queue: () => queue,
    track: () => currentOf(queue),
    position: engine.position,
    duration: engine.duration,
    state: engine.state,
  }
}

export type Player = ReturnType<typeof createPlayer>
