import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSigner } from '../../../platform/signing.ts'
import { fromLocal, toLocal } from '../../../platform/zones.ts'
import type { Subject } from '../../exchange/index.ts'
import { readCondition, subjectsOf } from '../segment.rules.ts'
import { plainLetters } from '../sms.rules.ts'
import { dueOf, firstOfAll } from './due.rules.ts'
import { publicHolidays } from './holidays.ts'
import { linkCode, readLinkCode } from './links.ts'
import { isMachine } from './machines.rules.ts'
import { inScheme } from './mail-html.ts'
import { clocksOf, EVERYWHERE, FRENCH, mayLeave, nextOpening, zonesOfCountry } from './quiet.rules.ts'
import { fill, type Given, prepare } from './render.ts'
import { readWords } from './words.form.ts'
import { toldIn, type Variant, wordsFor, writtenIn } from './words.rules.ts'

const never = () => false
const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'))
const moments = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
/** Around the changes of clocks of 2026 and 2027, in Europe, America, Australia and New Zealand. */
const changes = fc
  .tuple(
    fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01', '2027-03-28'),
    fc.integer({ min: -36 * 60, max: 36 * 60 }),
  )
  .map(([day, minutes]) => new Date(Date.parse(`${day}T00:00:00Z`) + minutes * 60_000))

test('whatever the clock and its changes, a text message leaves within its hours, and no allowed moment before was passed over', () => {
  fc.assert(
    fc.property(zones, fc.oneof(moments, changes), (zone, at) => {
      const opening = nextOpening(at, [zone], EVERYWHERE, never)
      expect(opening).not.toBeNull()
      if (!opening) return
      const { from, until } = opening
      expect(from.getTime()).toBeGreaterThanOrEqual(at.getTime())
      expect(mayLeave(from, zone, EVERYWHERE, never)).toBe(true)
      expect(mayLeave(new Date(until.getTime() - 1), zone, EVERYWHERE, never)).toBe(true)
      expect(mayLeave(until, zone, EVERYWHERE, never)).toBe(false)
      for (let moment = at.getTime(); moment < from.getTime(); moment += 7 * 60_000)
        expect(mayLeave(new Date(moment), zone, EVERYWHERE, never)).toBe(false)
    }),
    { numRuns: 300 },
  )
})

test('in France no text message leaves on a Sunday or a public holiday, nor before eight or after nine', async () => {
  const isPublicHoliday = await publicHolidays()
  const france = (day: string) => isPublicHoliday('FR', day)
  fc.assert(
    fc.property(moments, (at) => {
      const from = nextOpening(at, ['Europe/Paris'], FRENCH, france)?.from as Date
      const local = toLocal(from, 'Europe/Paris')
      const hour = Number(local.slice(11, 13))
      expect(hour).toBeGreaterThanOrEqual(8)
      expect(hour).toBeLessThan(21)
      expect(new Date(`${local.slice(0, 10)}T12:00Z`).getUTCDay()).not.toBe(0)
      expect(france(local.slice(0, 10))).toBe(false)
    }),
    { numRuns: 300 },
  )
  expect(isPublicHoliday('FR', '2026-11-11')).toBe(true)
  expect(isPublicHoliday('FR', '2027-03-29')).toBe(true)
  expect(isPublicHoliday('FR', '2026-05-31')).toBe(false)
  // Saturday evening before a Monday that is Easter's: two days on.
  const easter = nextOpening(new Date('2027-03-27T21:30:00Z'), ['Europe/Paris'], FRENCH, france)
  expect(toLocal(easter?.from as Date, 'Europe/Paris')).toBe('2027-03-30T08:00')
})

