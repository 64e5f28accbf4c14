import { afterEach, beforeEach, expect, test } from 'vitest'
import { newId } from '../../../../platform/ids.ts'
import { type TestPlatform, testPlatform } from '../../../../testing/index.ts'
import { createArtist } from '../../../identity/index.ts'
import type { Parts } from '../../channel.types.ts'
import { deliver } from '../../engine/deliver.ts'
import { context } from '../../engine/engine.fixtures.ts'
import { enqueue } from '../../enqueue.ts'
import { addProvider, openProvider } from '../../providers.store.ts'
import { settleEarlyReceipts } from '../../receipts.store.ts'
import { smppChannel } from './channel.ts'
import { takeLink } from './link.ts'
import { openSmsc, type Smsc } from './smsc.fixtures.ts'
import { tendSms } from './tend.ts'

const parts: Parts = { channels: { smpp: smppChannel }, compose: async () => null }

let platform: TestPlatform
let smsc: Smsc
const closing: (() => unknown)[] = []
beforeEach(async () => {
  platform = await testPlatform()
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await platform.close()
  await smsc.close()
})

async function network(options: Parameters<typeof openSmsc>[0] = {}, settings: Record<string, unknown> = {}) {
  smsc = await openSmsc(options)
  const { db, sealer } = platform
  const { id: artistId } = await db.transaction().execute((tx) => createArtist(tx, { name: `Artist ${newId()}` }))
  const providerId = await addProvider(db, sealer, {
    artistId,
    channel: 'sms',
    kind: 'smpp',
    name: 'The network',
    settings: {
      host: '127.0.0.1',
      port: smsc.port,
      systemId: 'ritornello',
      from: '+33700000000',
      throttleSeconds: 0.02,
      ...settings,
    },
    secrets: { password: 'secret' },
  })
  return { artistId, providerId }
}

const send = ({ artistId }: { artistId: string }, texts: string[]) =>
  platform.db.transaction().execute((tx) =>
    enqueue(
      tx,
      texts.map((text, n) => ({
        kind: 'notice',
        channel: 'sms',
        artistId,
        address: `+336000000${String(n).padStart(2, '0')}`,
        language: 'en',
        domain: 'FR',
        message: { text },
        dueAt: platform.now(),
      })),
    ),
  )
const run = ({ providerId }: { providerId: string }) => deliver(platform, parts, { providerId }, context())
const rows = () =>
  platform.db.selectFrom('deliveries').select(['id', 'state', 'problem', 'providerRef']).orderBy('id').execute()
const receipt = (id: string, stat = 'DELIVRD') => ({
  source_addr_ton: 1,
  source_addr: '33600000000',
  destination_addr: '33700000000',
  esm_class: 4,
  short_message: `id:${id} sub:001 dlvrd:001 submit date:2611251200 done date:2611251201 stat:${stat} err:006 Text:hello`,
})
const received = () =>
  platform.db
    .selectFrom('received')
    .select(['sender', 'recipient', 'text', 'handledAt'])
    .orderBy('receivedAt')
    .execute()
const jobs = async (name: string) =>
  (
    await platform.pool.query(
      'select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = $1',
      [name],
    )
  ).rows

test('a message leaves, keeps the name that the network gave it, and its receipt settles it', async () => {
  const provider = await network()
  await send(provider, ['Bonjour à tous'])
  await run(provider)
  expect(await rows()).toMatchObject([{ state: 'handed', providerRef: 'a000' }])
  expect(smsc.messages).toMatchObject([{ from: '33700000000', to: '33600000000', text: 'Bonjour à tous', udh: null }])
  expect(await smsc.deliver(receipt('A000'))).toBe(0)
  expect(await rows()).toMatchObject([{ state: 'delivered', problem: null }])
})

test('a receipt in TLVs settles as well; the first final word counts, said three times, whatever comes after', async () => {
  const provider = await network()
  await send(provider, ['one', 'two'])
  await run(provider)
  const tlvs = { source_addr: '33600000000', esm_class: 4, receipted_message_id: 'a000', message_state: 5 }
  expect(await smsc.deliver({ ...receipt('a001', 'ENROUTE') })).toBe(0)
  expect(await rows()).toMatchObject([{ state: 'handed' }, { state: 'handed' }])
  for (let n = 0; n < 3; n++) expect(await smsc.deliver(tlvs)).toBe(0)
  await smsc.deliver(receipt('a000', 'DELIVRD'))
  expect(await rows()).toMatchObject([{ state: 'bounced', problem: 'UNDELIV' }, { state: 'handed' }])
})

