import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { renditionKey } from '../../../platform/images/index.ts'
import { toLocal } from '../../../platform/zones.ts'
import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../../testing/index.ts'
import { confirmedThrough, recordReturn, shareLink } from '../../exchange/index.ts'
import { confirm, eraseFan, fanByAddress, mergeFans, ownPersonalData } from '../../fans/index.ts'
import { shopPersonalData } from '../../shop/index.ts'
import { closeOperation } from '../close-operation.ts'
import { operationsPersonalData } from '../personal-data.ts'
import { tidySentIn } from '../tidy-sent-in.ts'
import { confirmContribution, contribute } from './contribute.ts'
import { countBrought } from './count-brought.ts'
import { createMission, openMission, saveTask, type TaskFields } from './edit-mission.ts'
import type { Thanks } from './mission.rules.ts'
import { givenTo, missionById, missionCounts, tasksOf, wallOf } from './mission.views.ts'
import { moderateContribution } from './moderate-contribution.ts'

const PERSONAL_DATA = [operationsPersonalData, shopPersonalData, ownPersonalData]
const PROOF = { wording: 'Write to me.', language: 'en', source: 'form' } as const
const DAY = 24 * 3_600_000
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const NOTHING: Thanks = { words: '', subject: null, batch: null }

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let ana: GivenRelease
let owner: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  ana = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Tides', tracks: ['Ebb'] })
  owner = await signedIn(platform, { artistIds: [ana.artistId] })
  // The clock goes on for weeks here.
  await platform.pool.query(`update sessions set expires_at = now() + interval '1 year'`)
}, 60_000)
beforeEach(() => platform.pool.query('delete from rate_limits'))
afterAll(() => platform.close())

/** Somebody with a browser that keeps its cookies. */
function browser(held = '') {
  const jar = new Map<string, string>()
  const headers = () => ({
    'user-agent': BROWSER,
    cookie: [held, ...[...jar].map(([name, value]) => `${name}=${value}`)].filter(Boolean).join('; '),
  })
  const read = async (answer: Response) => {
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      jar.set(name, value)
    }
    return { status: answer.status, to: answer.headers.get('location') ?? '', html: await answer.text() }
  }
  return {
    get: async (path: string) => read(await app.request(path, { headers: { accept: 'text/html', ...headers() } })),
    async post(path: string, fields: Record<string, string | Blob>, referer = '') {
      const isForm = Object.values(fields).every((value) => typeof value === 'string')
      const form = new FormData()
      for (const [name, value] of Object.entries(fields)) form.set(name, value)
      const { 'content-type': type, ...same } = FORM
      return read(
        await app.request(path, {
          method: 'POST',
          headers: { ...same, ...headers(), ...(isForm && { 'content-type': type }), ...(referer && { referer }) },
          body: isForm ? new URLSearchParams(fields as Record<string, string>).toString() : form,
        }),
      )
    },
    /** What the page of a release says of itself when it is opened, by a link that was passed on. */
    touch: async (token: string, kind: 'page' | 'start') =>
      read(
        await app.request('/api/touches', {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: 'http://ritornello.test', ...headers() },
          body: JSON.stringify({
            ...{ key: crypto.randomUUID(), kind, subject: `release:${ana.releaseId}`, path: '/x', referrer: null },
            token,
          }),
        }),
      ),
  }
}

/** What the latest mail to this address leads to. */
async function linkFor(to: string): Promise<string> {
  await workOff(platform, ['operations.ask'])
  return /\/missions\/\S+/.exec(platform.mails.findLast((one) => one.to === to)?.text ?? '')?.[0] ?? ''
}
/** What left to somebody in thanks, as deliveries hold it. */
async function thanked(mail: string): Promise<string[]> {
  await workOff(platform, ['operations.thank'])
  const { rows } = await platform.pool.query<{ text: string }>(
    `select message ->> 'text' as text from deliveries where address = $1 and once like 'mission-thanks:%' order by id`,
    [mail],
  )
  return rows.map(({ text }) => text)
}
const fanOf = async (mail: string) => {
  const fan = await platform.db.transaction().execute((tx) => fanByAddress(tx, 'mail', mail))
  if (!fan) throw new Error(`Nobody has ${mail}`)
  return fan
}
/** What came back of a mission and was not set right since. */
const standingOf = async (id: string) =>
  (
    await platform.pool.query<{ n: number }>(
      `select count(*)::int as n from returns r where kind = 'contribution' and subject = $1 and reverses is null
        and not exists (select from returns x where x.reverses = r.id)`,
      [`operation:${id}`],
    )
  ).rows[0]?.n ?? 0
