import type { FileState } from '../entry-files/files.rules.ts'
import type { ContestSort, EntryState, OperationState } from '../operation.rules.ts'

/** Entries come in, then votes, then nothing more comes until the artist closes it. */
export type Phase = 'draft' | 'entries' | 'votes' | 'over' | 'closed'

export function phaseOf(
  { state, entriesUntil, endsAt }: { state: OperationState; entriesUntil: Date | null; endsAt: Date | null },
  now: Date,
): Phase {
  if (state !== 'open') return state
  if (entriesUntil && now < entriesUntil) return 'entries'
  return endsAt && now < endsAt ? 'votes' : 'over'
}

export type CountedEntry = { id: string; state: EntryState }
/** A standing approval. `person` is whoever gave it: a fan, or a token of its own once that fan was erased. `isAside`: it was set aside. */
export type Approval = { entryId: string; person: string; isAside?: boolean }
export type Score = { jurorId: string; entryId: string; score: number }

export type Place = {
  entryId: string
  approvals: number
  /** The jury's mean of 0 to 10; null when no jury counts. */
  jury: number | null
  /** Points of 0 to 100, to the hundredth. */
  points: number
  /** 1 is first; equal points share a place. */
  rank: number
}

export type Tally = {
  places: Place[]
  /** People with an approval of an entry that is shown. */
  voters: number
  /** Jurors who scored every entry, and those who left some out and are not counted. */
  jurors: number
  partialJurors: number
  /** What the jury weighed in the end, in hundredths. */
  juryWeight: number
  /** Approvals of entries that were taken down or taken back: kept, and not counted. */
  corrected: number
  /** People whose votes were set aside: kept, and not counted. Absent in what closed before that could be. */
  aside?: number
}

/** What is kept of a contest when it closes. */
export type Closing = Tally & {
  clusters: Described[]
  setAside?: { kind: Cluster['kind']; people: number; reason: string }[]
}

/**
 * The published method: the share of voters who approve an entry and the jury's mean score are each brought to 100, and mixed by the jury's weight.
 * A juror counts who scored every entry. Without voters the jury decides alone, without jurors the vote.
 */
export function tally(
  entries: readonly CountedEntry[],
  approvals: readonly Approval[],
  scores: readonly Score[],
  juryWeight: number,
): Tally {
  const shown = entries.filter(({ state }) => state === 'shown').map(({ id }) => id)
  const isShown = new Set(shown)
  const approvedBy = new Map(shown.map((id) => [id, new Set<string>()]))
  let corrected = 0
  const aside = new Set<string>()
  for (const { entryId, person, isAside } of approvals)
    if (isAside) aside.add(person)
    else if (isShown.has(entryId)) approvedBy.get(entryId)?.add(person)
    else corrected++
  const voters = new Set([...approvedBy.values()].flatMap((people) => [...people])).size
  const byJuror = new Map<string, Map<string, number>>()
  for (const { jurorId, entryId, score } of scores)
    if (isShown.has(entryId)) byJuror.set(jurorId, (byJuror.get(jurorId) ?? new Map()).set(entryId, score))
  const whole = [...byJuror.values()].filter((given) => given.size === shown.length)
  const weight = whole.length === 0 ? 0 : voters === 0 ? 100 : juryWeight
  const places = shown.map((entryId) => {
    const count = approvedBy.get(entryId)?.size ?? 0
    const sum = whole.reduce((total, given) => total + (given.get(entryId) ?? 0), 0)
    const share = voters ? count / voters : 0
    const mean = whole.length ? sum / whole.length : null
    const points = Math.round(((100 - weight) * share + (weight * (mean ?? 0)) / 10) * 100) / 100
    return { entryId, approvals: count, jury: mean === null ? null : Math.round(mean * 100) / 100, points, rank: 0 }
  })
  places.sort((a, b) => b.points - a.points || (a.entryId < b.entryId ? -1 : 1))
  for (const place of places) place.rank = places.findIndex(({ points }) => points === place.points) + 1
  return {
    places,
    voters,
    jurors: whole.length,
    partialJurors: byJuror.size - whole.length,
    juryWeight: weight,
    corrected,
    aside: aside.size,
  }
}

