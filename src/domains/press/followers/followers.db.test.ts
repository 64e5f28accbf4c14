import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
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
import { recordReturns } from '../../exchange/index.ts'
import {
  eraseFan,
  fanByAddress,
  leaveByAddress,
  ownPersonalData,
  preferencesLink,
  readAddress,
  suppress,
} from '../../fans/index.ts'
import { linkIdOf, makeLink, revokeLink } from '../links.store.ts'
import { pressPersonalData } from '../personal-data.ts'
import { savePress } from '../save-press.ts'
import { askToFollow, confirmFollower, forgetUnanswered, setTelling, unfollowPress } from './follow-press.ts'
import { followerById, followersOf } from './followers.views.ts'
import { pressOtherMail } from './other-mail.ts'
import { tellMomentum } from './tell-momentum.ts'

const DAY = 24 * 3_600_000
const NOON = new Date(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`).getTime()
/** The moment so many days from today at noon. */
const day = (n: number) => new Date(NOON + n * DAY)
const SAID = { shortWords: '', contacts: '', rider: '', pictureCredit: '', proofs: [] }

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let ana: GivenRelease
let owner: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  ana = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Tides' })
  owner = await signedIn(platform, { artistIds: [ana.artistId] })
  // Thirteen quiet weeks, and days on which something happens: yesterday and the day before, and in three weeks.
  await listens(ana.artistId, [-2, -1, 20])
}, 60_000)
beforeEach(async () => {
  await platform.pool.query('delete from rate_limits')
  await platform.pool.query(
    'delete from press_followers; delete from press_bursts; delete from deliveries; delete from suppressions',
  )
  await platform.pool.query('delete from press_links; delete from press_pages')
  platform.mails.length = 0
})
afterAll(() => platform.close())

async function listens(artistId: string, bursts: number[]): Promise<void> {
  const subject = `release:${newId()}` as const
  const all: { at: Date }[] = []
  for (let n = -100; n <= 24; n++)
    for (let k = 0; k < (bursts.includes(n) ? 25 : 1 + (Math.abs(n) % 2)); k++) all.push({ at: day(n) })
  await platform.db.transaction().execute((tx) =>
    recordReturns(
      tx,
      all.map(({ at }) => ({ artistId, key: newId(), kind: 'listen', subject, givenAs: subject, personId: null, at })),
    ),
  )
}

/** The same place, at another moment. */
const at = (now: Date): TestPlatform => ({ ...platform, now: () => now })
const mailsTo = (address: string, of = 'Something is happening') =>
  platform.mails.filter(({ to, subject }) => to === address && subject.startsWith(of))
const addressOf = (mail: string) => {
  const read = readAddress('mail', mail)
  if (!read.ok) throw new Error(mail)
  return read.value
}
const ask = (mail: string, { linkId = null as string | null, now = day(0) } = {}) =>
  askToFollow(at(now), {
    ...{ artistId: ana.artistId, address: addressOf(mail), language: 'en', wording: 'You agree.', linkId },
  })
async function confirmed(mail: string, { linkId = null as string | null, now = day(0) } = {}): Promise<string> {
  const { followerId } = await ask(mail, { linkId, now })
  const follower = await followerById(platform.db, followerId)
  if (!follower) throw new Error('nobody asks')
  expect(await confirmFollower(at(now), follower)).toBe(true)
  return followerId
}
const publish = (isPublic: boolean, now = day(0)) => savePress(at(now), { artistId: ana.artistId, ...SAID, isPublic })
const telling = (tells: boolean, now = day(0)) => setTelling(at(now), { artistId: ana.artistId, tells })
const tell = (now = day(0)) => tellMomentum(at(now))
const handOver = (now = day(0)) => workOff(at(now), ['reach.deliver'])
const send = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  app.request(path, {
    method: 'POST',
    headers: { ...FORM, ...headers },
    body: new URLSearchParams(fields).toString(),
  })
const cookies = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ')

test('a professional leaves an address, says in the mail that it is theirs, and is told once, until one press', async () => {
  await publish(true)
  expect(await (await app.request('/ana-marsh/press')).text()).not.toContain('id="follow"')
  expect((await send('/ana-marsh/press', { mail: 'zoe@radio.example' })).status).toBe(404)
  expect((await send('/studio/press/followers', { tells: 'on' }, owner.headers)).status).toBe(303)
  const page = await (await app.request('/ana-marsh/press?lang=en')).text()
  expect(page).toContain('You agree to be told by mail when something is happening with Ana Marsh')

  const wrong = await send('/ana-marsh/press', { mail: 'zoe' })
  expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('This does not look like')])
  const trapped = await send('/ana-marsh/press', { mail: 'zoe@radio.example', fx: 'x' })
  expect(trapped.status).toBe(422)
  const asked = await send('/ana-marsh/press?lang=en', { mail: 'zoe@radio.example' })
  expect(await asked.text()).toContain('A mail is on its way to zoe@radio.example')
  await workOff(platform, ['reach.deliver'])
  const question = mailsTo('zoe@radio.example', 'Ana Marsh: to be told')[0]
  const path = /http:\/\/ritornello\.test(\/press\/confirm\/\S+)/.exec(question?.text ?? '')?.[1] ?? ''

  // To look changes nothing; in the browser that asked the page sends itself, in others it waits for a press.
  expect(await (await app.request(path)).text()).not.toContain('data-island="confirm"')
  expect(await (await app.request(path, { headers: { cookie: cookies(asked) } })).text()).toContain(
    'data-island="confirm"',
  )
  expect(await followersOf(platform.db, ana.artistId, platform.now())).toEqual([])
  expect((await app.request(`${path}x`)).status).toBe(410)
  expect((await send(`${path}x`, {})).status).toBe(410)
  expect((await send(path, {})).status).toBe(303)
  expect(await (await app.request(path)).text()).toContain('is told when something is happening')
  // A link to say yes says no to nobody.
  expect((await send(path.replace('confirm', 'leave'), { by: 'button' })).status).toBe(410)

  const studio = await (await app.request('/studio/press/followers', owner)).text()
  expect(studio).toContain('zoe@radio.example')
  expect(studio).toContain('by the public page.')

  await tellMomentum(platform)
  await workOff(platform, ['reach.deliver'])
  await tellMomentum(platform)
  await workOff(platform, ['reach.deliver'])
  const [mail, ...more] = mailsTo('zoe@radio.example')
  expect(more).toEqual([])
  expect(mail?.text).toMatch(/25 listens, where about \d would have been usual/)
  expect(mail?.text).toContain('Chance alone would say this about once a year at most.')
  expect(mail?.text).toContain('http://ritornello.test/ana-marsh/press')
  const home = await (await app.request('/studio/returns', owner)).text()
  const sentence = /<strong>([^<]*25 listens[^<]*)<\/strong>/.exec(home)?.[1]
  expect(sentence && mail?.text.includes(sentence)).toBe(true)

  const leave = /http:\/\/ritornello\.test(\/press\/leave\/\S+)/.exec(mail?.text ?? '')?.[1] ?? ''
  const { rows } = await platform.pool.query(
    `select message->>'unsubscribe' as unsubscribe from deliveries where once like 'press-%'`,
  )
  expect(rows.map(({ unsubscribe }) => unsubscribe)).toEqual(Array(2).fill(`http://ritornello.test${leave}`))
  expect(await (await app.request(leave)).text()).toContain('the address is forgotten here')
  expect(await followersOf(platform.db, ana.artistId, platform.now())).toHaveLength(1)
  // As a mail program asks (RFC 8058).
  const oneClick = await app.request(leave, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  })
  expect(oneClick.status).toBe(200)
  expect((await platform.db.selectFrom('pressFollowers').selectAll().execute()).length).toBe(0)
  expect(await (await app.request(leave)).text()).toContain('nothing more is sent')
  expect((await app.request(path)).status).toBe(410)
})