test('a country of many clocks is told when it is day on all of them', () => {
  expect(zonesOfCountry('FR')).toEqual(['Europe/Paris'])
  expect(clocksOf(null, 'US', 'Europe/Paris').length).toBeGreaterThan(10)
  expect(clocksOf('America/New_York', 'US', 'Europe/Paris')).toEqual(['America/New_York'])
  expect(clocksOf(null, null, 'Europe/Paris')).toEqual(['Europe/Paris'])
  expect(clocksOf('Mars/Phobos', 'XX', 'nowhere')).toEqual(['UTC'])
  fc.assert(
    fc.property(moments, (at) => {
      const opening = nextOpening(at, zonesOfCountry('US'), EVERYWHERE, never)
      for (const zone of ['Pacific/Honolulu', 'America/New_York', 'America/Anchorage'])
        expect(mayLeave(opening?.from as Date, zone, EVERYWHERE, never)).toBe(true)
    }),
    { numRuns: 30 },
  )
})

test('clocks that share no moment are decided by the one in the middle; hours that never open by nobody', () => {
  const far = ['Pacific/Kiritimati', 'Europe/Paris', 'Pacific/Pago_Pago']
  const opening = nextOpening(new Date('2026-06-01T00:00:00Z'), far, EVERYWHERE, never)
  expect(toLocal(opening?.from as Date, 'Europe/Paris')).toBe('2026-06-01T08:00')
  expect(nextOpening(new Date(), ['UTC'], { ...EVERYWHERE, holidays: false }, () => true)).toBeNull()
})

test('a wall clock time is that of each fan, on every clock and across its changes', () => {
  fc.assert(
    fc.property(zones, fc.oneof(moments, changes), (zone, at) => {
      const localTime = toLocal(at, zone)
      const now = new Date('2023-01-01T00:00:00Z')
      const due = dueOf({ channel: 'mail', zone, country: null }, { localTime, zone: 'UTC' }, now, {}, never)
      if (!due) throw new Error('never')
      const said = toLocal(due.at, zone)
      // An hour that comes twice is the first one: the same words on the clock, never later than asked.
      expect(said).toBe(localTime)
      expect(due.at.getTime()).toBeLessThanOrEqual(at.getTime())
      expect(due.notAfter).toBeNull()
      // Nowhere is it that late before the first clock of the world is.
      expect(due.at.getTime()).toBeGreaterThanOrEqual((firstOfAll(localTime) as Date).getTime())
    }),
    { numRuns: 400 },
  )
  // An hour that spring skips is read as if the clock had gone on.
  expect(toLocal(fromLocal('2027-03-28T02:30', 'Europe/Paris') as Date, 'Europe/Paris')).toBe('2027-03-28T03:30')
})

test('what is past already is told now, and a text message at the next hour that is allowed', () => {
  const now = new Date('2026-11-25T21:30:00Z')
  const when = { localTime: '2026-11-25T18:00', zone: 'Europe/Paris' }
  expect(dueOf({ channel: 'mail', zone: null, country: 'FR' }, when, now, {}, never)?.at).toEqual(now)
  const sms = dueOf({ channel: 'sms', zone: null, country: 'FR' }, when, now, {}, never)
  expect(toLocal(sms?.at as Date, 'Europe/Paris')).toBe('2026-11-26T08:00')
  expect(toLocal(sms?.notAfter as Date, 'Europe/Paris')).toBe('2026-11-26T21:00')
  const early = { FR: { from: 6, to: 7, sundays: true, holidays: true } }
  const own = dueOf({ channel: 'sms', zone: null, country: 'RE' }, when, now, early, never)
  expect(toLocal(own?.at as Date, 'Indian/Reunion')).toBe('2026-11-26T06:00')
})

test('the code of a link says which message and which link, and nothing can be made up', () => {
  const signer = createSigner('x'.repeat(40))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), fc.integer({ min: 0, max: 255 }), (deliveryId, link) => {
      const code = linkCode(signer, { deliveryId, link })
      expect(readLinkCode(signer, code)).toEqual({ deliveryId, link })
      expect(code).toMatch(/^[\w-]{11,20}$/)
      const other = code.slice(0, -1) + (code.endsWith('A') ? 'B' : 'A')
      expect(readLinkCode(signer, other)).toBeNull()
      expect(readLinkCode(createSigner('y'.repeat(40)), code)).toBeNull()
    }),
  )
  fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => void expect(readLinkCode(signer, text)).toBeNull()))
  // Short enough for a text message: 14 letters for the first sixteen million messages.
  expect(linkCode(signer, { deliveryId: 16_000_000, link: 0 })).toHaveLength(14)
})

