import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromLocal, isZone, toLocal } from '../../platform/zones.ts'
import { bonusType, safeFileName } from './bonus.rules.ts'
import { readReleaseDate } from './dates.rules.ts'
import {
  GIVING,
  givesFrom,
  givesOf,
  givingOf,
  mayHear,
  maySee,
  type ReleaseState,
  visibilityAt,
} from './given.rules.ts'
import { LICENCES, licenceTerms } from './licences.rules.ts'
import { readArtists, readCredits, readWords, writeArtists, writeCredits } from './lists.rules.ts'
import { arrange, moveTrack, type Place, placeTrack, putBack, renumber } from './order.rules.ts'
import { proseHtml } from './prose.rules.ts'
import { CREDIT_ROLES, inSleeveOrder, readRole, roleName } from './roles.rules.ts'
import { freeReleaseSlug, freeSlug } from './slug.rules.ts'
import type { Visibility } from './tables.ts'

const places = fc
  .array(fc.record({ disc: fc.integer({ min: 1, max: 5 }), position: fc.integer({ min: 1, max: 40 }) }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((all): Place[] => all.map((place, i) => ({ ...place, id: `t${i}` })))

const ids = (tracks: readonly Place[]) => tracks.map(({ id }) => id)
function expectWhole(before: readonly Place[], after: readonly Place[]): void {
  expect([...ids(after)].sort()).toEqual([...ids(before)].sort())
  const discs = [...new Set(after.map(({ disc }) => disc))]
  expect(discs).toEqual(discs.map((_, i) => i + 1))
  for (const disc of discs) {
    const positions = after.filter((track) => track.disc === disc).map(({ position }) => position)
    expect(positions).toEqual(positions.map((_, i) => i + 1))
  }
}

describe('the order of tracks', () => {
  test('whatever is moved, discs count 1..n and positions 1..n, and no track is lost', () => {
    const step = fc.tuple(
      fc.nat(40),
      fc.constantFrom('up', 'down', 'first', 'last', 'place', 'remove and put back'),
      fc.integer({ min: -2, max: 9 }),
      fc.integer({ min: -2, max: 50 }),
    )
    fc.assert(
      fc.property(places, fc.array(step, { maxLength: 12 }), (start, steps) => {
        let now = renumber(start)
        expectWhole(start, now)
        for (const [n, what, disc, position] of steps) {
          const track = now[n % now.length] as Place
          if (what === 'place') now = placeTrack(now, track.id, disc, position)
          else if (what === 'remove and put back')
            now = putBack(renumber(now.filter(({ id }) => id !== track.id)), track)
          else now = moveTrack(now, track.id, what as 'up')
          expectWhole(start, now)
        }
      }),
    )
  })

  test('a step down and a step up come back to where one was, inside a disc', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), fc.nat(18), (count, n) => {
        const start = renumber(Array.from({ length: count }, (_, i) => ({ id: `t${i}`, disc: 1, position: i + 1 })))
        const id = `t${n % (count - 1)}`
        expect(moveTrack(moveTrack(start, id, 'down'), id, 'up')).toEqual(start)
      }),
    )
  })

  const two: Place[] = [
    { id: 'a', disc: 1, position: 1 },
    { id: 'b', disc: 1, position: 2 },
    { id: 'c', disc: 2, position: 1 },
  ]
  test('at the end of a disc a track goes over to the next, where it is the first', () => {
    expect(moveTrack(two, 'b', 'down')).toEqual([
      { id: 'a', disc: 1, position: 1 },
      { id: 'b', disc: 2, position: 1 },
      { id: 'c', disc: 2, position: 2 },
    ])
  })
  test('the last one of a disc that leaves takes the disc with it', () => {
    expect(moveTrack(two, 'c', 'up').map(({ disc, position }) => [disc, position])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
    ])
  })
  test('one taken off and put back stands where it stood', () => {
    const [, b] = two as [Place, Place]
    const without = renumber(two.filter(({ id }) => id !== 'b'))
    expect(putBack(without, b)).toEqual(two)
  })
  test('an order of other tracks than those that are there is refused', () => {
    expect(arrange(two, [['c', 'a'], ['b']])?.map(({ id, disc }) => id + disc)).toEqual(['c1', 'a1', 'b2'])
    expect(arrange(two, [['c', 'a']])).toBeNull()
    expect(arrange(two, [['c', 'a', 'a']])).toBeNull()
    expect(arrange(two, [['c', 'a', 'z']])).toBeNull()
  })
})