const returnsOf = async (id: string) =>
  (
    await platform.pool.query<{ n: number }>(
      `select count(*)::int as n from returns where kind = 'contribution' and subject = $1`,
      [`operation:${id}`],
    )
  ).rows[0]?.n

type TaskSaid = Partial<TaskFields> & Pick<TaskFields, 'kind'>
let number = 0
/** A mission that is open for ten days, by the use cases. */
async function openMissionOf(asked: TaskSaid[], forAll: Thanks = NOTHING) {
  const by = owner.accountId
  const operationId = await createMission(platform, {
    artistId: ana.artistId,
    by,
    fields: {
      ...{ title: `Mission ${++number}`, words: 'Carry it on.', language: 'en', timeZone: 'UTC', thanks: forAll },
      endsAt: new Date(platform.now().getTime() + 10 * DAY),
    },
  })
  for (const task of asked) {
    const fields: TaskFields = { words: '', times: 1, subject: null, language: null, thanks: NOTHING, ...task }
    const saved = await saveTask(platform, { operationId, taskId: null, by, fields })
    if (!saved.ok) throw new Error(saved.error)
  }
  const opened = await openMission(platform, { operationId, by })
  if (!opened.ok) throw new Error(opened.error)
  const mission = await missionById(platform.db, operationId)
  const tasks = await tasksOf(platform.db, operationId)
  return {
    id: operationId,
    tasks,
    path: `/ana-marsh/take-part/${mission?.slug}`,
    studio: `/studio/missions/${operationId}`,
  }
}

/** Somebody who wrote about it, confirmed; answers with the contribution. */
async function wrote(taskId: string, mail: string, link: string): Promise<string> {
  const done = await contribute(platform, {
    ...{ taskId, name: 'Léa', text: '', link, town: '', imageId: null, alt: '', language: 'en', accepted: '', mail },
    fan: null,
  })
  if (!done.ok) throw new Error(done.error)
  await confirmContribution(platform, done.value.id)
  return done.value.id
}
const accept = (operationId: string, contributionId: string) =>
  moderateContribution(platform, { operationId, contributionId, by: owner.accountId, state: 'shown' })
const close = (operationId: string) =>
  closeOperation(platform, {
    ...{ operationId, by: owner.accountId },
    followUp: { kind: 'none', words: 'None, because we move.', subject: null },
    thanks: { words: '', subject: null },
  })
const word = (words: string): Thanks => ({ ...NOTHING, words })

