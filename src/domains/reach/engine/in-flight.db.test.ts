import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { frozenAnnouncement } from '../../../testing/announcement.ts'
import { type TestPlatform, testPlatform } from '../../../testing/index.ts'
import { hearing } from '../providers/smpp/hear.ts'
import { deliver } from './deliver.ts'
import { artistWithProvider, context, states } from './engine.fixtures.ts'
import { fakeChannel } from './fake-channel.ts'
import { tend } from './tend.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

const tag = 'n'
const nobody = { ton: 0, npi: 0, address: '' }
const TLVS = { receiptedId: null, messageState: null, networkError: null, sar: null }

/** Hears receipts as a network sends them over one session; each resolves when it is answered. */
function receiptsOf(providerId: string): (ref: string, stat: 'DELIVRD' | 'UNDELIV') => Promise<number> {
  const hear = hearing(platform, providerId, { alphabet: 'gsm7', receiptIds: 'same' })
  return (ref, stat) => {
    const octets = Buffer.from(`id:${ref} sub:001 dlvrd:001 stat:${stat} err:000 text:`)
    return hear({ source: nobody, destination: nobody, esmClass: 4, dataCoding: 0, octets, ...TLVS })
  }
}

const rowsOf = (announcementId: string) =>
  platform.db
    .selectFrom('deliveries')
    .select(['id', 'state', 'providerRef', 'handedAt', 'settledAt'])
    .where('announcementId', '=', announcementId)
    .orderBy('id')
    .execute()
const touchesOf = async (giftId: string) =>
  (await platform.db.selectFrom('touches').select('personId').where('giftId', '=', giftId).execute()).map(
    ({ personId }) => personId,
  )
const early = () => platform.db.selectFrom('earlyReceipts').selectAll().execute()

/** When receipts of one message come: with the answer on the same wire, while it is waited for, long after. */
type When = 'at once' | 'meanwhile' | 'after'
const receipts = fc.array(
  fc.record({
    when: fc.constantFrom<When>('at once', 'meanwhile', 'after'),
    stat: fc.constantFrom<'DELIVRD' | 'UNDELIV'>('DELIVRD', 'UNDELIV'),
  }),
  { maxLength: 3 },
)

test('whenever receipts come, however often: the first is what its row says, each is a touch once, and all are answered', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(receipts, { minLength: 1, maxLength: 9 }),
      fc.integer({ min: 1, max: 4 }),
      async (plan, batch) => {
        const order: When[] = ['at once', 'meanwhile', 'after']
        const ofMessage = (deliveryId: number, first: number) =>
          (plan[deliveryId - first] ?? []).toSorted((a, b) => order.indexOf(a.when) - order.indexOf(b.when))
        let first = 0
        const answers: Promise<number>[] = []
        const fake = fakeChannel({
          batch,
          lanes: 2,
          answer: async ({ deliveryId }, named) => {
            const say = (when: When) => {
              for (const one of ofMessage(deliveryId, first))
                if (one.when === when) answers.push(receipt(`${tag}${deliveryId}`, one.stat))
            }
            say('at once')
            await Promise.resolve()
            named(`${tag}${deliveryId}`)
            await Promise.all(answers)
            say('meanwhile')
            return { is: 'handed', ref: `${tag}${deliveryId}` }
          },
        })
        const { artistId, providerId, parts } = await artistWithProvider(platform, { fake })
        const receipt = receiptsOf(providerId)
        const { announcementId, giftId } = await frozenAnnouncement(platform, artistId, plan.length)
        first = (await rowsOf(announcementId))[0]?.id ?? 0
        await deliver(platform, parts, { providerId }, context())
        for (const { id } of await rowsOf(announcementId))
          for (const { when, stat } of ofMessage(id, first))
            if (when === 'after') answers.push(receipt(`${tag}${id}`, stat))
        expect(await Promise.all(answers)).toEqual(answers.map(() => 0))

        const rows = await rowsOf(announcementId)
        const said = rows.map(({ id }) => ofMessage(id, first)[0]?.stat)
        const states = { DELIVRD: 'delivered', UNDELIV: 'bounced' }
        expect(rows.map(({ state }) => state)).toEqual(said.map((stat) => (stat ? states[stat] : 'handed')))
        for (const { id, state, providerRef, handedAt, settledAt } of rows)
          expect([providerRef, handedAt !== null, settledAt !== null]).toEqual([
            `${tag}${id}`,
            true,
            state !== 'handed',
          ])
        const touched = await touchesOf(giftId)
        expect([touched.length, new Set(touched).size]).toEqual([plan.length, plan.length])
        expect(await early()).toEqual([])
        expect(fake.taken).toHaveLength(plan.length)
      },
    ),
    { numRuns: 25 },
  )
})

