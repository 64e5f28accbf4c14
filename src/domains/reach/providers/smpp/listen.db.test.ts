import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestPlatform, testPlatform } from '../../../../testing/index.ts'
import { addProvider } from '../../providers.store.ts'
import { type Listening, listenToNetworks } from './listen.ts'
import { openSmsc, type Smsc } from './smsc.fixtures.ts'

const QUICK = { lookMs: 20, retryMs: 10, mostRetryMs: 20 }
const WORDS = { source_addr_ton: 1, source_addr: '33612345678', destination_addr: '33700000000', short_message: 'STOP' }

let platform: TestPlatform
let smsc: Smsc
const listening: Listening[] = []
beforeEach(async () => {
  platform = await testPlatform()
  smsc = await openSmsc()
})
afterEach(async () => {
  for (const one of listening.splice(0)) await one.close()
  await platform.close()
  await smsc.close()
})

const listen = () => {
  const one = listenToNetworks(platform, QUICK)
  listening.push(one)
  return one
}
const provider = ({ port }: Smsc = smsc) =>
  addProvider(platform.db, platform.sealer, {
    channel: 'sms',
    kind: 'smpp',
    name: 'The network',
    settings: { host: '127.0.0.1', port, systemId: 'ritornello', from: '+33700000000' },
    secrets: { password: 'secret' },
  })
const until = async (true_: () => boolean | Promise<boolean>) => {
  while (!(await true_())) await new Promise((resolve) => setTimeout(resolve, 10))
}
const problem = async () =>
  (await platform.db.selectFrom('providers').select('problem').where('kind', '=', 'smpp').executeTakeFirstOrThrow())
    .problem

test('fans are heard though nothing leaves, by one process of several; when that one ends, another hears', async () => {
  await provider()
  const [first, second] = [listen(), listen()]
  await until(() => first.hearing.length + second.hearing.length === 1)
  expect(await smsc.deliver(WORDS)).toBe(0)
  expect(await platform.db.selectFrom('received').select('text').execute()).toEqual([{ text: 'STOP' }])
  expect(smsc.sessions).toHaveLength(1)
  const [speaker, silent] = first.hearing.length ? [first, second] : [second, first]
  await speaker.close()
  await until(() => silent.hearing.length === 1)
  expect(silent.hearing).toHaveLength(1)
})

test('a network that says goodbye is come back to', async () => {
  await provider()
  const one = listen()
  const session = await smsc.bound()
  session.unbind(() => session.close())
  await smsc.bound(2)
  await until(() => one.hearing.length === 1)
  expect(await smsc.deliver(WORDS)).toBe(0)
})

test('a network that refuses us is said beside the provider, until it takes us', async () => {
  smsc.password = 'another'
  await provider()
  listen()
  await until(async () => (await problem()) !== null)
  expect(await problem()).toContain('0x0000000E')
  smsc.password = 'secret'
  await smsc.bound()
  await until(async () => (await problem()) === null)
  expect(await problem()).toBeNull()
})

test('a provider that was changed is heard anew, one that was switched off no longer', async () => {
  const id = await provider()
  const other = await openSmsc()
  const one = listen()
  const before = await smsc.bound()
  const ended = once(before, 'close')
  await platform.pool.query(
    `update providers set settings = settings || jsonb_build_object('port', $2::int) where id = $1`,
    [id, other.port],
  )
  await other.bound()
  await ended
  await until(() => one.hearing.length === 1)
  await platform.pool.query('update providers set is_enabled = false where id = $1', [id])
  await until(() => one.hearing.length === 0)
  expect(one.hearing).toEqual([])
  await other.close()
})