test('a mission from the first word to the wall and its end', async () => {
  const studio = browser(owner.headers.cookie)
  const at = (ms: number) => toLocal(new Date(platform.now().getTime() + ms), 'Europe/Paris')
  const said = { title: 'Tides in every town', words: 'Carry it on.', language: 'en', zone: 'Europe/Paris' }
  expect((await studio.post('/studio/missions/new', { ...said, title: '', endsAt: '' })).html).toContain(
    'Give it a title first.',
  )
  const made = await studio.post('/studio/missions/new', {
    ...said,
    endsAt: at(3 * DAY),
    thanks: 'You are in the booklet.',
  })
  const own = made.to.split('?')[0] ?? ''
  const id = own.split('/').at(-1) ?? ''
  expect((await studio.post(`${own}/open`, {})).html).toContain('Ask for something first')
  const track = `track:${ana.tracks[0]?.trackId}`
  for (const [kind, fields] of [
    [
      'poster',
      { words: 'In a window.', times: '1', thanks: 'A sticker comes by post.', gift: `release:${ana.releaseId}` },
    ],
    ['translate', { subject: track, into: 'fr' }],
  ] as const)
    expect((await studio.post(`${own}/tasks/new/${kind}`, fields)).to).toContain('done=task')
  expect((await studio.post(`${own}/tasks/new/translate`, { subject: 'track:x', into: 'zz' })).status).toBe(422)
  const path = '/ana-marsh/take-part/tides-in-every-town'
  expect((await studio.get(path)).status).toBe(404)
  expect((await studio.post(`${own}/open`, {})).to).toContain('done=opened')

  const lea = browser()
  const shown = await lea.get(path)
  for (const text of [
    'Put up the poster',
    'Translate “Ebb” into French',
    'A sticker comes by post.',
    'You are in the booklet.',
  ])
    expect(shown.html).toContain(text)
  const [poster, translate] = await tasksOf(platform.db, id)
  const photo = await sharp({ create: { width: 900, height: 700, channels: 3, background: '#a03020' } })
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 51/1 24/1' }, IFD0: { Copyright: 'Where I live' } })
    .jpeg()
    .toBuffer()
  const where = `${path}/tasks/${poster?.id}`

  // What is missing is said beside each field, and the photo need not be sent again.
  const half = await lea.post(where, { mail: 'nobody', picture: new File([new Uint8Array(photo)], 'a.jpg') })
  expect(half.status).toBe(422)
  for (const text of ['Say what the photo shows', 'This is no address', 'Without your agreement', 'Your photo is kept'])
    expect(half.html).toContain(text)
  const kept = /name="kept" value="([^"]+)"/.exec(half.html)?.[1] ?? ''
  const whole = { kept, alt: 'In a bakery', town: 'Brest', name: 'Léa', mail: 'lea@fans.example', accept: 'on' }
  expect((await lea.post(where, { ...whole, kept: 'x.y' })).html).toContain('Choose a photo first.')
  expect((await lea.post(where, whole)).to).toContain('said=mail')
  expect((await studio.get(`${own}/contributions`)).html).not.toContain('Brest')
  const link = await linkFor('lea@fans.example')
  expect((await lea.get(link)).html).toContain('Is it you?')
  expect((await lea.post(link, {})).to).toContain('said=in')
  expect((await lea.get(path)).html).toContain('It waits to be looked at.')
  expect((await browser().get(path)).html).not.toContain('Brest')

  // Nothing of what the camera wrote is left, in no file.
  const image = await platform.db
    .selectFrom('missionContributions')
    .innerJoin('images', 'images.id', 'imageId')
    .select(['images.id', 'sha256', 'widths'])
    .executeTakeFirstOrThrow()
  for await (const { key } of platform.storage.list(`images/${image.sha256}/`)) {
    const bytes = await platform.storage.withLocal(key, (file) => readFile(file))
    expect((await sharp(bytes).metadata()).exif).toBeUndefined()
    expect(bytes.includes('Where I live')).toBe(false)
  }

  const one = (await studio.get(`${own}/contributions`)).html.match(/contributions\/([0-9a-f-]{36})\/show/)?.[1]
  await studio.post(`${own}/contributions/${one}/show`, {})
  await studio.post(`${own}/contributions/${one}/show`, {})
  expect((await browser().get(path)).html).toContain('Brest · by Léa')
  expect(await returnsOf(id)).toBe(1)
  const [mail = '', ...more] = await thanked('lea@fans.example')
  expect(more).toEqual([])
  expect(mail).toContain('A sticker comes by post.')
  expect(mail).toMatch(/\/take\/link\/\S+/)
  const again = (await lea.get(path)).html.match(/\/thanks\/[0-9a-f-]{36}/)?.[0] ?? ''
  expect((await lea.post(path + again, {})).to).toMatch(/^\/take\/link\//)
  expect((await browser().post(path + again, {})).status).toBe(404)

  // With the translation she did all of it; this browser is known, so it arrives at once.
  const words = { text: 'La mer\ns’en va', name: '', accept: 'on' }
  expect((await lea.post(`${path}/tasks/${translate?.id}`, words)).to).toContain('said=in')
  const other = await sharp(photo).negate().jpeg().toBuffer()
  const second = { ...whole, kept: '', picture: new File([new Uint8Array(other)], 'b.jpg') }
  expect((await lea.post(where, second)).html).toContain('as often as it is asked')
  const text = (await studio.get(`${own}/contributions`)).html.match(/contributions\/([0-9a-f-]{36})\/show/)?.[1]
  await studio.post(`${own}/contributions/${text}/show`, {})
  expect((await browser().get(path)).html).toContain('by somebody')
  expect((await thanked('lea@fans.example')).at(-1)).toContain('You are in the booklet.')

  // It stands under the words of the track as well, until she takes it back.
  const trackPage = () => browser().get('/ana-marsh/tides/ebb')
  await expect.poll(async () => (await trackPage()).html).toContain('s’en va')
  expect((await trackPage()).html).toContain('In French')
  const yours = (await lea.get(path)).html.match(/\/missions\/contribution\/[^"?]+/g) ?? []
  expect((await lea.get(yours.at(-1) ?? '')).html).toContain('s’en va')
  const before = await standingOf(id)
  await lea.post(yours.at(-1) ?? '', { step: 'withdraw' })
  // What she takes back did not come back; pressed twice, it is set right once.
  expect(await standingOf(id)).toBe(before - 1)
  await lea.post(yours.at(-1) ?? '', { step: 'withdraw' })
  expect(await standingOf(id)).toBe(before - 1)
  await expect.poll(async () => (await trackPage()).html).not.toContain('s’en va')
  expect((await browser().get(path)).html).not.toContain('s’en va')

  // A picture that is taken down leaves; later its file goes.
  expect((await studio.post(`${own}/contributions/${one}/block`, { reason: '' })).html).toContain('Say why')
  await studio.post(`${own}/contributions/${one}/block`, { reason: 'A face on it.' })
  expect((await browser().get(path)).html).not.toContain('Brest')
  expect((await lea.get(link)).html).toContain('A face on it.')
  await workOff(platform, ['operations.settle-picture'])
  expect((await lea.get(link)).html).not.toContain('/media/image/')
  expect((await studio.get(`${own}/contributions/${one}/picture`)).status).toBe(200)

  expect(await close(id)).toEqual({ ok: false, error: 'early' })
  platform.pass(4 * DAY)
  expect((await lea.post(where, whole)).html).toContain('It is over')
  const end = await studio.post(`${own}/close`, {
    follow: 'next',
    followWords: 'The tour begins in May.',
    thanks: 'Thank you all.',
  })
  expect(end.to).toContain('done=closed')
  expect((await studio.get(end.to)).html).toContain('One person is told')
  expect((await browser().get(path)).html).toContain('The tour begins in May.')
  await workOff(platform, ['operations.tell'])
  const { rows } = await platform.pool.query(
    `select message ->> 'text' as text from deliveries where once like 'operation-end:${id}:%'`,
  )
  expect(rows).toEqual([{ text: expect.stringContaining('You took part in “Tides in every town”') }])

  platform.pass(15 * DAY)
  await tidySentIn(platform)
  expect(await platform.storage.stat(renditionKey(image.sha256, image.widths[0] ?? 0, 'jpg'))).toBeNull()
}, 60_000)

test('people whom somebody brings count once they came by the link and confirmed: not oneself, not who was here, not a machine', async () => {
  const subject = `release:${ana.releaseId}`
  const { id, path, tasks } = await openMissionOf([{ kind: 'bring', times: 2, subject, thanks: word('Guest list.') }])
  const zoe = browser()
  const where = `${path}/tasks/${tasks[0]?.id}`
  expect((await zoe.post(where, { mail: 'zoe@fans.example' })).to).toContain('said=mail')
  const link = await linkFor('zoe@fans.example')
  expect((await zoe.post(link, {})).to).toContain('said=link')
  expect((await zoe.post(link, {})).to).toContain('said=link')
  const code = /\/s\/([a-z0-9]+)"/.exec((await zoe.get(path)).html)?.[1] ?? ''
  const token = `s.${code}`

  /** Opens the link, and follows the artist from the page to which it led. */
  const follow = async (who: ReturnType<typeof browser>, mail: string, how: 'page' | 'start' | 'none' = 'page') => {
    if (how !== 'none') await who.touch(token, how)
    const referer = `http://ritornello.test/ana-marsh/tides?via=${token}`
    await who.post('/follow/ana-marsh', { mail }, referer)
    const { rows } = await platform.pool.query<{ id: string }>(
      `select s.id from subscriptions s join fan_addresses a on a.id = s.address_id where a.address = $1`,
      [mail],
    )
    return rows[0]?.id ?? ''
  }
  const says = (subscriptionId: string) =>
    platform.db.transaction().execute((tx) => confirm(tx, platform, { ...PROOF, subscriptionId, recognised: false }))
  const counted = async () => {
    await countBrought(platform)
    return (await missionCounts(platform.db, id)).brought
  }

  // Their own browser, twice; somebody who came and never confirmed; a machine, which no browser reports.
  await says(await follow(zoe, 'zoe+two@fans.example'))
  await follow(browser(), 'never@fans.example')
  await says(await follow(browser(), 'nowhere@fans.example', 'none'))
  expect(await counted()).toBe(1)
  // The one who came without confirming is as many as there are: the two addresses above count for that one alone.
  await says(await follow(browser(), 'max@fans.example', 'start'))
  expect(await counted()).toBe(2)
  expect((await zoe.get(path)).html).toContain('2 people came and confirmed')
  await countBrought(platform)
  await Promise.all([countBrought(platform), countBrought(platform)])
  expect(await thanked('zoe@fans.example')).toEqual([expect.stringContaining('Guest list.')])
  expect(await close(id)).toEqual({ ok: false, error: 'early' })

  // What comes after its end is not counted, and what was counted when it closed stays.
  platform.pass(11 * DAY)
  await says(await follow(browser(), 'late@fans.example', 'start'))
  expect(await counted()).toBe(2)
  expect(await close(id)).toEqual({ ok: true, value: { people: 1 } })
  const fan = await fanOf('zoe@fans.example')
  await platform.db.transaction().execute((tx) => eraseFan(tx, platform, PERSONAL_DATA, { ...PROOF, fanId: fan.fanId }))
  expect((await missionCounts(platform.db, id)).brought).toBe(2)
}, 60_000)

test('whoever comes by whatever link, confirms whatever and is recognised or not: who is known counts, of the others as many as came new and confirmed by the link', async () => {
  const minute = (n: number) => new Date(Date.UTC(2026, 9, 1, 12, n))
  const step = fc.record({
    what: fc.constantFrom('come', 'come', 'confirm', 'confirm', 'own', 'recognise'),
    who: fc.nat(7),
    by: fc.nat(2),
  })
  let some = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
      const { db } = platform
      const artistId = newId()
      const subject = `release:${newId()}` as const
      const fans = async (n: number) =>
        Promise.all(
          Array.from({ length: n }, async () => {
            const fan = { id: newId(), personId: newId() }
            await platform.pool.query('insert into fans (id, person_id) values ($1, $2)', [fan.id, fan.personId])
            return fan
          }),
        )
      const bringers = await fans(3)
      const people = (await fans(8)).map((fan) => ({ ...fan, visitor: newId() }))
      const codes = await Promise.all(
        bringers.map(({ personId }) => shareLink({ db, now: () => minute(0) }, { artistId, subject, personId })),
      )
      const came = new Map<number, { by: number; at: number }>()
      const confirmed = new Map<number, { by: number; at: number }>()
      const recognised = new Set<number>()
      const own = [0, 0, 0]
      let at = 1
      for (const { what, who, by } of steps) {
        const [person, bringer] = [people[who], bringers[by]]
        if (!person || !bringer) continue
        at++
        if (what === 'come' && !came.has(who)) {
          came.set(who, { by, at })
          await platform.pool.query(
            'insert into brought (artist_id, person_id, by_person, at) values ($1, $2, $3, $4)',
            [...[artistId, person.visitor, bringer.personId, minute(at)]],
          )
        } else if (what === 'recognise' && !recognised.has(who)) {
          recognised.add(who)
          await platform.pool.query('insert into person_fans (person_id, fan_id, since) values ($1, $2, $3)', [
            ...[person.visitor, person.id, minute(at)],
          ])
        } else if ((what === 'confirm' && !confirmed.has(who)) || what === 'own') {
          // `own`: the bringer types another address into their own browser.
          const personId = what === 'own' ? newId() : person.personId
          if (what === 'confirm') confirmed.set(who, { by, at })
          else own[by] = (own[by] ?? 0) + 1
          await db.transaction().execute((tx) =>
            recordReturn(tx, {
              ...{ artistId, key: newId(), kind: 'confirmation', subject, givenAs: subject, personId },
              ...{ at: minute(at), token: `s.${codes[by]}` },
            }),
          )
        }
      }
      const counts = await confirmedThrough(db, artistId, { from: minute(0), until: minute(at + 1) })
      const isSure = (who: number) =>
        recognised.has(who) && (confirmed.get(who)?.at ?? -1) > (came.get(who)?.at ?? Infinity)
      for (const [n, { personId }] of bringers.entries()) {
        const edges = [...came].filter(([, { by }]) => by === n).map(([who]) => who)
        const byLink = [...confirmed].filter(([who, { by }]) => by === n && !isSure(who)).length + (own[n] ?? 0)
        const sure = edges.filter(isSure).length
        expect(counts.get(personId) ?? 0).toBe(sure + Math.min(edges.length - sure, byLink))
        some += counts.get(personId) ?? 0
      }
      // Before it began, nobody.
      expect(await confirmedThrough(db, artistId, { from: minute(at + 1), until: minute(at + 2) })).toEqual(new Map())
    }),
    { numRuns: 30 },
  )
  expect(some).toBeGreaterThan(20)
}, 60_000)