describe('who may see and hear', () => {
  const state = fc.record({
    visibility: fc.constantFrom<Visibility>('draft', 'scheduled', 'unlisted', 'members', 'public'),
    publishAt: fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
    gives: fc.record({ stream: fc.boolean(), download: fc.boolean() }),
    secretTokens: fc.array(fc.constantFrom('one', 'two'), { maxLength: 2 }),
    givenTo: fc.option(
      fc.record({
        artistId: fc.constantFrom('ana', 'noe'),
        plans: fc.subarray<string>(['kitchen', 'attic']),
      }),
    ),
  })
  const moment = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
  const token = fc.constantFrom(null, 'one', 'two', 'revoked', '')
  const own = fc.constantFrom(true, false, null)
  const memberships = fc.array(
    fc.record({
      ref: fc.uuid(),
      artistId: fc.constantFrom('ana', 'noe'),
      plan: fc.constantFrom('kitchen', 'attic', null),
    }),
    { maxLength: 3 },
  )

  test('a draft is nobody’s, a public one everybody’s, what is unlisted or scheduled is for those who hold a link in force, and no link opens what is for members', () => {
    fc.assert(
      fc.property(state, moment, token, (release: ReleaseState, now, held) => {
        const seen = maySee(release, now, held)
        const out =
          release.visibility === 'public' || (release.visibility === 'scheduled' && now >= (release.publishAt as Date))
        expect(visibilityAt(release, now) === 'public').toBe(out)
        if (out) expect(seen).toBe(true)
        else if (release.visibility === 'draft' || release.visibility === 'members') expect(seen).toBe(false)
        else expect(seen).toBe(held !== null && release.secretTokens.includes(held))
      }),
    )
  })
  test('a membership opens what its artist gave to its plan or to all members, unless it is a draft; it closes nothing', () => {
    fc.assert(
      fc.property(state, moment, token, memberships, (release: ReleaseState, now, held, mine) => {
        const without = maySee(release, now, held)
        const opened = mine.some(
          ({ artistId, plan }) =>
            artistId === release.givenTo?.artistId &&
            (release.givenTo.plans.length === 0 || release.givenTo.plans.some((one) => one === plan)),
        )
        expect(maySee(release, now, held, mine)).toBe(without || (opened && release.visibility !== 'draft'))
      }),
    )
  })
  test('nobody hears what they may not see, nor what is not given', () => {
    fc.assert(
      fc.property(state, own, own, moment, token, (release: ReleaseState, stream, download, now, held) => {
        const heard = mayHear(release, { stream, download }, now, held)
        expect(heard).toBe(maySee(release, now, held) && (stream ?? release.gives.stream))
      }),
    )
  })
  test('once public by its schedule, it stays so as time goes on', () => {
    fc.assert(
      fc.property(state, moment, fc.nat(1e9), (release: ReleaseState, now, later) => {
        if (visibilityAt(release, now) === 'public')
          expect(visibilityAt(release, new Date(now.getTime() + later))).toBe('public')
      }),
    )
  })
  test('a track’s own word goes before its release’s', () => {
    expect(givesOf({ stream: true, download: true }, { stream: null, download: false })).toEqual({
      stream: true,
      download: false,
    })
    for (const giving of GIVING) expect(givingOf(givesFrom(giving))).toBe(giving)
  })
})