test('who came by a private link follows by it: they are told where it opens, and not once it is ended', async () => {
  await publish(false)
  await telling(true)
  const linkId = await makeLink(at(day(-3)), { artistId: ana.artistId, madeFor: 'Le Sonic', days: 30 })
  const studio = await (await app.request('/studio/press', owner)).text()
  const path = /value="http:\/\/ritornello\.test(\/press\/[^"]+)"/.exec(studio)?.[1] ?? ''
  expect(linkIdOf(platform.signer, path.slice('/press/'.length))).toBe(linkId)
  expect(await (await app.request(path)).text()).toContain('id="follow"')
  expect((await send(path, { mail: 'noe@sonic.example' })).status).toBe(200)
  await workOff(platform, ['reach.deliver'])
  const asked = platform.mails.at(-1)?.text ?? ''
  await send(/http:\/\/ritornello\.test(\/press\/confirm\/\S+)/.exec(asked)?.[1] ?? '', {})
  await confirmed('kim@public.example', { now: platform.now() })
  const all = await followersOf(platform.db, ana.artistId, day(0))
  expect(all.map(({ address, by, isTold }) => [address, by, isTold])).toEqual([
    ['noe@sonic.example', 'Le Sonic', true],
    ['kim@public.example', null, false],
  ])
  const seen = await (await app.request('/studio/press/followers', owner)).text()
  expect(seen).toContain('by the link for Le Sonic.')
  expect(seen).toContain('the page is closed to them')

  await tellMomentum(platform)
  await revokeLink(platform, { artistId: ana.artistId, id: linkId })
  await workOff(platform, ['reach.deliver'])
  expect(mailsTo('noe@sonic.example')).toEqual([])
  const next = await makeLink(platform, { artistId: ana.artistId, madeFor: 'Le Sonic again', days: 30 })
  // Asked by another link, they follow by it once they say so.
  const { followerId } = await ask('noe@sonic.example', { linkId: next, now: platform.now() })
  expect((await followersOf(platform.db, ana.artistId, platform.now()))[0]?.by).toBe('Le Sonic')
  const follower = await followerById(platform.db, followerId)
  if (follower) await confirmFollower(platform, follower)
  await tell(day(21))
  await handOver(day(21))
  expect(mailsTo('noe@sonic.example').map(({ text }) => text)).toEqual([expect.stringContaining(`/press/${next}.`)])
  expect(mailsTo('kim@public.example')).toEqual([])
})