test('accepted by two at once, shown and taken down again and again: thanked once for the task and once for all', async () => {
  const asked: TaskSaid[] = [
    { kind: 'write', times: 2, thanks: word('For writing.') },
    { kind: 'write', thanks: NOTHING },
  ]
  const { id, tasks } = await openMissionOf(asked, word('For all.'))
  const [twice, once] = tasks.map((task) => task.id)
  const mail = 'nia@fans.example'
  const all = [
    await wrote(twice ?? '', mail, 'https://example.org/1'),
    await wrote(twice ?? '', mail, 'https://example.org/2'),
    await wrote(once ?? '', mail, 'https://example.org/3'),
  ]
  await accept(id, all[0] ?? '')
  expect(await thanked(mail)).toEqual([])
  await Promise.all([...all, ...all].map((one) => accept(id, one)))
  await moderateContribution(platform, {
    ...{ operationId: id, contributionId: all[1] ?? '', by: owner.accountId },
    ...{ state: 'blocked', reason: 'A mistake.' },
  })
  const standing = async () => {
    const { rows } = await platform.pool.query(
      `select count(*)::int as n from returns r where kind = 'contribution' and subject = $1 and reverses is null
        and not exists (select from returns x where x.reverses = r.id)`,
      [`operation:${id}`],
    )
    return rows[0].n
  }
  // What is taken down did not come back; shown again it did, once.
  expect(await standing()).toBe(2)
  await Promise.all([...all, ...all].map((one) => accept(id, one)))
  expect(await standing()).toBe(3)
  const mails = await thanked(mail)
  expect(mails.map((text) => /For (?:writing|all)\./.exec(text)?.[0]).sort()).toEqual(['For all.', 'For writing.'])
})