describe('a minute in a time zone', () => {
  test('is found again from its moment, in any zone', () => {
    const zones = fc.constantFrom(
      'Europe/Paris',
      'America/New_York',
      'Asia/Kolkata',
      'Pacific/Apia',
      'UTC',
      'Australia/Lord_Howe',
    )
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000_000 }), zones, (minute, zone) => {
        const text = toLocal(new Date(minute * 60_000), zone)
        expect(toLocal(fromLocal(text, zone) as Date, zone)).toBe(text)
      }),
    )
  })
  test('summer and winter count, the hour that comes twice is the first, the one that is skipped goes on', () => {
    expect(fromLocal('2026-07-01T18:30', 'Europe/Paris')?.toISOString()).toBe('2026-07-01T16:30:00.000Z')
    expect(fromLocal('2026-12-01T18:30', 'Europe/Paris')?.toISOString()).toBe('2026-12-01T17:30:00.000Z')
    expect(fromLocal('2026-10-25T02:30', 'Europe/Paris')?.toISOString()).toBe('2026-10-25T00:30:00.000Z')
    expect(fromLocal('2026-03-29T02:30', 'Europe/Paris')?.toISOString()).toBe('2026-03-29T01:30:00.000Z')
  })
  test('is not read from what is no date, or in no zone', () => {
    for (const text of ['', 'tomorrow', '2026-02-30T10:00', '2026-13-01T10:00', '2026-01-01T25:00'])
      expect(fromLocal(text, 'UTC')).toBeNull()
    expect(fromLocal('2026-01-01T10:00', 'Mars/Olympus')).toBeNull()
    expect(isZone('')).toBe(false)
  })
})

test('addresses are free ones: never one that is taken or that leads on, and never a page of the artist’s own', () => {
  const word = fc.constantFrom('a', 'a-2', 'a-3', 'b', 'feed', 'feed-2')
  fc.assert(
    fc.property(word, fc.array(word), (slug, taken) => {
      expect(taken).not.toContain(freeSlug(slug, new Set(taken)))
      const free = freeReleaseSlug(slug, new Set(taken))
      expect([...taken, 'feed']).not.toContain(free)
      expect(free.startsWith(slug)).toBe(true)
    }),
  )
})

test('dates are as precise as what was written, and exist', () => {
  const read = ['2026', '2026-11', '2026-1-5', '23/11/2026', '11.2026', '29/02/2024', ' 1987 '].map(readReleaseDate)
  expect(read).toEqual(['2026', '2026-11', '2026-01-05', '2026-11-23', '2026-11', '2024-02-29', '1987'])
  for (const wrong of ['29/02/2026', '2026-13', '31/04/2026', '20260101', 'soon', '1066'])
    expect(readReleaseDate(wrong)).toBeNull()
})

describe('lists in a form', () => {
  test('artists and guests, one a line, come back as they were', () => {
    const artists = [
      { name: 'Earth, Wind & Fire', isFeatured: false },
      { name: 'Bo', isFeatured: true },
    ]
    expect(readArtists(`${writeArtists(artists)}\n\n Earth, Wind & Fire \nft. Cy`)).toEqual([
      ...artists,
      { name: 'Cy', isFeatured: true },
    ])
  })
  test('credits are read in both languages, and a line that is none is told by its number', () => {
    const read = readCredits('Basse : Bo\nPerformer (harp): Cy: the Second\n\nTriangle: Dee')
    expect(read).toEqual({
      credits: [
        { role: 'bass', detail: null, name: 'Bo' },
        { role: 'performer', detail: 'harp', name: 'Cy: the Second' },
        { role: 'Triangle', detail: null, name: 'Dee' },
      ],
    })
    expect(readCredits('Bass: Bo\nand everyone else')).toEqual({ wrongLine: 2 })
  })
  test('every role that we write, in either language, is read back as itself', () => {
    for (const lang of ['en', 'fr'] as const)
      for (const role of CREDIT_ROLES) {
        const text = writeCredits([{ role, detail: null, name: 'X' }], (credit) =>
          roleName(credit.role, lang, credit.detail),
        )
        expect(readCredits(text)).toEqual({ credits: [{ role, detail: null, name: 'X' }] })
      }
    expect(readRole('constructor')).toBe('constructor')
    expect(roleName('constructor', 'en')).toBe('constructor')
  })
  test('a sleeve lists composition before mastering, and what it does not know last', () => {
    const roles = inSleeveOrder(['mastering', 'Triangle', 'composer', 'bass'].map((role) => ({ role })))
    expect(roles.map(({ role }) => role)).toEqual(['composer', 'bass', 'mastering', 'Triangle'])
  })
  test('words are kept once each', () => {
    expect(readWords('Folk, folk ;drone,, field  recordings', 10)).toEqual(['Folk', 'drone', 'field recordings'])
  })
})

