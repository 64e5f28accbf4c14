import type { Subject } from './subjects.ts'

/** Something that has its day: what calendars are made of. Each domain tells of its own. */
export type Dated = {
  /** What it is: 'release', 'post', 'announcement', 'wave', 'opens', 'entries-until', 'votes-until', 'ends', 'closes', 'occurrence', 'meant', 'task'. */
  kind: string
  id: string
  /** Of several that one thing has: the number-th wave, the number-th of a series. */
  number?: number
  /** The series that it is one of. */
  of?: string
  /** Whose it is: an artist's or a label's id. */
  senderId: string
  title: string
  /** A moment, and the zone (IANA) in which it was chosen; or all of a day, YYYY-MM-DD. */
  at: Date | null
  zone: string | null
  day: string | null
  /** Given already. */
  given: boolean
  /** A place of a series that nothing is laid in for, or that passed with nothing; null when there is something. */
  empty?: 'to-come' | 'passed' | null
  /** What of it was published, which has a day of its own. */
  about?: Subject | null
  /** Where it is edited; null when it is there no more. */
  href: string | null
  /** How it stands, for whoever moves it to another day; null: it cannot be moved. */
  stands: string | null
  changed: Date
  version: number
}

/** Which days are asked for: from, and until before. */
export type Span = { from: Date; to: Date; now: Date }

/** What is moved from how it stood on the page (`from`) to a wall clock time (`2026-12-01T18:00`) of a zone. */
export type Move = { id: string; from: string; to: string; zone: string; by: string }

/** `left`: it has been given or has left. `meanwhile`: it stands otherwise than it did. `past`: that moment is over already, or is none. */
export type MoveProblem = 'missing' | 'left' | 'meanwhile' | 'past'
