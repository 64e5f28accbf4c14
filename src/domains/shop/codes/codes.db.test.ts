import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../../platform/ids.ts'
import { hashOf } from '../../../platform/signing.ts'
import {
  FORM,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { createRelease } from '../../music/index.ts'
import { codeShown, readCode, SIGNS } from './code.rules.ts'
import { addCodes, closeBatch, MOST_CODES, makeCodes, type NewBatch, reopenBatch } from './make-codes.ts'
import { redeemCode } from './redeem-code.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let by: string
let artist: { id: string }
let release: { id: string }
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
})
beforeEach(async () => {
  artist = await anArtist()
  by = (await signedIn(platform, { artistIds: [artist.id] })).accountId
  release = await platform.db
    .transaction()
    .execute((tx) => createRelease(tx, { artistId: artist.id, title: 'Harbour Lights' }))
  await sql`delete from rate_limits`.execute(platform.db)
})
afterAll(() => platform.close())

const anArtist = () => platform.db.transaction().execute((tx) => createArtist(tx, { name: `Ana ${newId()}` }))

const batch = async (said: Partial<NewBatch> = {}) => {
  const id = await makeCodes(platform, {
    ...{
      by,
      artistId: artist.id,
      subject: `release:${release.id}`,
      name: 'Nantes',
      purpose: '',
      until: null,
      count: 3,
    },
    ...said,
  })
  const rows = await platform.db
    .selectFrom('codes')
    .select('code')
    .where('batchId', '=', id)
    .orderBy('position')
    .execute()
  return { id, codes: rows.map(({ code }) => code) }
}
const redeem = (code: string, browser: string) => redeemCode(platform, { code, browser, personId: null })
const cameBack = async (batchId: string) => {
  const { rows } = await sql<{ gifts: number; touches: number; returns: number; tokens: string[] }>`
    select count(distinct g.id)::int as gifts, (select count(*)::int from touches t where t.gift_id = any(array_agg(g.id))) as touches,
      (select count(*)::int from returns r where r.gift_id = any(array_agg(g.id)) and r.kind = 'acceptance') as returns,
      array(select distinct r.token from returns r where r.gift_id = any(array_agg(g.id))) as tokens
    from gifts g where g.subject = ${`codes:${batchId}`}`.execute(platform.db)
  return rows[0]
}

describe('a code', () => {
  test('of twenty who redeem it at once, one has it; the others are told; the gift has one return, by its own token', async () => {
    const made = await batch()
    const [code = ''] = made.codes
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => redeem(code, `browser ${n}`)))
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    expect(outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]))).toEqual(Array(19).fill('taken'))
    expect(await cameBack(made.id)).toEqual({ gifts: 1, touches: 1, returns: 1, tokens: [`codes.${made.id}`] })
  })

  test('whatever people and the artist do, in any order: redeemed at most once, by one browser, only while it was good, and counted once', async () => {
    const act = fc.record({
      what: fc.constantFrom('redeem', 'redeem', 'redeem', 'close', 'reopen'),
      code: fc.nat(2),
      browser: fc.constantFrom('a', 'b', 'c'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 14 }), async (acts) => {
        const made = await batch()
        const owners = new Map<string, string>()
        let isOpen = true
        for (const { what, code: n, browser } of acts) {
          if (what !== 'redeem') {
            await (what === 'close' ? closeBatch : reopenBatch)(platform, { batchId: made.id, by })
            isOpen = what === 'reopen'
            continue
          }
          const code = made.codes[n] as string
          const outcome = await redeem(code, browser)
          const owner = owners.get(code)
          if (owner) expect(outcome.ok ? 'mine' : outcome.error).toBe(owner === browser ? 'mine' : 'taken')
          else expect(outcome.ok ? 'mine' : outcome.error).toBe(isOpen ? 'mine' : 'closed')
          if (outcome.ok) owners.set(code, browser)
        }
        expect(await cameBack(made.id)).toMatchObject({ touches: owners.size, returns: owners.size })
      }),
      { numRuns: 25 },
    )
  })

  test('is good until its last day is over', async () => {
    const { codes } = await batch({ until: '2020-01-31' })
    expect(await redeem(codes[0] as string, 'a')).toEqual({ ok: false, error: 'over' })
  })
})

/** Somebody with a browser that keeps its cookies. */
function browser() {
  const jar = new Map<string, string>()
  return async (path: string, fields?: Record<string, string>) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await app.request(path, {
      ...(fields && { method: 'POST', body: new URLSearchParams(fields) }),
      headers: { cookie, ...(fields && FORM) },
    })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      jar.set(name, value)
    }
    return { status: answer.status, to: answer.headers.get('location'), text: await answer.text() }
  }
}
const redeemedAt = async (code: string) =>
  (await platform.db.selectFrom('codes').select('redeemedAt').where('code', '=', code).executeTakeFirstOrThrow())
    .redeemedAt