test('an artist removes one of their own followers, and nobody else’s', async () => {
  await publish(true)
  await telling(true)
  const id = await confirmed('zoe@radio.example')
  const { artistId } = await givenRelease(platform, { artist: `Bo ${newId()}`, title: 'Else' })
  const stranger = await signedIn(platform, { artistIds: [artistId] })
  expect((await send(`/studio/press/followers/${id}/remove`, {}, stranger.headers)).status).toBe(404)
  await tell()
  expect((await send(`/studio/press/followers/${id}/remove`, {}, owner.headers)).status).toBe(303)
  await handOver()
  expect(await followersOf(platform.db, ana.artistId, day(0))).toEqual([])
  expect(mailsTo('zoe@radio.example')).toEqual([])
})

test('a mail that is put off stays here once the artist switches off', async () => {
  await publish(true)
  await telling(true)
  await confirmed('zoe@radio.example')
  await handOver()
  await tell()
  // It was being handed over when the artist switched off, and the server said "later".
  await platform.pool.query(`update deliveries set state = 'handing' where once like 'press-momentum:%'`)
  await telling(false)
  await platform.pool.query(`update deliveries set state = 'queued' where once like 'press-momentum:%'`)
  await telling(true)
  await handOver()
  await tell()
  await handOver()
  expect(mailsTo('zoe@radio.example')).toEqual([])
  const { rows } = await platform.pool.query(`select state, problem from deliveries where once like 'press-momentum:%'`)
  expect(rows).toEqual([{ state: 'suppressed', problem: 'called-back' }])
})