test('a receipt that was answered outlives the worker, though its row had heard of nothing yet', async () => {
  const hanging = Promise.withResolvers<void>()
  const kept: Promise<number>[] = []
  const bell = Promise.withResolvers<void>()
  const fake = fakeChannel({
    batch: 4,
    lanes: 1,
    answer: async ({ deliveryId }, named) => {
      named(`gone${deliveryId}`)
      const stat = kept.length === 0 ? 'DELIVRD' : 'UNDELIV'
      if (kept.length < 2) kept.push(receipt(`gone${deliveryId}`, stat))
      else bell.resolve()
      await hanging.promise
      return { is: 'handed', ref: `gone${deliveryId}` }
    },
  })
  const { artistId, providerId, parts } = await artistWithProvider(platform, { fake })
  const receipt = receiptsOf(providerId)
  const { announcementId, giftId } = await frozenAnnouncement(platform, artistId, 6)
  const delivering = deliver(platform, parts, { providerId }, context('about-to-die'))
  await bell.promise
  expect(await Promise.all(kept)).toEqual([0, 0])
  // Nothing of it is in a row.
  expect(Object.keys(await states(platform, announcementId)).filter((state) => state !== 'queued')).toEqual(['handing'])

  await platform.pool.query(`delete from workers where id = 'about-to-die'`)
  await tend(platform)
  expect(await states(platform, announcementId)).toEqual({ delivered: 1, bounced: 1, uncertain: 2, queued: 2 })
  expect(await touchesOf(giftId)).toHaveLength(2)
  const known = (await rowsOf(announcementId)).slice(0, 2)
  for (const { id, providerRef, handedAt, settledAt } of known)
    expect([providerRef, handedAt !== null, settledAt !== null]).toEqual([`gone${id}`, true, true])

  // It was only slow: what it learns now mends what was not known, and changes nothing of what was.
  hanging.resolve()
  await delivering
  expect(await states(platform, announcementId)).toEqual({ delivered: 1, bounced: 1, handed: 4 })
  expect(await touchesOf(giftId)).toHaveLength(6)
  expect(await early()).toEqual([])
})

test('what was named and then lost with its batch was taken; a receipt of what was refused after its name finds its row, and is answered', async () => {
  const answers: Promise<number>[] = []
  let first = 0
  const fake = fakeChannel({
    batch: 3,
    lanes: 1,
    answer: async ({ deliveryId }, named) => {
      first ||= deliveryId
      named(`lost${deliveryId}`)
      if (deliveryId === first) throw new Error('lost')
      return deliveryId < first + 3 ? { is: 'handed', ref: `lost${deliveryId}` } : { is: 'refused', problem: 'no' }
    },
  })
  const { artistId, providerId, parts } = await artistWithProvider(platform, { fake })
  const receipt = receiptsOf(providerId)
  const { announcementId } = await frozenAnnouncement(platform, artistId, 4)
  await deliver(platform, parts, { providerId }, context())
  expect((await rowsOf(announcementId)).map(({ state, providerRef }) => [state, providerRef])).toEqual([
    ...[0, 1, 2].map((n) => ['handed', `lost${first + n}`]),
    ['failed', null],
  ])
  for (let n = 0; n < 3; n++) answers.push(receipt(`lost${first + n}`, 'DELIVRD'))
  expect(await Promise.all(answers)).toEqual([0, 0, 0])
  expect(await states(platform, announcementId)).toEqual({ delivered: 3, failed: 1 })
})

test('a receipt that comes while the run goes on, of what was refused after its name, is answered', async () => {
  const later = Promise.withResolvers<void>()
  const fake = fakeChannel({
    batch: 1,
    lanes: 1,
    answer: async ({ deliveryId }, named) => {
      named(`odd${deliveryId}`)
      if (fake.taken.length === 1) return { is: 'refused', problem: 'no' }
      await later.promise
      return { is: 'handed', ref: `odd${deliveryId}` }
    },
  })
  const { artistId, providerId, parts } = await artistWithProvider(platform, { fake })
  const { announcementId } = await frozenAnnouncement(platform, artistId, 2)
  const [one] = await rowsOf(announcementId)
  const delivering = deliver(platform, parts, { providerId }, context())
  await expect.poll(() => states(platform, announcementId)).toMatchObject({ failed: 1 })
  expect(await receiptsOf(providerId)(`odd${one?.id}`, 'DELIVRD')).toBe(0)
  later.resolve()
  await delivering
  await platform.db.deleteFrom('earlyReceipts').execute()
})