describe('the page of codes', () => {
  test('opening the link of a card uses up nothing; one press gives every format, here again and nowhere else', async () => {
    const [code = ''] = (await batch()).codes
    const [mine, other] = [browser(), browser()]
    const path = `/code/${codeShown(code)}`
    expect((await mine(path)).text).toContain('Harbour Lights')
    expect(await redeemedAt(code)).toBeNull()

    const taken = await mine('/code', { code: ` ${codeShown(code).toLowerCase()} `, mail: '' })
    expect(taken).toMatchObject({ status: 303, to: path })
    expect(await redeemedAt(code)).not.toBeNull()
    const shown = await mine(path)
    for (const format of ['FLAC', 'MP3']) expect(shown.text).toContain(format)
    expect(shown.text).toMatch(/\/take\/release\/[^"]+pass=held/)

    for (const told of [await other(path), await other('/code', { code, mail: '' })]) {
      expect(told.status).toBe(422)
      expect(told.text).toContain('This code has been used')
      expect(told.text).not.toContain('pass=held')
    }
  })

  test('an address is never asked for; given, it alone has the library, and a mistyped one is replaced', async () => {
    const [code = ''] = (await batch()).codes
    const mine = browser()
    expect((await mine('/code', { code, mail: 'lea' })).text).toContain('This is no mail address')
    expect(await redeemedAt(code)).toBeNull()
    expect((await mine('/code', { code, mail: 'Lae@fans.example' })).to).toBe(`/code/${codeShown(code)}?kept=sent`)
    expect((await mine(`/code/${codeShown(code)}/keep`, { mail: 'Lea@fans.example' })).to).toContain('kept=sent')
    const held = await platform.db.selectFrom('holdings').selectAll().where('key', '=', `code:${code}`).execute()
    expect(held).toMatchObject([{ mailKey: 'lea@fans.example', subject: `release:${release.id}`, source: 'code' }])
    expect((await mine(`/code/${codeShown(code)}?kept=sent`)).text).toContain('on its way to lea@fans.example')
    const { rows } = await sql`select 1 from subscriptions`.execute(platform.db)
    expect(rows).toEqual([])
    await workOff(platform, ['shop.library'])
    // Somebody else's browser moves nothing.
    await browser()(`/code/${codeShown(code)}/keep`, { mail: 'thief@fans.example' })
    const [still] = await platform.db
      .selectFrom('holdings')
      .select('mailKey')
      .where('key', '=', `code:${code}`)
      .execute()
    expect(still).toEqual({ mailKey: 'lea@fans.example' })
  })

  test('a mistyped code is told so without counting; who tries too many that do not exist is answered nothing any more', async () => {
    const [code = ''] = (await batch()).codes
    const guesser = browser()
    for (let n = 0; n < 60; n++)
      expect((await guesser('/code', { code: 'AAAAAAAA2', mail: '' })).text).toContain('no code')
    const wrong = Array.from(SIGNS, (sign) => `2222222${sign}`).flatMap((body) =>
      Array.from(SIGNS, (sign) => body + sign),
    )
    const fit = wrong.filter((text) => readCode(text) && !text.includes(code)).slice(0, 31)
    const answers: string[] = []
    for (const text of [...fit, ...fit]) answers.push((await guesser(`/code/${text}`)).text)
    expect(answers[0]).toContain('There is no such code')
    expect(answers.at(-1)).toContain('Too many codes')
    expect((await guesser('/code', { code, mail: '' })).text).toContain('Too many codes')
    expect(await redeemedAt(code)).toBeNull()
  })
})

describe('in the studio', () => {
  const ask = (who: SignedIn, path: string, fields?: Record<string, string>) =>
    app.request(path, {
      ...(fields && { method: 'POST', body: new URLSearchParams(fields) }),
      headers: { ...who.headers, ...(fields && FORM) },
    })

  test('a batch is made, printed, taken as CSV, counted and closed, by who works for the artist alone', async () => {
    const [ana, other] = [
      await signedIn(platform, { artistIds: [artist.id] }),
      await signedIn(platform, { artistIds: [(await anArtist()).id] }),
    ]
    const fields = { subject: `release:${release.id}`, name: 'Nantes', purpose: 'At the door', count: '12', until: '' }
    const refused = await ask(ana, '/studio/shop/codes/new', {
      ...fields,
      count: 'many',
      until: '2020-01-01',
      name: ' ',
    })
    expect(refused.status).toBe(422)
    const page = await refused.text()
    for (const sentence of ['a whole number', 'a day that is not over', 'Give it a name'])
      expect(page).toContain(sentence)

    const to = (await ask(ana, '/studio/shop/codes/new', fields)).headers.get('location')?.split('?')[0] ?? ''
    const [first = ''] = (await (await ask(ana, `${to}/codes.csv`)).text()).match(/\w{3}-\w{3}-\w{3}/) ?? []
    await redeem(first.replaceAll('-', ''), hashOf('somebody'))
    expect(await (await ask(ana, to)).text()).toContain('1 of 12 codes has been used.')
    expect(await (await ask(ana, '/studio/shop/codes')).text()).toContain('1 of 12')
    const pdf = Buffer.from(await (await ask(ana, `${to}/cards.pdf`)).arrayBuffer())
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    // Eleven are left: two sheets.
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(2)

    for (const path of [to, `${to}/codes.csv`, `${to}/cards.pdf`]) expect((await ask(other, path)).status).toBe(404)
    expect((await ask(other, `${to}/close`, {})).status).toBe(404)
    await ask(ana, `${to}/close`, {})
    expect(await (await ask(ana, to)).text()).toContain('These codes are closed.')
    // Pressed twice, it is done and written down once.
    for (const what of ['close', 'reopen', 'reopen']) await ask(ana, `${to}/${what}`, {})
    const { rows: history } = await platform.pool.query(
      `select action, account_id as who, subject, details from audit_log where artist_id = $1 order by at, id`,
      [artist.id],
    )
    const did = (action: string, details = {}) => ({ action, who: ana.accountId, subject: 'Nantes', details })
    expect(history).toEqual([did('codes.make', { count: 12 }), did('codes.close'), did('codes.reopen')])
    expect(await (await ask(ana, `/studio/artists/${artist.id}/history?lang=fr`)).text()).toContain(
      'A fermé un lot de codes de téléchargement',
    )
  })

  test('more of a batch are the same, numbered on, made once however often it is pressed, and printed by themselves', async () => {
    const [ana, other] = [
      await signedIn(platform, { artistIds: [artist.id] }),
      await signedIn(platform, { artistIds: [(await anArtist()).id] }),
    ]
    const made = await batch({ count: 3, until: '2099-12-31' })
    const to = `/studio/shop/codes/${made.id}`
    expect((await ask(other, `${to}/add`, { count: '12', had: '3' })).status).toBe(404)
    const wrong = await ask(ana, `${to}/add`, { count: 'some', had: '3' })
    expect(wrong.status).toBe(422)
    expect(await wrong.text()).toMatch(/whole number from 1 to 997\.[\s\S]*value="some"/)
    expect((await ask(ana, `${to}/add`, { count: '998', had: '3' })).status).toBe(422)

    // Pressed many times at once.
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => ask(ana, `${to}/add?lang=en`, { count: '12', had: '3' })),
    )
    const where = answers.map((answer) => answer.headers.get('location')?.split('?')[1])
    expect(where.sort()).toEqual(['done=added&from=4', ...Array(5).fill('done=changed')])
    const page = await (await ask(ana, `${to}?done=added&from=4`)).text()
    expect(page).toContain('numbers 4 to 15')
    expect(page).toContain('None of 15 codes has been used yet.')
    const csv = await (await ask(ana, `${to}/codes.csv`)).text()
    const lines = csv.trim().split(/\r?\n/).slice(1)
    expect(lines.map((line) => line.split(',')[0])).toEqual(Array.from({ length: 15 }, (_, n) => String(n + 1)))
    expect(new Set(lines.map((line) => line.split(',')[1])).size).toBe(15)
    const sheets = async (query: string) =>
      Buffer.from(await (await ask(ana, `${to}/cards.pdf${query}`)).arrayBuffer())
        .toString('latin1')
        .match(/\/Type \/Page\b/g)?.length
    expect([await sheets(''), await sheets('?from=4'), await sheets('?from=7')]).toEqual([2, 2, 1])

    // One gift still: what comes back of the new ones stands with the others, and their last day is the same.
    const last = await platform.db
      .selectFrom('codes')
      .select('code')
      .where('batchId', '=', made.id)
      .where('position', '=', 15)
      .executeTakeFirstOrThrow()
    expect((await redeem(last.code, hashOf('late'))).ok).toBe(true)
    expect(await cameBack(made.id)).toEqual({ gifts: 1, touches: 1, returns: 1, tokens: [`codes.${made.id}`] })
    const { rows: history } = await platform.pool.query(
      `select subject, details from audit_log where action = 'codes.add' and artist_id = $1`,
      [artist.id],
    )
    expect(history).toEqual([{ subject: 'Nantes', details: { count: 12 } }])
    expect(await (await ask(ana, `/studio/artists/${artist.id}/history?lang=fr`)).text()).toContain(
      'A fait d’autres codes de téléchargement d’un lot',
    )

    // As many may wait to be used as a batch had at most; what is closed gets none.
    expect(await addCodes(platform, { batchId: made.id, count: MOST_CODES, had: 15, by: ana.accountId })).toEqual({
      ok: false,
      error: 'many',
    })
    await closeBatch(platform, { batchId: made.id, by })
    expect((await ask(ana, `${to}/add`, { count: '1', had: '15' })).headers.get('location')).toContain('done=ended')
    expect(await (await ask(ana, to)).text()).not.toContain('Make more')
  })
})
