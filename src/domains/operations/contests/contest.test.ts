import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFollowUp } from '../operation.rules.ts'
import {
  type Approval,
  type CountedEntry,
  clustersOf,
  isTied,
  phaseOf,
  type Score,
  type SeenBallot,
  shuffled,
  tally,
} from './contest.rules.ts'

const shown = (...ids: string[]): CountedEntry[] => ids.map((id) => ({ id, state: 'shown' }))
const approve = (person: string, ...entries: string[]): Approval[] => entries.map((entryId) => ({ entryId, person }))
const score = (jurorId: string, given: Record<string, number>): Score[] =>
  Object.entries(given).map(([entryId, points]) => ({ jurorId, entryId, score: points }))

describe('the published method', () => {
  it('mixes the share of voters with the jury’s mean', () => {
    const votes = [...approve('a', 'x', 'y'), ...approve('b', 'x'), ...approve('c', 'x'), ...approve('d', 'y')]
    const scores = [...score('j', { x: 4, y: 10 }), ...score('k', { x: 6, y: 8 })]
    const { places, voters, jurors } = tally(shown('x', 'y'), votes, scores, 40)
    expect({ voters, jurors }).toEqual({ voters: 4, jurors: 2 })
    // x: 60 % of 3/4, 40 % of 5/10; y: 60 % of 2/4, 40 % of 9/10.
    expect(places).toEqual([
      { entryId: 'y', approvals: 2, jury: 9, points: 66, rank: 1 },
      { entryId: 'x', approvals: 3, jury: 5, points: 65, rank: 2 },
    ])
  })

  it('counts a juror who scored everything, and leaves the vote alone where nobody did', () => {
    const votes = approve('a', 'x')
    const { places, jurors, partialJurors, juryWeight } = tally(shown('x', 'y'), votes, score('j', { y: 10 }), 80)
    expect({ jurors, partialJurors, juryWeight }).toEqual({ jurors: 0, partialJurors: 1, juryWeight: 0 })
    expect(places[0]).toMatchObject({ entryId: 'x', points: 100, jury: null })
  })

  it('leaves the jury alone where nobody voted, and everybody equal where nobody did anything', () => {
    expect(tally(shown('x', 'y'), [], score('j', { x: 1, y: 2 }), 10).places[0]).toMatchObject({
      entryId: 'y',
      points: 20,
    })
    expect(tally(shown('x', 'y'), [], [], 50).places.map(({ rank, points }) => [rank, points])).toEqual([
      [1, 0],
      [1, 0],
    ])
    expect(tally([], [], [], 50).places).toEqual([])
    expect([tally(shown('x', 'y'), [], [], 50), tally(shown('x', 'y'), approve('a', 'x'), [], 50)].map(isTied)).toEqual(
      [true, false],
    )
  })

  it('keeps approvals of what was taken down, and says how many are not counted', () => {
    const entries: CountedEntry[] = [...shown('x'), { id: 'stolen', state: 'blocked' }]
    const { places, corrected, voters } = tally(entries, [...approve('a', 'stolen'), ...approve('b', 'x')], [], 0)
    expect({ corrected, voters }).toEqual({ corrected: 1, voters: 1 })
    expect(places).toMatchObject([{ entryId: 'x', points: 100 }])
  })
})

const world = fc.record({
  weight: fc.integer({ min: 0, max: 100 }),
  approvals: fc.array(
    fc.record({ person: fc.integer({ max: 12, min: 0 }).map(String), entryId: fc.constantFrom(...'abcdef') }),
  ),
  scores: fc.uniqueArray(
    fc.record({
      jurorId: fc.constantFrom('j', 'k', 'l'),
      entryId: fc.constantFrom(...'abcde'),
      score: fc.integer({ min: 0, max: 10 }),
    }),
    { selector: ({ jurorId, entryId }) => jurorId + entryId },
  ),
})
const ENTRIES: CountedEntry[] = [...shown(...'abcde'), { id: 'f', state: 'blocked' }]