test('a long wall has pages, and everything that was accepted stands on one of them', async () => {
  const { id, tasks } = await openMissionOf([{ kind: 'write', times: 1, thanks: word('Thanks.') }])
  const { slug } = await platform.db
    .selectFrom('operations')
    .select('slug')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  await platform.pool.query(
    `insert into mission_contributions (id, operation_id, task_id, name, link, at, confirmed_at, state, decided_at)
     select gen_random_uuid(), $1, $2, 'N' || n, 'https://example.org/w' || n, now() - n * interval '1 minute', now(), 'shown', now() from generate_series(1, 100) n`,
    [id, tasks[0]?.id],
  )
  const path = `/ana-marsh/take-part/${slug}`
  const pages: string[] = []
  for (let at: string | null = path; at; ) {
    const { html }: { html: string } = await browser().get(at)
    pages.push(html)
    at = /href="([^"]+)#wall">Earlier</.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? null
  }
  const shown = pages.map((html) => [...html.matchAll(/id="contribution-([^"]+)"/g)].map(([, one]) => one))
  expect(shown.map(({ length }) => length)).toEqual([48, 48, 4])
  expect(new Set(shown.flat()).size).toBe(100)
  expect(pages.at(-1)).toContain('>Later<')
  expect((await browser().get(`${path}?wall=99`)).status).toBe(200)
})

