import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
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
import { addressHash, suppress } from '../../fans/index.ts'
import { holdingsOf } from '../holdings.views.ts'
import { bringPurchases, undoImport } from './bring-purchases.ts'
import { readImport } from './read-import.ts'

/** What it sounds like is not asked here. */
const QUICK = { prepare: false, publish: false, seconds: 1 }

let platform: TestPlatform
let salt: GivenRelease
let artistId: string
let artist: SignedIn
let sent: { to: string; subject: string; text: string }[]
beforeAll(async () => {
  platform = await testPlatform()
})
beforeEach(async () => {
  salt = await givenRelease(platform, { artist: `Ana ${newId()}`, title: 'Salt', tracks: ['Ebb', 'Flood'], ...QUICK })
  artistId = salt.artistId
  artist = await signedIn(platform, { artistIds: [artistId] })
  sent = []
})
afterAll(() => platform.close())

const HEADING =
  'date,item type,item name,artist,currency,item total,net amount,bandcamp transaction id,bandcamp related transaction id,package,upc,buyer name,buyer email,buyer note'
type Said = { id: string; of?: string; kind?: string; name?: string; total?: string; mail?: string; note?: string }
const line = ({ id, of = '', kind = 'album', name = 'Salt', total = '10.00', mail = '', note = '' }: Said) =>
  `1/3/26 10:12am,${kind},${name},Ana,EUR,${total},8.50,${id},${of},,,A,${mail},"${note}"`
const mailOf = (who: string) => `${who}-${artistId.slice(-12)}@fans.example`
const buys = (id: string, who: string, more: Partial<Said> = {}) => line({ id, mail: mailOf(who), ...more })
const file = (...lines: string[]) => [HEADING, ...lines].join('\r\n')

async function read(content: string | Buffer): Promise<string> {
  const path = join(platform.paths.work, newId())
  await writeFile(path, content)
  const id = await readImport(platform, { artistId, path, fileName: 'raw.csv', language: 'en', by: artist.accountId })
  await rm(path)
  if (!id.ok) throw new Error(id.error)
  return id.value
}
const bring = (importId: string, subjects = new Map<number, string | null>()) =>
  bringPurchases(platform, { artistId, importId }, subjects)
const undo = (importId: string) => undoImport(platform, { artistId, importId })
const owns = async (who: string) =>
  (await holdingsOf(platform.db, { mailKey: mailOf(who).toLowerCase(), now: platform.now() }))
    .map(({ subject }) => subject)
    .toSorted()
const album = () => `release:${salt.releaseId}`

const { 'content-type': _, ...SAME_SITE } = FORM
async function upload(content: string | Buffer): Promise<Response> {
  const body = new FormData()
  body.set('file', new File([content as never], 'bandcamp.csv'))
  return testApp(platform).request('/studio/shop/bandcamp', {
    method: 'POST',
    headers: { ...SAME_SITE, ...artist.headers },
    body,
  })
}
const ask = (path: string, fields?: Record<string, string>, who = artist) =>
  testApp(platform).request(path, {
    headers: { ...(fields && FORM), ...who.headers },
    ...(fields && { method: 'POST', body: new URLSearchParams(fields).toString() }),
  })

test('who bought it there has it here, for good, and nothing is sold or counted', async () => {
  const id = await read(
    Buffer.from(
      `\ufeff${file(
        buys('1', 'lea', { note: 'Merci,\r\nà bientôt' }),
        buys('2', 'max', { kind: 'track', name: 'Ebb' }),
        buys('3', 'zoe', { kind: 'package', name: 'Salt - Vinyl LP' }),
        buys('4', 'noe', { kind: 'package', name: 'Shirt' }),
        line({ id: '5', kind: 'payout', name: '' }),
      )}`,
      'utf16le',
    ),
  )
  expect(await owns('lea')).toEqual([])
  await bring(id)
  expect(await owns('lea')).toEqual([album()])
  expect(await owns('max')).toEqual([`track:${salt.tracks[0]?.trackId}`])
  expect(await owns('zoe')).toEqual([album()])
  expect(await owns('noe')).toEqual([])
  for (const table of ['orders', 'ledger_entries', 'subscriptions', 'fans', 'returns']) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(platform.db)
    expect([table, rows[0]?.n]).toEqual([table, 0])
  }
})

test('what was given back opens nothing, also when another report tells of it', async () => {
  const first = await read(
    file(buys('1', 'lea'), buys('2', 'max'), line({ id: '9', of: '2', kind: 'refund', total: '-10.00' })),
  )
  await bring(first)
  expect([await owns('lea'), await owns('max')]).toEqual([[album()], []])
  const part = await read(file(line({ id: '10', of: '1', kind: 'refund', total: '-4.00' })))
  await bring(part)
  expect(await owns('lea')).toEqual([album()])
  const whole = await read(file(line({ id: '11', of: '1', kind: 'refund', total: '-10.00' })))
  await bring(whole)
  expect(await owns('lea')).toEqual([])
  await undo(whole)
  expect(await owns('lea')).toEqual([album()])
})

