import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Action, type Actor, can, MANDATE_PERMISSIONS, type Thing } from './rights.rules.ts'

const ACTIONS: Action[] = [
  'studio.enter',
  'account.edit',
  'site.manage',
  'artist.create',
  'label.create',
  'label.edit',
  'label.people',
  'artist.edit',
  'artist.people',
  'artist.mandate',
  'artist.remove',
  'artist.archive',
  'label.remove',
  'label.archive',
  'music.edit',
  'music.publish',
  'journal.edit',
  'journal.publish',
  'fans.edit',
  'announce.edit',
  'announce.send',
  'inbox.answer',
  'channels.edit',
  'returns.see',
  'shop.edit',
  'orders.handle',
  'books.see',
  'books.edit',
  'tasks.edit',
]
const ARTISTS = ['a1', 'a2', 'a3']
const LABELS = ['l1', 'l2']

const artistId = fc.constantFrom(...ARTISTS)
const labelId = fc.constantFrom(...LABELS)
const membership = fc.oneof(
  fc.record({ artistId, labelId: fc.constant(null), role: fc.constantFrom('artist' as const, 'editor' as const) }),
  fc.record({ artistId: fc.constant(null), labelId, role: fc.constant('label_manager' as const) }),
)
const actor: fc.Arbitrary<Actor> = fc.record({
  accountId: fc.constantFrom('me', 'you'),
  sessionId: fc.constant('s'),
  name: fc.constant('N'),
  email: fc.constant('n@example.org'),
  isHost: fc.boolean(),
  language: fc.constant('en' as const),
  memberships: fc.array(membership, { maxLength: 4 }),
  mandates: fc.array(fc.record({ artistId, labelId, permissions: fc.subarray([...MANDATE_PERMISSIONS]) }), {
    maxLength: 3,
  }),
  vacant: fc.subarray(ARTISTS),
  leaving: fc.array(
    fc.constantFrom(...ARTISTS).map((artistId) => ({ artistId, labelId: null })),
    { maxLength: 2 },
  ),
})
const action = fc.constantFrom(...ACTIONS)
const thing: fc.Arbitrary<Thing> = fc.oneof(
  fc.constant({ kind: 'site' as const }),
  fc.record({ kind: fc.constant('account' as const), accountId: fc.constantFrom('me', 'you') }),
  fc.record({ kind: fc.constant('artist' as const), artistId }),
  fc.record({ kind: fc.constant('label' as const), labelId }),
)

const everywhere = (check: (who: Actor, does: Action, what: Thing) => void) =>
  fc.assert(
    fc.property(actor, action, thing, (who, does, what) => {
      check(who, does, what)
    }),
    { numRuns: 3000 },
  )

test('nobody signed in may do nothing', () => {
  everywhere((_, does, what) => expect(can(null, does, what)).toBe(false))
})

test('a right on an artist comes from that artist alone', () => {
  everywhere((who, does, what) => {
    if (what.kind !== 'artist' || does === 'artist.remove' || !can(who, does, what)) return
    const only = {
      ...who,
      isHost: false,
      memberships: who.memberships.filter((m) => m.artistId === what.artistId),
      mandates: who.mandates.filter((m) => m.artistId === what.artistId),
      vacant: who.vacant.filter((id) => id === what.artistId),
      leaving: who.leaving.filter((one) => one.artistId === what.artistId),
    }
    expect(can(only, does, what)).toBe(true)
    const others = {
      ...who,
      memberships: who.memberships.filter((m) => m.artistId !== what.artistId),
      mandates: who.mandates.filter((m) => m.artistId !== what.artistId),
      vacant: who.vacant.filter((id) => id !== what.artistId),
      leaving: who.leaving.filter((one) => one.artistId !== what.artistId),
    }
    expect(can(others, does, what)).toBe(false)
  })
})

test('a mandate gives what it names and nothing else', () => {
  everywhere((who, does, what) => {
    if (what.kind !== 'artist') return
    const memberships = who.memberships.filter((m) => m.labelId)
    const label = { ...who, isHost: false, memberships, vacant: [], leaving: [] }
    const granted = label.mandates.some(
      (m) => m.artistId === what.artistId && (m.permissions as Action[]).includes(does),
    )
    expect(can(label, does, what)).toBe(granted)
  })
})

test('taking a right away never gives another', () => {
  everywhere((who, does, what) => {
    const less = { ...who, memberships: who.memberships.slice(1), mandates: who.mandates.slice(1), isHost: false }
    if (can(less, does, what)) expect(can(who, does, what)).toBe(true)
  })
})

test('the host runs the place and may delete anybody, but does not speak for artists', () => {
  everywhere((who, does, what) => {
    const host = { ...who, isHost: true, memberships: [], mandates: [], vacant: [], leaving: [] }
    if (what.kind === 'artist' || what.kind === 'label')
      expect(can(host, does, what)).toBe(does === `${what.kind}.remove`)
  })
  const nobody: Actor = {
    accountId: 'me',
    sessionId: 's',
    name: 'N',
    email: 'n@example.org',
    isHost: false,
    language: 'en',
    memberships: [],
    mandates: [],
    vacant: [],
    leaving: [],
  }
  expect(can(nobody, 'site.manage', { kind: 'site' })).toBe(false)
  expect(can({ ...nobody, isHost: true }, 'site.manage', { kind: 'site' })).toBe(true)
})

test('an artist for whom nobody answers can be handed over, and only that', () => {
  everywhere((who, does, what) => {
    if (what.kind !== 'artist') return
    const label = { ...who, isHost: false, memberships: [], mandates: [], vacant: [what.artistId], leaving: [] }
    expect(can(label, does, what)).toBe(does === 'artist.people')
  })
})

test('who answered for what is on its way out may bring it back and take it away, and only that', () => {
  everywhere((who, does, what) => {
    if (what.kind !== 'artist' && what.kind !== 'label') return
    const leaving = [
      what.kind === 'artist' ? { artistId: what.artistId, labelId: null } : { artistId: null, labelId: what.labelId },
    ]
    const theirs = { ...who, isHost: false, memberships: [], mandates: [], vacant: [], leaving }
    expect(can(theirs, does, what)).toBe(does === `${what.kind}.remove` || does === `${what.kind}.archive`)
  })
})

test('one edits one’s own account and no other', () => {
  everywhere((who, does, what) => {
    if (what.kind === 'account')
      expect(can(who, does, what)).toBe(does === 'account.edit' && what.accountId === who.accountId)
  })
})

test('an editor prepares, and does not publish or invite', () => {
  const editor: Actor = {
    accountId: 'me',
    sessionId: 's',
    name: 'N',
    email: 'n@example.org',
    isHost: false,
    language: 'en',
    memberships: [{ artistId: 'a1', labelId: null, role: 'editor' }],
    mandates: [],
    vacant: [],
    leaving: [],
  }
  const may = ACTIONS.filter((does) => can(editor, does, { kind: 'artist', artistId: 'a1' }))
  expect(may).toEqual([
    'artist.edit',
    'music.edit',
    'journal.edit',
    'announce.edit',
    'inbox.answer',
    'returns.see',
    'tasks.edit',
  ])
})