test('the same sent twice is one; of several at once, no more than are asked for', async () => {
  const { id, tasks } = await openMissionOf([{ kind: 'write', times: 2, thanks: word('Thanks.') }])
  const taskId = tasks[0]?.id ?? ''
  await wrote(taskId, 'ida@fans.example', 'https://example.org/a')
  await wrote(taskId, 'ida@fans.example', 'https://example.org/a')
  expect((await missionCounts(platform.db, id)).waiting).toBe(2)
  const fan = await fanOf('ida@fans.example')
  const known = { ...fan, addressKey: 'ida@fans.example' }
  const own = { name: '', text: '', town: '', imageId: null, alt: '', language: 'en', accepted: '', mail: '' } as const
  const { id: next, tasks: others } = await openMissionOf([{ kind: 'write', times: 2, thanks: word('Thanks.') }])
  const many = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      contribute(platform, { ...own, taskId: others[0]?.id ?? '', link: `https://example.org/${n}`, fan: known }),
    ),
  )
  expect(many.filter(({ ok }) => ok)).toHaveLength(2)
  expect((await missionCounts(platform.db, next)).waiting).toBe(2)
})

test('codes: each gets their own; who comes when none is left is owed one, and gets it from the next batch', async () => {
  const studio = browser(owner.headers.cookie)
  const batch = async (count: number) => {
    const fields = { subject: `release:${ana.releaseId}`, name: 'Street', purpose: '', count: String(count), until: '' }
    const made = await studio.post('/studio/shop/codes/new', fields)
    return made.to.match(/[0-9a-f-]{36}/)?.[0] ?? ''
  }
  const first = await batch(2)
  const { id, tasks, studio: own } = await openMissionOf([{ kind: 'write', thanks: { ...NOTHING, batch: first } }])
  const taskId = tasks[0]?.id ?? ''
  const mails = ['a', 'b', 'c'].map((name) => `${name}@codes.example`)
  const done = await Promise.all(mails.map((mail) => wrote(taskId, mail, `https://example.org/${mail}`)))
  await Promise.all(done.map((one) => accept(id, one)))
  const codes = async () =>
    (await Promise.all(mails.map(thanked))).flatMap((texts) =>
      texts.flatMap((text) => /\/code\/(\S+)/.exec(text)?.[1] ?? []),
    )
  expect(new Set(await codes()).size).toBe(2)
  expect((await studio.get(`${own}/contributions`)).html).toContain('One person waits for a code')
  expect((await studio.get(`/studio/shop/codes/${first}/cards.pdf`)).status).toBe(404)

  const next = await batch(1)
  expect((await studio.post(`${own}/tasks/${taskId}`, { words: 'Write.', batch: next })).to).toContain('done=task')
  await countBrought(platform)
  await countBrought(platform)
  expect(new Set(await codes()).size).toBe(3)
  expect((await missionCounts(platform.db, id)).owed).toBe(0)
})