describe('whatever is approved and scored', () => {
  it('counts what is set aside as if it had never come, and says of how many people it is', () => {
    fc.assert(
      fc.property(world, fc.uniqueArray(fc.integer({ min: 0, max: 12 }).map(String)), (given, asides) => {
        const isAside = ({ person }: Approval) => asides.includes(person)
        const marked = given.approvals.map((one) => ({ ...one, isAside: isAside(one) }))
        const without = given.approvals.filter((one) => !isAside(one))
        const aside = new Set(given.approvals.filter(isAside).map(({ person }) => person)).size
        const { scores, weight } = given
        expect(tally(ENTRIES, marked, scores, weight)).toEqual({ ...tally(ENTRIES, without, scores, weight), aside })
      }),
    )
  })

  it('an approval counts once a person and entry, and those of what is shown are all of them', () =>
    fc.assert(
      fc.property(world, ({ approvals, scores, weight }) => {
        const { places, voters } = tally(ENTRIES, approvals, scores, weight)
        const once = new Set(
          approvals.filter(({ entryId }) => entryId !== 'f').map(({ person, entryId }) => person + entryId),
        )
        expect(places.reduce((sum, place) => sum + place.approvals, 0)).toBe(once.size)
        expect(voters).toBe(new Set([...once].map((key) => key.slice(0, -1))).size)
        for (const { approvals: n } of places) expect(n).toBeLessThanOrEqual(voters)
        expect(tally(ENTRIES, [...approvals, ...approvals], scores, weight).places).toEqual(places)
      }),
    ))

  it('the order in which it came changes nothing', () =>
    fc.assert(
      fc.property(world, ({ approvals, scores, weight }) => {
        const turned = tally(ENTRIES.toReversed(), approvals.toReversed(), scores.toReversed(), weight)
        expect(turned).toEqual(tally(ENTRIES, approvals, scores, weight))
      }),
    ))

  it('points lie between 0 and 100, places follow them, equals share one', () =>
    fc.assert(
      fc.property(world, ({ approvals, scores, weight }) => {
        const { places } = tally(ENTRIES, approvals, scores, weight)
        for (const { points, rank } of places) {
          expect(points).toBeGreaterThanOrEqual(0)
          expect(points).toBeLessThanOrEqual(100)
          expect(rank).toBe(1 + places.filter((other) => other.points > points).length)
        }
      }),
    ))

  it('one more person who approves it, of those who vote already, never costs an entry its place', () =>
    fc.assert(
      fc.property(world, ({ approvals, scores, weight }) => {
        const voter = approvals.find(({ entryId }) => entryId !== 'f')?.person
        if (voter === undefined) return
        const rankOf = (given: Approval[]) =>
          tally(ENTRIES, given, scores, weight).places.find((p) => p.entryId === 'a')?.rank
        expect(rankOf([...approvals, { person: voter, entryId: 'a' }])).toBeLessThanOrEqual(rankOf(approvals) ?? 0)
      }),
    ))

  it('a weight of nothing is the vote, a whole weight is the jury', () =>
    fc.assert(
      fc.property(world, ({ approvals, scores }) => {
        const vote = tally(ENTRIES, approvals, scores, 0)
        const byVote = vote.places.map(({ approvals: n }) => n)
        if (vote.voters > 0) expect(byVote).toEqual(byVote.toSorted((a, b) => b - a))
        const jury = tally(ENTRIES, approvals, scores, 100)
        const byJury = jury.places.map(({ jury: mean }) => mean ?? 0)
        if (jury.jurors > 0) expect(byJury).toEqual(byJury.toSorted((a, b) => b - a))
      }),
    ))
})

const ballot = (n: number, more: Partial<SeenBallot> = {}): SeenBallot => ({
  fanId: `fan-${n}`,
  address: `${'abcdefghijklmnop'[n % 16]}${'qrstuvwxyz'[Math.floor(n / 16) % 10]}@fans.example`,
  network: `net-${n}`,
  at: new Date(Date.UTC(2026, 11, 1, 12, n * 3)),
  entryIds: ['x'],
  ...more,
})
const many = (n: number, more: (n: number) => Partial<SeenBallot>) =>
  Array.from({ length: n }, (_, i) => ballot(i, more(i)))