test('who opens all links of a mail at once, or before it can be read, is no person', () => {
  const at = new Date('2026-11-25T12:00:00Z')
  const ago = (seconds: number) => new Date(at.getTime() - seconds * 1000)
  const hits = (...all: [number, number][]) => all.map(([link, seconds]) => ({ link, at: ago(seconds).getTime() }))
  const mail = { channel: 'mail', handedAt: ago(3600), hits: [] } as const
  expect(isMachine({ ...mail, hits: hits([0, 1]) }, at)).toBe(false)
  expect(isMachine({ ...mail, hits: hits([0, 90], [1, 60], [2, 30], [0, 1]) }, at)).toBe(false)
  expect(isMachine({ ...mail, hits: hits([0, 1], [0, 1], [0, 0]) }, at)).toBe(false)
  expect(isMachine({ ...mail, hits: hits([0, 3], [1, 2], [2, 1]) }, at)).toBe(true)
  expect(isMachine({ ...mail, handedAt: ago(2), hits: hits([0, 1]) }, at)).toBe(true)
  // A notification can be pressed the moment it shows.
  expect(isMachine({ ...mail, channel: 'push', handedAt: ago(2), hits: hits([0, 1]) }, at)).toBe(false)
  // The person behind that scanner, a quarter of an hour later.
  expect(isMachine({ ...mail, hits: hits([0, 500], [1, 500], [2, 499], [0, 1]) }, at)).toBe(false)
})

const variant = (over: Partial<Variant>): Variant => ({ language: 'en', channel: '', title: '', body: '', ...over })
const composed = (variants: Variant[], channel: 'mail' | 'sms' | 'push', language: 'en' | 'fr' = 'en') => ({
  artist: { name: 'Ana <3', href: 'https://x.example/ana' },
  given: [{ title: 'Été', href: 'https://x.example/ana/ete' }] as (Given | null)[],
  language,
  channel,
  variants,
})
const to = (name: string) => ({
  name,
  href: (link: number) => `https://x.example/l/code${link}`,
  leave: 'https://x.example/leave/t',
  preferences: 'https://x.example/fan/t',
})

test('a mail says the same as HTML and as text, leads to what is given, and lets one leave', () => {
  const body = `Hello {name},\n\nit is *out*. See [the page](https://x.example/ana/ete), [news](https://x.example/ana/journal) or [elsewhere](https://y.example/?a=1&b=2).\n\n- one\n- two\n\n> quoted\n\n![cover](https://y.example/pixel.gif) <b onclick="x">bold</b>`
  const template = prepare(composed([variant({ title: 'It’s out, {name}', body })], 'mail'), 'https://x.example')
  expect(template.links).toEqual(['https://x.example/ana/ete', 'https://x.example/ana/journal'])
  const { subject, text, html } = fill(template, to('Zoé & <Co>'))
  expect(subject).toBe('It’s out, Zoé & <Co>')
  expect(html).toContain('Hello Zoé &amp; &lt;Co&gt;,')
  expect(html).toContain('href="https://x.example/l/code0"')
  expect(html).toContain('href="https://x.example/l/code1"')
  expect(html).toContain('href="https://y.example/?a=1&amp;b=2"')
  expect(html).toContain('Ana &lt;3')
  expect(html).not.toMatch(/<img|<b |<script|pixel\.gif/)
  expect(html).toContain('https://x.example/leave/t')
  expect(text).toContain(
    'See the page (https://x.example/l/code0), news (https://x.example/l/code1) or elsewhere (https://y.example/?a=1&b=2).',
  )
  expect(text).toContain('- one\n- two\n\n> quoted')
  expect(text).toContain('Leave https://x.example/leave/t')
  expect(`${text}${html}`).not.toMatch(/[\ue000-\uf8ff]/)
})