test('a receipt that is quicker than the answer is kept until it is known what it is about', async () => {
  const early: Promise<number>[] = []
  const provider = await network({
    submit: ({ session, pdu, ref }) => {
      early.push(smsc.deliver(receipt(ref, 'UNDELIV'), session))
      void early[0]?.then(() => session.send(pdu.response({ message_id: ref })))
      return 'silent'
    },
  })
  await send(provider, ['hello'])
  await run(provider)
  expect(await Promise.all(early)).toEqual([0])
  await settleEarlyReceipts(platform.db, provider.providerId, platform.now())
  expect(await rows()).toMatchObject([{ state: 'bounced', problem: 'UNDELIV 006' }])
  expect(await platform.db.selectFrom('earlyReceipts').selectAll().execute()).toEqual([])
})

test('a receipt that nothing explains is forgotten in the end', async () => {
  const provider = await network()
  await send(provider, ['hello'])
  await run(provider)
  await smsc.deliver(receipt('ffff'))
  await tendSms(platform)
  expect(await platform.db.selectFrom('earlyReceipts').select('providerRef').execute()).toEqual([
    { providerRef: 'ffff' },
  ])
  platform.pass(4 * 86_400_000)
  await tendSms(platform)
  expect(await platform.db.selectFrom('earlyReceipts').select('providerRef').execute()).toEqual([])
})

test('a long message leaves in parts that say so, and is delivered when all of them are', async () => {
  const provider = await network()
  const text = `${'Ça vient, ça vient. '.repeat(9)}😀`
  await send(provider, [text])
  await run(provider)
  expect(smsc.messages).toHaveLength(3)
  expect(smsc.messages.map(({ text }) => text).join('')).toBe(text)
  const reference = smsc.messages[0]?.udh?.[2]
  expect(smsc.messages.map(({ udh }) => udh)).toEqual([1, 2, 3].map((n) => [0, 3, reference, 3, n]))
  expect(smsc.messages.map(({ esmClass, dataCoding }) => [esmClass, dataCoding])).toEqual(Array(3).fill([0x40, 8]))
  expect(await rows()).toMatchObject([{ state: 'handed', providerRef: 'a000+2' }])
  await smsc.deliver(receipt('a002'))
  await smsc.deliver(receipt('a000'))
  expect(await rows()).toMatchObject([{ state: 'handed' }])
  await smsc.deliver(receipt('a001'))
  expect(await rows()).toMatchObject([{ state: 'delivered' }])
})

test('a long message of which one part bounced has bounced', async () => {
  const provider = await network()
  await send(provider, ['x'.repeat(200)])
  await run(provider)
  await smsc.deliver(receipt('a000'))
  await smsc.deliver(receipt('a001', 'EXPIRED'))
  expect(await rows()).toMatchObject([{ state: 'bounced', problem: 'EXPIRED 006' }])
})

test('throttled and full: refused for now, and sent when the network had its rest; wrong number: refused for good', async () => {
  // Which of them comes first is not said.
  const said = new Set<string>()
  const provider = await network({
    submit: ({ to }) => {
      const isFirst = said.size < said.add(to).size
      return to.endsWith('02')
        ? 0x0b
        : isFirst && to.endsWith('00')
          ? 0x58
          : isFirst && to.endsWith('01')
            ? 0x14
            : undefined
    },
  })
  platform.stand()
  await send(provider, ['a', 'b', 'c', 'd'])
  await run(provider)
  // The others were in the window already, or wait as well.
  expect((await rows()).slice(0, 2).map(({ state, problem }) => [state, problem])).toEqual([
    ['queued', '0x00000058'],
    ['queued', '0x00000014'],
  ])
  platform.pass(3_000)
  await run(provider)
  expect((await rows()).map(({ state }) => state)).toEqual(['handed', 'handed', 'failed', 'handed'])
  expect((await rows())[2]?.problem).toBe('0x0000000B')
  expect(smsc.messages.map(({ text }) => text).toSorted()).toEqual(['a', 'a', 'b', 'b', 'c', 'd'])
})

test('a part that is throttled is tried again: nobody gets half of a message', async () => {
  const provider = await network({ submit: (_, n) => (n === 2 ? 0x58 : undefined) })
  await send(provider, ['x'.repeat(200)])
  await run(provider)
  expect(await rows()).toMatchObject([{ state: 'handed' }])
  expect(smsc.messages.map(({ udh }) => udh?.at(-1))).toEqual([1, 2, 2])
})