test('whatever is brought, brought again, matched anew and taken back: what is open follows from what is brought', async () => {
  const step = fc.record({ what: fc.constantFrom('bring', 'bring', 'undo'), which: fc.nat(2), opens: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      await sql`delete from purchase_imports where artist_id = ${artistId}`.execute(platform.db)
      await sql`update holdings set revoked_at = now() where artist_id = ${artistId}`.execute(platform.db)
      // The second tells what the first does and more; the third gives one back.
      const files = [
        file(buys('1', 'lea')),
        file(buys('1', 'lea'), buys('2', 'max')),
        file(buys('2', 'max'), line({ id: '9', of: '2', kind: 'refund', total: '-10.00' }), buys('3', 'zoe')),
      ]
      const ids = [await read(files[0] ?? ''), await read(files[1] ?? ''), await read(files[2] ?? '')]
      const open = [false, false, false]
      const brought = [false, false, false]
      for (const { what, which, opens } of steps) {
        const id = ids[which] as string
        if (what === 'undo') {
          await undo(id)
          brought[which] = false
        } else {
          await bring(id, new Map([[1, opens ? album() : null]]))
          brought[which] = true
          open[which] = opens
        }
        const on = (at: number) => brought[at] && open[at]
        expect((await owns('lea')).length > 0).toBe(Boolean(on(0) || on(1)))
        expect((await owns('max')).length > 0).toBe(Boolean(on(1) && !brought[2]))
        expect((await owns('zoe')).length > 0).toBe(Boolean(on(2)))
      }
    }),
    { numRuns: 12 },
  )
})

test('what somebody bought here stays when an import is taken back', async () => {
  const mailKey = mailOf('lea').toLowerCase()
  await platform.db
    .insertInto('holdings')
    .values({
      id: newId(),
      mailKey,
      subject: album(),
      artistId,
      source: 'order',
      key: newId(),
      orderId: null,
      fromAt: platform.now(),
      revokedAt: null,
    })
    .execute()
  const id = await read(file(buys('1', 'lea')))
  await bring(id)
  await undo(id)
  expect(await owns('lea')).toEqual([album()])
})

test('on its page: read, matched, opened, told once each, taken back; line by line; and nobody else sees it', async () => {
  expect((await upload('name,email\r\nLéa,lea@fans.example')).status).toBe(422)
  const answer = await upload(
    file(buys('1', 'lea'), buys('2', 'max', { name: 'Salt (Deluxe)' }), buys('3', 'zoe'), line({ id: '4' })),
  )
  expect(answer.status).toBe(303)
  const path = answer.headers.get('location') ?? ''
  const page = await (await ask(path)).text()
  expect(page).toContain('2 purchases of 2 people open something here.')
  expect(page).toContain('Salt (Deluxe)')

  const field = page.match(/name="(item_\d+)"(?:(?!name="item_)[\s\S])*?Opens nothing here/g)?.length
  expect(field).toBe(2)
  const both = { item_1: album(), item_2: album() }
  expect((await ask(`${path}/bring`, both)).status).toBe(303)
  expect(await owns('max')).toEqual([album()])
  // Of another artist nothing can be opened.
  const other = await givenRelease(platform, { artist: 'Bo', title: 'Elsewhere', tracks: ['One'], ...QUICK })
  await ask(`${path}/bring`, { ...both, item_2: `release:${other.releaseId}` })
  expect(await owns('max')).toEqual([])
  await ask(`${path}/bring`, both)

  await suppress(platform.db, {
    channel: 'mail',
    addressHash: addressHash(platform.signer, 'mail', mailOf('zoe').toLowerCase()),
    reason: 'asked',
    at: platform.now(),
  })
  platform.mailer.send = async ({ to, subject, text }) => void sent.push({ to, subject, text: String(text) })
  await ask(`${path}/tell`, {})
  await ask(`${path}/tell`, {})
  await workOff(platform, ['shop.mail-purchases'])
  expect(sent.map(({ to }) => to).toSorted()).toEqual([mailOf('lea'), mailOf('max')])
  expect(sent[0]?.text).toContain('/library/')
  const second = (await upload(file(buys('1', 'lea')))).headers.get('location') ?? ''
  await ask(`${second}/bring`, { item_1: album() })
  await ask(`${second}/tell`, {})
  await workOff(platform, ['shop.mail-purchases'])
  expect(sent).toHaveLength(2)
  expect(await (await ask(second)).text()).toContain('Told by another line or report')

  const csv = await (await ask(`${path}/lines.csv`)).text()
  expect(csv).toMatch(/2,Opens a library,lea-/)
  expect(csv).toMatch(/5,No address/)
  const stranger = await signedIn(platform, {})
  for (const url of [path, `${path}/lines.csv`]) expect((await ask(url, undefined, stranger)).status).toBe(404)
  expect((await ask(`${path}/undo`, {}, stranger)).status).toBe(404)

  await ask(`${path}/undo`, {})
  expect([await owns('max'), await owns('lea')]).toEqual([[], [album()]])
})