test('without a name the greeting still reads well', () => {
  const template = prepare(
    composed([variant({ title: 'News', body: 'Hello {name}, listen.' })], 'mail'),
    'https://x.example',
  )
  expect(fill(template, to('')).text).toContain('Hello, listen.')
})

test('no name and no word can bring anything into a header or between the lines', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, words) => {
      const template = prepare(composed([variant({ title: words, body: words })], 'mail'), 'https://x.example')
      const { subject, html } = fill(template, to(name))
      expect(subject).not.toMatch(/[\r\n]/)
      expect(html).not.toMatch(/<script|<img|<iframe| on\w+=/i)
    }),
  )
})

test('a text message is the artist, the title, a short link and the way out; its own words replace the title', () => {
  const shared = variant({ title: 'Out today', body: 'A long story' })
  const { text } = fill(prepare(composed([shared], 'sms'), 'https://x.example'), to('Zoé'))
  expect(text).toBe('Ana <3: Out today https://x.example/l/code0 To leave: STOP')
  const own = variant({ channel: 'sms', body: 'Come to https://y.example/show' })
  const said = fill(prepare(composed([shared, own], 'sms'), 'https://x.example'), to('Zoé'))
  expect(said.text).toBe('Ana <3: Come to https://x.example/l/code1 https://x.example/l/code0 To leave: STOP')
})

test('a text message leaves with the signs that telephones have, the name in it too; with plain letters once that is agreed', () => {
  const own = variant({ channel: 'sms', body: 'C’est l’été, {name}… à la fenêtre' })
  const text = (spell?: typeof plainLetters) =>
    fill(prepare({ ...composed([own], 'sms'), ...(spell && { spell }) }, 'https://x.example'), to('Zoë d’Œ')).text
  expect(text()).toBe("Ana <3: C'est l'été, Zoë d'Œ... à la fenêtre https://x.example/l/code0 To leave: STOP")
  expect(text(plainLetters)).toBe(
    "Ana <3: C'est l'été, Zoe d'OE... à la fenetre https://x.example/l/code0 To leave: STOP",
  )
})

test('of several things each has its link in a mail, the first leads elsewhere, and one that is gone takes no other’s number', () => {
  const variants = [variant({ title: '', body: 'Both are [yours](https://x.example/ana/song).' })]
  const post = { title: 'A letter', href: 'https://x.example/ana/journal/letter' }
  const song = { title: 'A song', href: 'https://x.example/ana/song' }
  const made = (channel: 'mail' | 'sms' | 'push', given: (Given | null)[]) => {
    const template = prepare({ ...composed(variants, channel), given }, 'https://x.example')
    return { template, ...fill(template, to('')) }
  }
  const mail = made('mail', [post, song])
  expect(mail.subject).toBe('A letter')
  expect(mail.template.links).toEqual([post.href, song.href])
  expect(mail.text).toContain('Both are yours (https://x.example/l/code1).')
  expect(mail.text).toContain('A letter\nhttps://x.example/l/code0\n\nA song\nhttps://x.example/l/code1')
  expect(mail.html).toContain('<a class="give" href="https://x.example/l/code1">A song</a>')
  expect(fill({ ...mail.template, ...mail.template.part }, to('')).text).toContain('A song\nhttps://x.example/l/code1')
  expect([mail.template.lead, made('push', [post, song]).template.lead]).toEqual([0, 0])

  const left = made('mail', [null, song])
  expect(left.subject).toBe('A song')
  expect(left.template.links).toEqual(['https://x.example/ana', song.href])
  expect(left.text).not.toContain('code0')
  expect(left.template.lead).toBe(1)
  expect(made('sms', [null, song]).text).toContain('/l/code1 ')
  expect(made('sms', [null, null]).text).toContain('/l/code0 ')
})