test('a session that drops in the middle: what was in flight is uncertain, what never left goes on over a new one', async () => {
  const provider = await network(
    {
      submit: ({ session }, n) => {
        if (n !== 3) return undefined
        session.destroy()
        return 'silent'
      },
    },
    { window: 1 },
  )
  await send(provider, ['1', '2', '3', '4', '5'])
  await run(provider)
  expect((await rows()).map(({ state }) => state)).toEqual(['handed', 'handed', 'uncertain', 'handed', 'handed'])
  expect(smsc.messages.map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5'])
})

test('a network that says goodbye and comes back loses nothing and gets nothing twice', async () => {
  const provider = await network(
    {
      submit: ({ session, pdu, ref }, n) => {
        if (n !== 2) return undefined
        session.send(pdu.response({ message_id: ref }))
        session.unbind(() => session.close())
        return 'silent'
      },
    },
    { window: 1 },
  )
  await send(provider, ['1', '2', '3'])
  await run(provider)
  platform.pass(60_000)
  await run(provider)
  expect((await rows()).map(({ state }) => state)).toEqual(['handed', 'handed', 'handed'])
  expect(smsc.messages.map(({ text }) => text)).toEqual(['1', '2', '3'])
})

test('a network that is not there, or refuses the password, makes everybody wait; once it is mended they leave', async () => {
  const provider = await network({ password: 'another' })
  await send(provider, ['1'])
  await run(provider)
  expect(await rows()).toMatchObject([{ state: 'queued', problem: expect.stringContaining('0x0000000E') }])
  smsc.password = 'secret'
  platform.pass(60_000)
  await run(provider)
  expect(await rows()).toMatchObject([{ state: 'handed' }])
})

async function listening(provider: { providerId: string }) {
  const opened = await openProvider(platform.db, platform.sealer, provider.providerId)
  if (!opened) throw new Error('no provider')
  const link = takeLink(platform, opened)
  closing.push(() => link.release())
  expect((await link.session()).ok).toBe(true)
}
const from = { source_addr_ton: 1, source_addr: '33612345678', dest_addr_ton: 1, destination_addr: '33700000000' }

test('what comes in is kept once, told to whoever listens, and only then answered', async () => {
  const provider = await network()
  await listening(provider)
  const words = { ...from, data_coding: 0, short_message: Buffer.from([0x53, 0x54, 0x4f, 0x50, 0x1b, 0x65]) }
  expect(await smsc.deliver(words)).toBe(0)
  // The network did not get our answer, and sends again.
  expect(await smsc.deliver(words)).toBe(0)
  expect(await received()).toEqual([
    { sender: '+33612345678', recipient: '+33700000000', text: 'STOP€', handledAt: null },
  ])
  expect(await jobs('reach.received')).toHaveLength(1)
  platform.pass(3 * 60_000)
  await smsc.deliver(words)
  expect(await received()).toHaveLength(2)
})

test('words in UCS-2, in Latin-1 and by payload are read', async () => {
  const provider = await network()
  await listening(provider)
  await smsc.deliver({ ...from, data_coding: 8, short_message: Buffer.from('ça va 😀', 'utf16le').swap16() })
  await smsc.deliver({ ...from, data_coding: 3, short_message: Buffer.from('Où ça ?', 'latin1') })
  await smsc.deliver({ ...from, data_coding: 0, short_message: '', message_payload: Buffer.from('a'.repeat(300)) })
  expect((await received()).map(({ text }) => text)).toEqual(['ça va 😀', 'Où ça ?', 'a'.repeat(300)])
})

test('parts in any order, one of them twice, are one message, though a character was cut in two', async () => {
  const provider = await network()
  await listening(provider)
  const octets = Buffer.from('Un ami qui chante: 😀 voilà', 'utf16le').swap16()
  // Cut inside the surrogate pair.
  const cut = 2 * ('Un ami qui chante: '.length + 1)
  const part = (n: number, words: Buffer) => ({
    ...from,
    data_coding: 8,
    esm_class: 0x40,
    short_message: { udh: Buffer.from([5, 0, 3, 77, 2, n]), message: words },
  })
  await smsc.deliver(part(2, octets.subarray(cut)))
  await smsc.deliver(part(2, octets.subarray(cut)))
  expect(await received()).toEqual([])
  await smsc.deliver(part(1, octets.subarray(0, cut)))
  expect((await received()).map(({ text }) => text)).toEqual(['Un ami qui chante: 😀 voilà'])
  expect(await jobs('reach.received')).toHaveLength(1)
})

test('a part that never comes: what did come is read after an hour', async () => {
  const provider = await network()
  await listening(provider)
  const sar = { sar_msg_ref_num: 9, sar_total_segments: 3 }
  await smsc.deliver({
    ...from,
    data_coding: 3,
    short_message: Buffer.from('the beginning'),
    ...sar,
    sar_segment_seqnum: 1,
  })
  await smsc.deliver({ ...from, data_coding: 3, short_message: Buffer.from('the end'), ...sar, sar_segment_seqnum: 3 })
  platform.pass(61 * 60_000)
  await tendSms(platform)
  expect((await received()).map(({ text }) => text)).toEqual(['the beginning … the end'])
})

test('no answer while it cannot be kept: the network sends again', async () => {
  const provider = await network()
  await listening(provider)
  await platform.pool.query('alter table received rename to received_away')
  expect(await smsc.deliver({ ...from, short_message: 'hello' })).toBe(0x64)
  await platform.pool.query('alter table received_away rename to received')
  expect(await smsc.deliver({ ...from, short_message: 'hello' })).toBe(0)
  expect(await received()).toHaveLength(1)
})