test('an address that is to be left alone is told nothing, until it says itself that it wants to be', async () => {
  await publish(true)
  await telling(true)
  await confirmed('zoe@radio.example')
  const { addressHash } = await platform.db
    .selectFrom('fanAddresses')
    .select('addressHash')
    .where('address', '=', 'zoe@radio.example')
    .executeTakeFirstOrThrow()
  await suppress(platform.db, { channel: 'mail', addressHash, reason: 'asked', at: day(0) })
  await tell()
  await handOver()
  expect(mailsTo('zoe@radio.example')).toEqual([])
  await confirmed('zoe@radio.example', { now: day(19) })
  await tell(day(21))
  await handOver(day(21))
  expect(mailsTo('zoe@radio.example')).toHaveLength(1)
})

test('what is kept of an address lists the pages that it follows; to leave all ends them, and nothing brings them back unasked', async () => {
  await publish(true)
  await telling(true)
  await confirmed('zoe@radio.example')
  await confirmed('kim@radio.example')
  await handOver()
  await tell()
  const zoe = await platform.db.transaction().execute((tx) => fanByAddress(tx, 'mail', 'zoe@radio.example'))
  const path = preferencesLink(platform, zoe?.addressId ?? '').slice('http://ritornello.test'.length)
  const before = await (await app.request(`${path}?lang=en`)).text()
  expect(before).toContain('Ana Marsh tells you by mail when something is happening')
  expect(before).not.toContain('Nobody writes to')
  const leave = /href="(\/press\/leave\/[^"]+)"/.exec(before)?.[1] ?? ''
  expect((await app.request(leave)).status).toBe(200)

  expect((await send(`${path}/leave-all`, { alone: 'on' })).status).toBe(303)
  const after = await (await app.request(`${path}?lang=en`)).text()
  expect(after).toContain('Nobody writes to zoe@radio.example.')
  expect(after).not.toContain('/press/leave/')
  // Whatever they say yes to later: the address is written to again, and not about this.
  await platform.pool.query('delete from suppressions')
  await handOver()
  await tell(day(21))
  await handOver(day(21))
  expect(mailsTo('zoe@radio.example')).toEqual([])
  expect(mailsTo('kim@radio.example')).toHaveLength(2)
})

test('who leaves one artist by their address still follows the page of another', async () => {
  await publish(true)
  await telling(true)
  await confirmed('zoe@radio.example')
  const leaves = (artistId: string) =>
    platform.db.transaction().execute((tx) =>
      leaveByAddress(tx, platform, {
        ...{ channel: 'mail', address: 'zoe@radio.example', to: [{ artistId }], others: [pressOtherMail] },
        ...{ wording: 'Feedback-Type: abuse', language: 'en', source: 'complaint' },
      }),
    )
  await leaves(newId())
  expect(await followersOf(platform.db, ana.artistId, day(0))).toHaveLength(1)
  await leaves(ana.artistId)
  expect(await followersOf(platform.db, ana.artistId, day(0))).toEqual([])
})

test('what is kept of somebody who follows leaves with what else is known of them, and is erased with them', async () => {
  await publish(true)
  await telling(true)
  await confirmed('zoe@radio.example')
  await tell()
  const fan = await platform.db.transaction().execute((tx) => fanByAddress(tx, 'mail', 'zoe@radio.example'))
  if (!fan) throw new Error('nobody')
  const who = { fanId: fan.fanId, personIds: [], addressIds: [fan.addressId], addressHashes: [] }
  expect(await pressPersonalData.know(platform.db, who)).toMatchObject({
    pagesForProfessionals: [{ artist: 'Ana Marsh', wording: 'You agree.', toldOfDays: [expect.any(String)] }],
  })
  expect(await pressPersonalData.ties?.(platform.db, [fan.fanId])).toEqual([fan.fanId])
  await platform.db.transaction().execute((tx) =>
    eraseFan(tx, platform, [ownPersonalData, pressPersonalData], {
      ...{ fanId: fan.fanId, wording: 'x', language: 'en', source: 'link', proof: {} },
    }),
  )
  expect(await followersOf(platform.db, ana.artistId, day(0))).toEqual([])
  expect(await platform.db.selectFrom('pressTellings').selectAll().execute()).toEqual([])
  await handOver()
  expect(mailsTo('zoe@radio.example')).toEqual([])
})