test('licences have names in both languages and an address, from all rights reserved to CC0', () => {
  expect(LICENCES).toHaveLength(8)
  for (const id of LICENCES) {
    const terms = licenceTerms(id)
    expect(terms?.name.en && terms.name.fr).toBeTruthy()
    expect(terms?.url === null).toBe(id === 'all-rights-reserved')
  }
  expect(licenceTerms('cc-by-sa-3.0')?.url).toBe('https://creativecommons.org/licenses/by-sa/3.0/')
  expect(licenceTerms('cc-by-5.5')).toBeNull()
  expect(licenceTerms('__proto__')).toBeNull()
})

describe('a description', () => {
  test('becomes paragraphs with links, and nothing in it is markup', () => {
    expect(proseHtml('Hello <b>you</b> & "all"\nnext\n\nSee https://x.example/a_(b)?c=1&d=2).')).toBe(
      '<p>Hello &lt;b&gt;you&lt;/b&gt; &amp; &quot;all&quot;<br>next</p>' +
        '<p>See <a href="https://x.example/a_(b)?c=1&amp;d=2" rel="nofollow noopener">x.example/a_(b)?c=1&amp;d=2</a>).</p>',
    )
    expect(proseHtml('javascript:alert(1) data:text/html,x')).not.toContain('<a')
  })
  test('takes no longer for being written to be slow', () => {
    const dots = '.'.repeat(300_000)
    expect(proseHtml(`https://x.example/${dots}x`)).toContain('rel="nofollow noopener"')
  })
  test('of any signs at all holds no tag but ours', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'<>"&\'hts:/p. ()\n'.split(''), 'https://', '<script>', 'x') }),
        (text) => {
          const rest = proseHtml(text).replace(
            /<\/?p>|<br>|<a href="https?:\/\/[^"<>]*" rel="nofollow noopener">|<\/a>/g,
            '',
          )
          expect(rest).not.toMatch(/[<>"]/)
        },
      ),
    )
  })
})

describe('bonus files', () => {
  const bytes = (...values: number[]) => Uint8Array.from(values)
  test('are known by their name and their first bytes', () => {
    expect(bonusType('Booklet.PDF', bytes(0x25, 0x50, 0x44, 0x46))).toBe('application/pdf')
    expect(bonusType('booklet.pdf', bytes(0x4d, 0x5a))).toBeNull()
    expect(bonusType('page.html', bytes(0x3c))).toBeNull()
    expect(bonusType('notes.txt', bytes(0x48, 0x69))).toBe('text/plain; charset=utf-8')
    expect(bonusType('notes.txt', bytes(0x48, 0))).toBeNull()
    expect(bonusType('x.constructor', bytes(1))).toBeNull()
  })
  test('have names that every system can store', () => {
    expect(safeFileName('../../etc/pass:wd?.pdf')).toBe('pass wd .pdf')
    expect(safeFileName('歌詞.pdf')).toBe('歌詞.pdf')
    expect(safeFileName('..')).toBe('file')
  })
})