test('what a draft gives is put in order by buttons, each thing once and no more than five', () => {
  const ids = Array.from({ length: 7 }, (_, n) => `post:00000000-0000-7000-8000-00000000000${n}` as const)
  const read = (subjects: string[], subject = '', pressed = '') =>
    readWords({
      texts: (name) => (name === 'subjects' ? subjects : []),
      text: (name) => ({ subject, do: pressed })[name] ?? '',
    }).subjects
  const [a, b, c] = ids as [Subject, Subject, Subject]
  expect(read([])).toEqual([])
  expect(read([], a)).toEqual([a])
  expect(read([a], b, 'add')).toEqual([a, b])
  expect(read([a, b, a], b)).toEqual([a, b])
  expect(read([a, b, c], '', 'up:2')).toEqual([a, c, b])
  expect(read([a, b, c], '', 'down:0')).toEqual([b, a, c])
  expect(read([a, b, c], '', 'away:1')).toEqual([a, c])
  expect(read(['constructor', a], 'x:y', 'up:9')).toEqual([a])
  expect(read(ids)).toEqual(ids.slice(0, 5))
  fc.assert(
    fc.property(
      fc.subarray([...ids].slice(0, 5)),
      fc.constantFrom('up', 'down', 'away'),
      fc.nat(6),
      (some, step, at) => {
        const after = read(some, '', `${step}:${at}`)
        expect(new Set(after)).toEqual(new Set(step === 'away' ? some.filter((_, other) => other !== at) : some))
      },
    ),
  )
})

test('a notification is short', () => {
  const body = `First *line*\n\n- ${'[word](https://x.example) '.repeat(100)}`
  const { subject, text, html } = fill(
    prepare(composed([variant({ title: 'Out', body })], 'push'), 'https://x.example'),
    to(''),
  )
  expect(subject).toBe('Out')
  expect(text.length).toBeLessThanOrEqual(180)
  expect(text).toMatch(/^First line word word.*…$/)
  expect(html).toBeNull()
})

test('who reads a language that has no words gets the other one', () => {
  const variants = [
    variant({ language: 'fr', title: 'Dehors' }),
    variant({ language: 'en', channel: 'sms', body: 'alone' }),
  ]
  expect(writtenIn(variants)).toEqual(['fr'])
  expect(toldIn('en', writtenIn(variants))).toBe('fr')
  expect(toldIn('fr', writtenIn(variants))).toBe('fr')
  expect(wordsFor(variants, 'fr', 'push')).toEqual({ title: 'Dehors', body: '', own: false })
})

test('a preview shows the mail as a machine that prefers light, or dark, does', () => {
  const { html } = fill(prepare(composed([variant({ title: 'Out' })], 'mail'), 'https://x.example'), to(''))
  expect(html).toContain('@media (prefers-color-scheme:dark)')
  expect(inScheme(html as string, 'dark')).toContain('@media all{')
  expect(inScheme(html as string, 'light')).toContain('@media not all{')
})

test('a condition is read from what a form says, or the form says what is missing', () => {
  const form = { is: '', what: '', number: '', days: '', not: false }
  expect(readCondition({ ...form, is: 'country', what: 'fr' })).toEqual({
    ok: true,
    condition: { is: 'country', country: 'FR' },
  })
  expect(readCondition({ ...form, is: 'country', what: 'France' })).toEqual({ ok: false, wrong: 'what' })
  expect(readCondition({ ...form, is: 'joined', days: '30', number: 'before' })).toEqual({
    ok: true,
    condition: { is: 'joined', beforeDays: 30 },
  })
  expect(readCondition({ ...form, is: 'not-told' })).toEqual({ ok: false, wrong: 'days' })
  expect(readCondition({ ...form, is: 'took', what: 'release:1', not: true })).toEqual({
    ok: true,
    condition: { is: 'not', condition: { is: 'took', subject: 'release:1' } },
  })
  expect(readCondition({ ...form, is: 'constructor' })).toEqual({ ok: false, wrong: 'is' })
  expect(readCondition({ ...form, is: 'answered', days: '0' })).toEqual({ ok: false, wrong: 'days' })
  expect(
    subjectsOf({
      all: [
        { is: 'not', condition: { is: 'took', subject: 'a:1' } },
        { is: 'listened', subject: 'a:1', atLeast: 1 },
      ],
    }),
  ).toEqual(['a:1'])
})