test('a question that nobody answers is forgotten after a month, and an answer given before stays', async () => {
  await publish(true)
  await telling(true)
  await ask('silent@radio.example')
  await confirmed('zoe@radio.example')
  await ask('zoe@radio.example')
  await forgetUnanswered(at(day(29)))
  expect(await platform.db.selectFrom('pressFollowers').selectAll().execute()).toHaveLength(2)
  await forgetUnanswered(at(day(31)))
  const rows = await platform.db.selectFrom('pressFollowers').select(['askedWith', 'confirmedAt']).execute()
  expect(rows).toEqual([{ askedWith: null, confirmedAt: day(0) }])
})

test('whatever happens in whatever order, each is told once of each burst, and nobody who did not say yes or may not see the page', async () => {
  const people = ['a@p.example', 'b@p.example', 'c@p.example']
  type Step =
    | { is: 'ask' | 'confirm' | 'leave'; who: number }
    | { is: 'page' | 'tells'; on: boolean }
    | { is: 'tell' | 'die' | 'hand' | 'pass' }
  const step = fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ is: fc.constantFrom('ask' as const, 'confirm' as const, 'leave' as const), who: fc.nat(2) }),
    fc.record({ is: fc.constantFrom('page' as const, 'tells' as const), on: fc.boolean() }),
    fc.record({ is: fc.constantFrom('tell' as const, 'die' as const, 'hand' as const, 'pass' as const) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      await platform.pool.query('delete from press_followers; delete from press_bursts; delete from deliveries')
      await platform.pool.query(
        `delete from graphile_worker._private_jobs where task_id in (select id from graphile_worker._private_tasks where identifier = 'reach.deliver')`,
      )
      platform.mails.length = 0
      await publish(true)
      await telling(true)
      let now = day(0).getTime()
      const state = { page: true, tells: true }
      const asked = new Map<number, string>()
      const follows = new Set<number>()
      for (const one of [...steps, { is: 'tell' } as const, { is: 'hand' } as const]) {
        now += 60_000
        const t = new Date(now)
        if (one.is === 'ask') {
          const { followerId } = await ask(people[one.who] as string, { now: t })
          asked.set(one.who, followerId)
        } else if (one.is === 'confirm') {
          const id = asked.get(one.who)
          const follower = id && (await followerById(platform.db, id))
          if (follower && (await confirmFollower(at(t), follower))) follows.add(one.who)
        } else if (one.is === 'leave') {
          const id = asked.get(one.who)
          if (id) await unfollowPress(at(t), { id })
          asked.delete(one.who)
          follows.delete(one.who)
        } else if (one.is === 'page') {
          await publish(one.on, t)
          state.page = one.on
        } else if (one.is === 'tells') {
          await telling(one.on, t)
          state.tells = one.on
        } else if (one.is === 'pass') {
          if (now < day(20).getTime()) now = day(21).getTime()
        } else if (one.is === 'die') {
          // The process ends in the middle of it: nothing of it stands.
          const dies: typeof platform.config = Object.defineProperty({ ...platform.config }, 'baseUrl', {
            get() {
              throw new Error('killed')
            },
          })
          await tellMomentum({ ...at(t), config: dies })
        } else if (one.is === 'tell') await tell(t)
        else {
          const before = platform.mails.length
          await handOver(t)
          for (const mail of platform.mails.slice(before))
            if (mail.subject.startsWith('Something is happening')) {
              const who = people.indexOf(mail.to)
              expect([mail.to, follows.has(who), state]).toEqual([mail.to, true, { page: true, tells: true }])
            }
        }
      }
      const told = platform.mails.filter(({ subject }) => subject.startsWith('Something is happening'))
      const each = told.map(({ to, text }) => `${to} ${text.split('\n')[0]}`)
      expect(new Set(each).size).toBe(each.length)
      for (const who of people) expect(told.filter(({ to }) => to === who).length).toBeLessThanOrEqual(2)
    }),
    { numRuns: 40 },
  )
}, 120_000)