test('who is thanked twice by codes of one batch is given one, which may be theirs of something else already', async () => {
  const studio = browser(owner.headers.cookie)
  const fields = { subject: `release:${ana.releaseId}`, name: 'Shared', purpose: '', count: '5', until: '' }
  const made = await studio.post('/studio/shop/codes/new', fields)
  const batch = made.to.match(/[0-9a-f-]{36}/)?.[0] ?? ''
  const [first, second] = [
    await openMissionOf([{ kind: 'write', thanks: { ...NOTHING, batch } }]),
    await openMissionOf([{ kind: 'write', thanks: { ...NOTHING, batch } }]),
  ]
  const mail = 'twice@codes.example'
  await accept(first.id, await wrote(first.tasks[0]?.id ?? '', mail, 'https://example.org/one'))
  await accept(second.id, await wrote(second.tasks[0]?.id ?? '', mail, 'https://example.org/two'))
  const { fanId } = await fanOf(mail)
  const { rows } = await platform.pool.query<{ code: string }>('select code from mission_thanks where fan_id = $1', [
    fanId,
  ])
  expect(rows).toHaveLength(2)
  expect(new Set(rows.map(({ code }) => code)).size).toBe(1)
  const { rows: taken } = await platform.pool.query(
    'select code from codes where batch_id = $1 and handed_at is not null',
    [batch],
  )
  expect(taken).toEqual(rows.slice(0, 1))
})

test('whoever is erased and takes part again is thanked with the code that was theirs, and told so when they have used it; nothing that is kept leads to them', async () => {
  const studio = browser(owner.headers.cookie)
  const fields = { subject: `release:${ana.releaseId}`, name: 'Again', purpose: '', count: '3', until: '' }
  const made = await studio.post('/studio/shop/codes/new', fields)
  const batch = made.to.match(/[0-9a-f-]{36}/)?.[0] ?? ''
  const { id, tasks } = await openMissionOf([{ kind: 'write', thanks: { ...NOTHING, batch } }])
  const mail = 'again@codes.example'
  const took = async () => {
    await accept(id, await wrote(tasks[0]?.id ?? '', mail, 'https://example.org/again'))
    return /\/code\/(\S+)/.exec((await thanked(mail)).at(-1) ?? '')?.[1]
  }
  const erase = async () => {
    const { fanId } = await fanOf(mail)
    const { rows: held } = await platform.pool.query<{ hash: string }>(
      'select address_hash as hash from fan_addresses where fan_id = $1',
      [fanId],
    )
    await platform.db.transaction().execute((tx) => eraseFan(tx, platform, PERSONAL_DATA, { ...PROOF, fanId }))
    const { rows } = await platform.pool.query<{ row: string }>(
      `select g::text as row from given_codes g where batch_id = $1
        union all select t::text from mission_thanks t where operation_id = $2`,
      [batch, id],
    )
    for (const { row } of rows) for (const trace of [fanId, mail, held[0]?.hash ?? '']) expect(row).not.toContain(trace)
  }
  const first = await took()
  expect(first).toBeTruthy()
  for (let round = 0; round < 2; round++) {
    await erase()
    expect(await took()).toBe(first)
  }
  const { rows } = await platform.pool.query('select from codes where batch_id = $1 and handed_at is not null', [batch])
  expect(rows).toHaveLength(1)

  await platform.pool.query(
    `update codes set redeemed_at = now(), browser = 'there' where batch_id = $1 and handed_at is not null`,
    [batch],
  )
  await erase()
  await accept(id, await wrote(tasks[0]?.id ?? '', mail, 'https://example.org/again'))
  const last = (await thanked(mail)).at(-1)
  expect(last).toContain('was given to you before, and you have used it')
  expect(last).not.toContain('/code/')
  const { fanId } = await fanOf(mail)
  expect(await givenTo(platform.db, id, fanId)).toMatchObject([{ code: null, isOwed: false, hadCode: true }])
  expect((await missionCounts(platform.db, id)).owed).toBe(0)
})