describe('what looks like one hand', () => {
  it('nothing, where people vote from home over an afternoon', () => {
    expect(clustersOf(many(40, () => ({})))).toEqual([])
  })
  it('many from one network; a family is too few', () => {
    expect(clustersOf(many(4, () => ({ network: 'home' })))).toEqual([])
    expect(clustersOf(many(6, () => ({ network: 'farm' })))).toMatchObject([
      { kind: 'network', people: 6, entries: [{ entryId: 'x', people: 6 }] },
    ])
  })
  it('addresses that differ in figures alone, or end in one mailbox', () => {
    expect(clustersOf(many(6, (n) => ({ address: `voter${n}@mail.example` })))).toMatchObject([
      { kind: 'pattern', people: 6 },
    ])
    expect(
      clustersOf([ballot(1, { address: 'lea+1@mail.example' }), ballot(2, { address: 'l.ea+2@mail.example' })]),
    ).toMatchObject([{ kind: 'mailbox', people: 2 }])
  })
  it('many within a minute', () => {
    expect(clustersOf(many(8, () => ({ at: new Date('2026-12-01T12:00:30Z') })))).toMatchObject([
      { kind: 'minute', people: 8 },
    ])
  })
  it('2,000 bought in one night are all shown and all counted, and none of the 300 who vote from home is shown', () => {
    const night = new Date('2026-12-02T01:00:00Z').getTime()
    const bought = Array.from({ length: 2_000 }, (_, n) =>
      ballot(1_000 + n, {
        address: `fan.${['a', 'b', 'c', 'd'][n % 4]}${n}@box${n % 5}.example`,
        network: `farm-${n % 40}`,
        at: new Date(night + n * 12_000),
        entryIds: ['bought'],
      }),
    )
    // Over four days, in the hours in which people are awake.
    const honest = many(300, (n) => ({
      address: `${String.fromCharCode(97 + (n % 26), 97 + (Math.floor(n / 26) % 26))}.${String.fromCharCode(122 - (n % 26))}@home.example`,
      at: new Date(Date.UTC(2026, 11, 1 + (n % 4), 8 + (n % 14), (n * 7) % 60)),
    }))
    const clusters = clustersOf([...honest, ...bought])
    const networks = clusters.filter(({ kind }) => kind === 'network')
    expect(networks).toHaveLength(40)
    expect(networks.reduce((sum, { people }) => sum + people, 0)).toBe(2_000)
    expect(clusters.filter(({ kind }) => kind === 'pattern').reduce((sum, { people }) => sum + people, 0)).toBe(2_000)
    expect(clusters.flatMap(({ entries }) => entries.map(({ entryId }) => entryId))).not.toContain('x')
    const approvals = [...honest, ...bought].flatMap(({ fanId, entryIds }) => approve(fanId ?? '', ...entryIds))
    expect(tally(shown('x', 'bought'), approvals, [], 0)).toMatchObject({
      voters: 2_300,
      places: [
        { entryId: 'bought', approvals: 2_000 },
        { entryId: 'x', approvals: 300 },
      ],
    })
  })
  it('whoever changes their mind is one person', () => {
    expect(clustersOf(Array.from({ length: 9 }, () => ballot(1, { network: 'home', at: new Date(0) })))).toEqual([])
  })
})

it('each reader has an order of their own, and all of the entries', () =>
  fc.assert(
    fc.property(fc.string(), fc.uniqueArray(fc.uuid(), { maxLength: 20 }), (seed, ids) => {
      const order = shuffled(
        ids.map((id) => ({ id })),
        seed,
      ).map(({ id }) => id)
      expect(order.toSorted()).toEqual(ids.toSorted())
      expect(
        shuffled(
          ids.toReversed().map((id) => ({ id })),
          seed,
        ).map(({ id }) => id),
      ).toEqual(order)
    }),
  ))

it('entries come in, then votes, then nothing more', () => {
  const of = { state: 'open' as const, entriesUntil: new Date(100), endsAt: new Date(200) }
  expect([0, 99, 100, 199, 200].map((at) => phaseOf(of, new Date(at)))).toEqual([
    'entries',
    'entries',
    'votes',
    'votes',
    'over',
  ])
})

it('a follow-up is something, or nothing with a reason', () => {
  expect(readFollowUp({ kind: '', words: 'The record comes out.' })).toEqual({ ok: false, wrong: ['kind'] })
  expect(readFollowUp({ kind: 'none', words: ' because ' })).toEqual({ ok: false, wrong: ['words'] })
  expect(readFollowUp({ kind: 'none', words: 'None, because we move.' })).toMatchObject({ ok: true })
})
