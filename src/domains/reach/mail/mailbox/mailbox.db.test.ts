import { afterEach, beforeEach, expect, test } from 'vitest'
import { type TestPlatform, testPlatform } from '../../../../testing/index.ts'
import type { Holding } from '../../providers/hold-alone.ts'
import { addProvider } from '../../providers.store.ts'
import { deliveryToken, returnPathFor } from '../token.rules.ts'
import { type ImapPeer, startImap } from './imap.fixtures.ts'
import { tryMailbox } from './try-mailbox.ts'
import { type WatchPatience, watchMailboxes } from './watch.ts'

const QUICK: WatchPatience = {
  lookMs: 20,
  retryMs: 10,
  mostRetryMs: 20,
  connectMs: 2_000,
  commandMs: 2_000,
  pollMs: 60_000,
}

let platform: TestPlatform
let imap: ImapPeer
const watching: Holding[] = []
beforeEach(async () => {
  platform = await testPlatform()
})
afterEach(async () => {
  for (const one of watching.splice(0)) await one.close()
  await imap.close()
  await platform.close()
})

function watch(patience: Partial<WatchPatience> = {}, over: Partial<TestPlatform> = {}): Holding {
  const one = watchMailboxes({ ...platform, ...over }, { ...QUICK, ...patience })
  watching.push(one)
  return one
}
const mailbox = (settings: Record<string, unknown> = {}, password = 'testpass') =>
  addProvider(platform.db, platform.sealer, {
    channel: 'mail',
    kind: 'imap',
    name: '',
    settings: { host: '127.0.0.1', port: imap.port, security: 'any', user: 'testuser', ...settings },
    secrets: { password },
  })
const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10))
}
const begun = () =>
  until(async () => (await platform.db.selectFrom('mailboxes').select('lastUid').execute()).length === 1)
const taken = async () =>
  (await platform.db.selectFrom('received').select(['providerRef', 'recipient', 'sender']).orderBy('id').execute()).map(
    ({ providerRef, ...row }) => ({ ref: providerRef.split(' ')[0], ...row }),
  )
const refs = async () => (await taken()).map(({ ref }) => ref)
const mail = (name: string, { to = 'me@music.example', more = '', date = new Date() } = {}) =>
  `Return-Path: <zoe@fans.example>\nFrom: Zoe <zoe@fans.example>\nTo: ${to}\nDate: ${date.toUTCString()}\nSubject: Hi\nMessage-ID: <${name}@fans.example>\n${more}\nHello\n`

test('what lies there stays as it is; what arrives is told by the server, taken once, marked, and never deleted', async () => {
  imap = await startImap({ old: 300 })
  await mailbox({ address: 'me@music.example' })
  watch()
  await begun()
  await until(() => imap.said().includes('IDLE'))
  imap.arrive(mail('one'))
  await until(async () => (await taken()).length === 1)
  expect(await taken()).toEqual([
    { ref: '<one@fans.example>', recipient: 'me@music.example', sender: 'zoe@fans.example' },
  ])
  await until(() => imap.messages().at(-1)?.flags.includes('$Ritornello') ?? false)
  expect(imap.messages()).toHaveLength(301)
  expect(imap.messages().filter(({ flags }) => flags.length > 0)).toHaveLength(1)
  expect(imap.messages().at(-1)?.flags).not.toContain('\\Seen')
  const { before } = await platform.db.selectFrom('mailboxes').select('before').executeTakeFirstOrThrow()
  expect(before).toBe(300)
})

test('a server that tells nothing by itself is asked', async () => {
  imap = await startImap({ plugins: ['ID'] })
  await mailbox()
  watch({ pollMs: 30 })
  await begun()
  imap.arrive(mail('polled'))
  await until(async () => (await taken()).length === 1)
  expect(await refs()).toEqual(['<polled@fans.example>'])
})

test('moved on request, to a folder that is made for it', async () => {
  imap = await startImap()
  await mailbox({ moveTo: 'Taken' })
  watch()
  await begun()
  imap.arrive(mail('moved'))
  await until(async () => imap.messages().length === 0)
  expect(imap.messages('Taken').map(({ raw }) => raw.includes('<moved@'))).toEqual([true])
  expect(await refs()).toEqual(['<moved@fans.example>'])
})

test('of two processes one watches; when it ends, the other does, and nothing is taken twice', async () => {
  imap = await startImap()
  await mailbox()
  const first = watch()
  await begun()
  watch()
  imap.arrive(mail('a'))
  await until(async () => (await taken()).length === 1)
  expect(imap.connections.now).toBe(1)
  await first.close()
  imap.arrive(mail('b'))
  await until(async () => (await taken()).length === 2)
  expect(await refs()).toEqual(['<a@fans.example>', '<b@fans.example>'])
})

test('killed between taking and marking: it is not taken again, and marked by whoever comes after', async () => {
  imap = await startImap()
  await mailbox()
  const first = watch()
  await begun()
  // The mark never reaches the server, and neither does anything after it: as if we had died there.
  imap.silentOn = /STORE/
  imap.arrive(mail('half'))
  await until(async () => (await taken()).length === 1)
  await until(() => imap.said().includes('STORE'))
  await first.close()
  expect(imap.messages().at(-1)?.flags).toEqual([])
  imap.silentOn = null
  watch()
  await until(() => imap.messages().at(-1)?.flags.includes('$Ritornello') ?? false)
  expect(await refs()).toEqual(['<half@fans.example>'])
})

