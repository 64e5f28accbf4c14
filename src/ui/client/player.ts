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
    time: (jumped) => {
      for (const listener of listeners.time) listener(jumped)
    },
    playing() {
      const track = currentOf(queue)
      if (begun || !track) return
      begun = true
      for (const listener of listeners.started) listener(track)
    },
    ended() {
      leave(true)
      const next = movedTo(queue, queue.index + 1)
      if (next) go(next, 0, true)
    },
    next: () => followingOf(queue),
  })
  engine.setLoudness(preferences)

  function tell(event: 'changed'): void {
    for (const listener of listeners[event]) listener()
  }

  function leave(ended: boolean): void {
    if (!begun) return
    begun = false
    for (const listener of listeners.left) listener(ended)
  }

  function go(to: Queue, at: number, play: boolean): void {
    const track = currentOf(to)
    if (!track) return
    leave(false)
    queue = to
    engine.load(track, at, play)
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
    next() {
      const next = movedTo(queue, queue.index + 1)
      if (next) go(next, 0, true)
    },
    previous() {
      const previous = previousOf(queue, engine.position())
      if (previous) go(previous, 0, true)
      else engine.seek(0)
    },
    jump(index: number) {
      const there = movedTo(queue, index)
      if (there) go(there, 0, true)
    },
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