test('two who turn out to be one, of whom one has a code and the other waits for one, get no second', async () => {
  const studio = browser(owner.headers.cookie)
  const fields = { subject: `release:${ana.releaseId}`, name: 'One', purpose: '', count: '1', until: '' }
  const made = await studio.post('/studio/shop/codes/new', fields)
  const batch = made.to.match(/[0-9a-f-]{36}/)?.[0] ?? ''
  const { id, tasks } = await openMissionOf([{ kind: 'write', thanks: { ...NOTHING, batch } }])
  const taskId = tasks[0]?.id ?? ''
  for (const mail of ['has@codes.example', 'waits@codes.example'])
    await accept(id, await wrote(taskId, mail, `https://example.org/${mail}`))
  expect((await missionCounts(platform.db, id)).owed).toBe(1)
  const [has, waits] = [await fanOf('has@codes.example'), await fanOf('waits@codes.example')]
  await platform.db.transaction().execute((tx) => mergeFans(tx, PERSONAL_DATA, { from: has.fanId, into: waits.fanId }))
  expect((await missionCounts(platform.db, id)).owed).toBe(0)
  const { rows } = await platform.pool.query(
    `select code is not null as has from mission_thanks where operation_id = $1 and fan_id = $2`,
    [id, waits.fanId],
  )
  expect(rows).toEqual([{ has: true }])
})

test('a photo of a form that nobody finishes goes', async () => {
  const { path, tasks } = await openMissionOf([{ kind: 'poster', thanks: word('Thanks.') }])
  const bytes = await sharp({ create: { width: 500, height: 400, channels: 3, background: '#123321' } })
    .jpeg()
    .toBuffer()
  const count = async () => (await platform.pool.query('select count(*)::int as n from images')).rows[0].n
  await workOff(platform, ['operations.forget-pictures'])
  const before = await count()
  const half = { mail: 'nobody', picture: new File([new Uint8Array(bytes)], 'a.jpg') }
  expect((await browser().post(`${path}/tasks/${tasks[0]?.id}`, half)).html).toContain('Your photo is kept')
  expect(await count()).toBe(before + 1)
  await workOff(platform, ['operations.forget-pictures'])
  expect(await count()).toBe(before)
})

test('whoever is erased takes what they did along; two who turn out to be one were thanked once', async () => {
  const { id, tasks } = await openMissionOf([{ kind: 'write', times: 1, thanks: word('Thanks.') }])
  const taskId = tasks[0]?.id ?? ''
  const [gone, from, into] = ['gone', 'from', 'into'].map((name) => `${name}@fans.example`) as [string, string, string]
  for (const mail of [gone, from, into]) await accept(id, await wrote(taskId, mail, `https://example.org/${mail}`))
  const erased = await fanOf(gone)
  expect(
    await operationsPersonalData.know(platform.db, { ...erased, personIds: [], addressIds: [], addressHashes: [] }),
  ).toMatchObject({
    missionContributions: [{ link: 'https://example.org/gone@fans.example' }],
    missionThanks: [{ for: 'write' }],
  })
  await platform.db
    .transaction()
    .execute((tx) => eraseFan(tx, platform, PERSONAL_DATA, { ...PROOF, fanId: erased.fanId }))
  expect((await wallOf(platform.db, id, 0)).shown.map(({ link }) => link)).not.toContain(
    'https://example.org/gone@fans.example',
  )
  expect((await tasksOf(platform.db, id))[0]?.done).toBe(2)
  const [one, other] = [await fanOf(from), await fanOf(into)]
  await platform.db.transaction().execute((tx) => mergeFans(tx, PERSONAL_DATA, { from: one.fanId, into: other.fanId }))
  await accept(id, (await wallOf(platform.db, id, 0)).shown[0]?.id ?? '')
  expect(await missionCounts(platform.db, id)).toMatchObject({ people: 1, shown: 2, thanked: 3 })
})

test('a mission to which nobody came closes at once and says so; what nobody confirmed is forgotten', async () => {
  const { id, path, tasks } = await openMissionOf([{ kind: 'write', thanks: word('Thanks.') }])
  const own = { name: '', text: '', town: '', imageId: null, alt: '', language: 'en', accepted: '', fan: null } as const
  await contribute(platform, {
    ...own,
    taskId: tasks[0]?.id ?? '',
    link: 'https://example.org/',
    mail: 'x@fans.example',
  })
  expect(await close(id)).toEqual({ ok: true, value: { people: 0 } })
  expect((await browser().get(path)).html).toContain('Nobody took part this time.')
  const { rows } = await platform.pool.query('select from mission_contributions where operation_id = $1', [id])
  expect(rows).toEqual([])
})

test('who may: an editor prepares and looks, and neither opens nor closes; a stranger sees nothing of it', async () => {
  const { studio } = await openMissionOf([{ kind: 'write', thanks: word('Thanks.') }])
  const editor = browser((await signedIn(platform, { artistIds: [ana.artistId], role: 'editor' })).headers.cookie)
  const stranger = browser((await signedIn(platform)).headers.cookie)
  expect((await editor.get(`${studio}/contributions`)).status).toBe(200)
  expect((await editor.post(`${studio}/close`, { follow: 'none', followWords: 'None, because.' })).status).toBe(404)
  expect((await stranger.get(studio)).status).toBe(404)
})