test('killed between the file and the row: it is taken by whoever comes after', async () => {
  imap = await startImap()
  await mailbox()
  let stuck = false
  const storage = {
    ...platform.storage,
    put: async () => {
      stuck = true
      throw new Error('killed')
    },
  }
  const first = watch({}, { storage: storage as TestPlatform['storage'] })
  await begun()
  imap.arrive(mail('lost'))
  await until(() => stuck)
  await first.close()
  expect(await taken()).toEqual([])
  watch()
  await until(async () => (await taken()).length === 1)
  expect(await refs()).toEqual(['<lost@fans.example>'])
})

test('a server that hangs, or drops, is come back to, and nothing is missed', async () => {
  imap = await startImap()
  await mailbox()
  watch({ pollMs: 20, commandMs: 300, connectMs: 300 })
  await begun()
  imap.deaf = true
  imap.arrive(mail('while-deaf'))
  const id = (await platform.db.selectFrom('providers').select('id').where('kind', '=', 'imap').execute()).map(
    ({ id }) => id,
  )
  await until(async () => {
    const rows = await platform.db.selectFrom('providers').select('problem').where('id', 'in', id).execute()
    return rows.some(({ problem }) => problem?.startsWith('silent: '))
  })
  imap.deaf = false
  imap.drop()
  await until(async () => (await taken()).length === 1)
  imap.drop()
  imap.arrive(mail('while-gone'))
  await until(async () => (await taken()).length === 2)
  expect(await refs()).toEqual(['<while-deaf@fans.example>', '<while-gone@fans.example>'])
  await until(async () => {
    const rows = await platform.db.selectFrom('providers').select('problem').where('id', 'in', id).execute()
    return rows.every(({ problem }) => problem === null)
  })
})

test('a server that numbers its mailbox anew floods nobody: what was taken is known by its name, what is old by its date', async () => {
  const longAgo = new Date(Date.now() - 400 * 24 * 3600_000)
  imap = await startImap()
  for (let n = 0; n < 50; n++) imap.arrive(mail(`ancient${n}`, { date: longAgo }), longAgo)
  await mailbox()
  const first = watch()
  await begun()
  imap.arrive(mail('known'))
  await until(async () => (await taken()).length === 1)
  await first.close()
  imap.arrive(mail('meanwhile'), new Date(Date.now() + 1000))
  imap.renumber(99)
  watch()
  await until(async () => (await refs()).includes('<meanwhile@fans.example>'))
  imap.arrive(mail('after'))
  await until(async () => (await refs()).includes('<after@fans.example>'))
  expect(await refs()).toEqual(['<known@fans.example>', '<meanwhile@fans.example>', '<after@fans.example>'])
  const { uidValidity } = await platform.db.selectFrom('mailboxes').select('uidValidity').executeTakeFirstOrThrow()
  expect(uidValidity).toBe(99)
})

test('an address that we signed is found wherever the server or the writer put it; a bounce has no sender', async () => {
  imap = await startImap()
  await mailbox({ address: 'me@music.example' })
  watch()
  await begun()
  const bounced = returnPathFor('me@music.example', deliveryToken(platform.signer, 41))
  imap.arrive(
    mail('dsn', { to: 'me@music.example', more: `Delivered-To: ${bounced}\n` }).replace(
      '<zoe@fans.example>\nFrom',
      '<>\nFrom',
    ),
  )
  const forged = `${bounced.slice(0, bounced.indexOf('@') - 1)}x@music.example`
  imap.arrive(mail('forged', { to: forged }))
  await until(async () => (await taken()).length === 2)
  expect(await taken()).toEqual([
    { ref: '<dsn@fans.example>', recipient: bounced, sender: '' },
    { ref: '<forged@fans.example>', recipient: 'me@music.example', sender: 'zoe@fans.example' },
  ])
})

test('what is wrong is said: password, encryption, folder, silence, nobody there', async () => {
  imap = await startImap({ old: 3 })
  const patience = { connectMs: 300, commandMs: 300 }
  const tried = async (settings: Record<string, unknown>, password?: string) =>
    tryMailbox(platform, await mailbox(settings, password), patience)
  expect(await tried({})).toEqual({ is: 'good', messages: 3 })
  expect(await tried({}, 'wrong')).toMatchObject({ is: 'password', said: expect.stringContaining('Login failed') })
  expect(await tried({ security: 'tls' })).toMatchObject({ is: 'tls' })
  expect(await tried({ security: 'starttls' })).toMatchObject({ is: 'tls' })
  expect(await tried({ folder: 'Nowhere' })).toEqual({ is: 'folder', said: 'INBOX, Other' })
  expect(await tried({ port: 1 })).toMatchObject({ is: 'away' })
  imap.deaf = true
  expect(await tried({})).toMatchObject({ is: 'silent' })
  expect(imap.messages()).toHaveLength(3)
})

test('the mailbox of IMAP_URL is watched for the whole place', async () => {
  imap = await startImap()
  const url = `imap://testuser:testpass@127.0.0.1:${imap.port}/INBOX?address=hello@music.example`
  const config = { ...platform.config, imapUrl: url }
  watch({}, { config })
  await begun()
  imap.arrive(mail('env'))
  await until(async () => (await taken()).length === 1)
  expect(await taken()).toMatchObject([{ recipient: 'hello@music.example' }])
})