/** Whether several share the first place, or nobody said anything at all: somebody has to choose. */
export const isTied = ({ places }: Tally): boolean => places.filter(({ rank }) => rank === 1).length > 1

/** A confirmed ballot, as suspicion looks at it. */
export type SeenBallot = {
  fanId: string | null
  address: string | null
  network: string | null
  at: Date
  entryIds: string[]
}

/** What is told of a cluster, and kept: nobody of those in it. */
export type Described = {
  kind: 'network' | 'pattern' | 'mailbox' | 'minute'
  /** People in it. */
  people: number
  from: string
  to: string
  /** How many of them approve each entry, the most approved first. */
  entries: { entryId: string; people: number }[]
}
export type Cluster = Described & { fanIds: string[] }

/** From how many people on it is worth a look. A household or a class behind one network is no fraud: a person judges. */
const LEAST = { network: 5, pattern: 5, mailbox: 2, minute: 8 } as const

/** Ballots that look as if one hand had cast them. They are shown, and stay counted until somebody sets them aside. */
export function clustersOf(ballots: readonly SeenBallot[]): Cluster[] {
  const latest = new Map<string, SeenBallot>()
  for (const ballot of ballots) if (ballot.fanId) latest.set(ballot.fanId, ballot)
  const found: Cluster[] = []
  for (const kind of ['network', 'mailbox', 'pattern', 'minute'] as const) {
    const groups = new Map<string, SeenBallot[]>()
    for (const ballot of latest.values()) {
      const key = keyOf(kind, ballot)
      if (key) groups.set(key, [...(groups.get(key) ?? []), ballot])
    }
    for (const group of groups.values()) if (group.length >= LEAST[kind]) found.push(described(kind, group))
  }
  return found.sort((a, b) => b.people - a.people)
}

function keyOf(kind: Cluster['kind'], { address, network, at }: SeenBallot): string | null {
  switch (kind) {
    case 'network':
      return network
    case 'minute':
      return at.toISOString().slice(0, 16)
    case 'mailbox':
      return address && mailboxOf(address)
    case 'pattern': {
      const shape = address && mailboxOf(address).replace(/\d+/g, '#')
      return shape?.includes('#') ? shape : null
    }
  }
}

/** The box that an address most likely ends in: what follows a plus and dots before the @ are spellings of one. */
const mailboxOf = (address: string): string => {
  const at = address.lastIndexOf('@')
  const local = (address.slice(0, at).split('+')[0] ?? '').replaceAll('.', '')
  return `${local}${address.slice(at)}`.toLowerCase()
}

/** A cluster without who is in it. */
export const withoutPeople = ({ kind, people, from, to, entries }: Cluster): Described => ({
  ...{ kind, people, from, to, entries },
})

function described(kind: Cluster['kind'], group: SeenBallot[]): Cluster {
  const times = group.map(({ at }) => at.getTime())
  const counts = new Map<string, number>()
  for (const { entryIds } of group) for (const id of entryIds) counts.set(id, (counts.get(id) ?? 0) + 1)
  return {
    kind,
    people: group.length,
    from: new Date(Math.min(...times)).toISOString(),
    to: new Date(Math.max(...times)).toISOString(),
    fanIds: group.flatMap(({ fanId }) => fanId ?? []).sort(),
    entries: [...counts].map(([entryId, people]) => ({ entryId, people })).sort((a, b) => b.people - a.people),
  }
}

/** An order that favours nobody: the same for one reader, another for the next. */
export function shuffled<T extends { id: string }>(entries: readonly T[], seed: string): T[] {
  const place = (id: string) => {
    let hash = 2166136261
    for (const letter of `${seed}${id}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619)
    // Two ids that differ in their last letter alone must not stay neighbours.
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    return (hash ^ (hash >>> 12)) >>> 0
  }
  return [...entries].sort((a, b) => place(a.id) - place(b.id))
}

export const needsPicture = (sort: ContestSort): boolean => sort === 'sleeve'

/** Whether it can be shown: what is a sound or a film must play first. */
export const isReady = ({ file }: { file: { state: FileState } | null }): boolean => !file || file.state === 'ready'

/** What is seen has a sentence for those who do not see it. */
export const needsAlt = (sort: ContestSort): boolean => sort === 'sleeve' || sort === 'video'

export const MOST_WORDS = 5000
export const MOST_ABOUT = 1000
