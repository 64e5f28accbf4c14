import { parse } from 'csv-parse/sync'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renditionKey } from '../../../platform/images/index.ts'
import { toLocal } from '../../../platform/zones.ts'
import { signedIn, workOff } from '../../../testing/index.ts'
import { eraseFan, fanByAddress, mergeFans, ownPersonalData } from '../../fans/index.ts'
import { operationsBelongings } from '../belongings.ts'
import { closeOperation } from '../close-operation.ts'
import { operationsPersonalData } from '../personal-data.ts'
import { tidySentIn } from '../tidy-sent-in.ts'
import { beginStudio, contestsIn, DAY, formOf, HOUR, type Sent, type Studio } from './contest.fixtures.ts'
import { contestById } from './contest.views.ts'
import { tallyNow } from './tally.views.ts'
import { castBallot, confirmBallot } from './vote.ts'

const PERSONAL_DATA = [operationsPersonalData, ownPersonalData]

let studio: Studio
let { platform, ana, owner } = {} as Studio
beforeAll(async () => {
  studio = await beginStudio()
  ;({ platform, ana, owner } = studio)
}, 60_000)
afterAll(() => platform.close())
const { get, page, post, linkFor, openContest } = contestsIn(() => studio)

const picture = (background: string) =>
  sharp({ create: { width: 400, height: 400, channels: 3, background } })
    .png()
    .toBuffer()
const enter = (path: string, fields: Record<string, string>, file?: Sent) =>
  post(`${path}/entries`, formOf(fields, file && { picture: file }))
const eventsOf = async (kind: string) =>
  (await platform.pool.query('select count(*)::int as n from returns where kind = $1', [kind])).rows[0].n

type Open = Awaited<ReturnType<typeof openContest>>

/** An entry in words that is confirmed and shown. */
async function entryOf({ path, studio, id }: Open, name: string): Promise<string> {
  const mail = `${name.toLowerCase()}@fans.example`
  const sent = await enter(path, { name, text: `Words of ${name}`, mail, accept: 'on', rules: '1' })
  expect(sent.to).toContain('said=entry_mail')
  expect((await post(await linkFor(mail), {})).status).toBe(303)
  const { id: entryId } = await platform.db
    .selectFrom('contestEntries')
    .select('id')
    .where('operationId', '=', id)
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  expect((await post(`${studio}/entries/${entryId}/show`, {}, owner)).status).toBe(303)
  return entryId
}
const vote = (path: string, mail: string, entries: string[], cookie = '') =>
  post(`${path}/votes`, [['mail', mail], ...entries.map((id): [string, string] => ['entry', id])], {
    headers: cookie ? { cookie } : {},
  })
async function votes(path: string, mail: string, entries: string[]): Promise<string> {
  expect((await vote(path, mail, entries)).to).toContain('said=vote_mail')
  return (await post(await linkFor(mail), {})).cookie
}
const close = (id: string) =>
  closeOperation(platform, {
    operationId: id,
    by: owner.accountId,
    followUp: { kind: 'none', words: 'None, because we move.', subject: null },
    thanks: { words: '', subject: null },
  })

/** A table of what leaves with the artist. */
async function packed(path: string): Promise<Record<string, string>[]> {
  const artist = { kind: 'artist', id: ana.artistId, name: 'Ana Marsh', slug: 'ana-marsh', language: 'en' } as const
  const asking = { lang: 'en', may: () => true, extensionOf: async () => '.png' } as const
  for await (const one of operationsBelongings.pack?.(platform.db, artist, asking) ?? []) {
    if (one.path !== path || !('text' in one)) continue
    let text = ''
    for await (const piece of typeof one.text === 'string' ? [one.text] : one.text) text += piece
    return parse(text, { bom: true, columns: true })
  }
  return []
}

test('a sleeve contest from the first word to the cover', async () => {
  const { db } = platform
  const at = (ms: number) => toLocal(new Date(platform.now().getTime() + ms), 'Europe/Paris')
  const fields = {
    title: '',
    words: 'Draw it.',
    language: 'en',
    sort: 'sleeve',
    release: ana.releaseId,
    zone: 'Europe/Paris',
  }
  const wrong = await post(
    '/studio/operations/new',
    { ...fields, jury: '200', most: '1', entriesUntil: '', endsAt: '' },
    owner,
  )
  expect(wrong.status).toBe(422)
  expect(wrong.html).toContain('Give it a title first.')
  const typed = { ...fields, title: 'A sleeve for Tides', jury: '50', most: '1' }
  const made = await post('/studio/operations/new', { ...typed, entriesUntil: at(DAY), endsAt: at(2 * DAY) }, owner)
  const studio = made.to.split('?')[0] ?? ''
  const id = studio.split('/').at(-1) ?? ''
  const path = '/ana-marsh/take-part/a-sleeve-for-tides'
  expect((await get(path)).status).toBe(404)
  expect(await page(studio, owner)).toContain('Everyone may take part in “A sleeve for Tides”')
  expect((await post(`${studio}/open`, {}, owner)).status).toBe(303)
  await expect.poll(() => page('/ana-marsh')).toContain('A sleeve for Tides')
  expect(await page(`${path}/rules?lang=fr`)).toContain('Tout le monde peut participer')

  // What is missing is said beside each field, and the picture need not be sent again.
  const png = await picture('#204060')
  const rules = '1'
  const half = await enter(path, { name: '', mail: 'lea@fans.example', rules }, { name: 'a.png', bytes: png })
  expect(half.status).toBe(422)
  for (const said of [
    'Say under which name',
    'Say what the picture shows',
    'Without your agreement',
    'Your picture is kept',
  ])
    expect(half.html).toContain(said)
  const kept = /name="kept" value="([^"]+)"/.exec(half.html)?.[1] ?? ''
  const fake = await enter(
    path,
    { name: 'Max', alt: 'x', mail: 'max@fans.example', accept: 'on', rules },
    { name: 'sea.png', bytes: new TextEncoder().encode('no picture at all') },
  )
  expect(fake.status).toBe(422)
  expect(fake.html).toMatch(/class="error"[^>]*>.*picture/s)

  const entry = { name: 'Léa Quay', title: 'The sea', alt: 'A blue square.', accept: 'on', rules }
  expect((await enter(path, { ...entry, mail: 'lea@fans.example', kept })).to).toContain('said=entry_mail')
  expect(await page(`${studio}/entries`, owner)).not.toContain('Léa Quay')
  const leas = await linkFor('lea@fans.example')
  expect(
    (
      await post(
        leas.replace(/.$/, (letter) => (letter === 'x' ? 'y' : 'x')),
        {},
      )
    ).status,
  ).toBe(404)
  expect((await get(leas)).status).toBe(200)
  expect(await page(`${studio}/entries`, owner)).not.toContain('Léa Quay')
  expect((await post(leas, {})).status).toBe(303)
  expect(await page(`${studio}/entries`, owner)).toContain('this picture is my own work')
  expect(await page(path)).not.toContain('Léa Quay')
  const maxs = { name: 'Max', title: 'Red', alt: 'A red square.', mail: 'max@fans.example', accept: 'on', rules }
  await enter(path, maxs, { name: 'b.png', bytes: await picture('#802020') })
  await post(await linkFor('max@fans.example'), {})
  // One each.
  const third = await enter(path, { ...maxs, title: 'Redder' }, { name: 'b.png', bytes: await picture('#902020') })
  expect(third.to).toContain('said=entry_mail')
  expect((await post(await linkFor('max@fans.example'), {})).status).toBe(410)

  const { rows: sent } = await platform.pool.query(
    'select id, name, image_id from contest_entries where operation_id = $1 and confirmed_at is not null order by name',
    [id],
  )
  const [lea, max] = sent
  expect(sent.map(({ name }) => name)).toEqual(['Léa Quay', 'Max'])
  expect((await post(`${studio}/entries/${max.id}/block`, { reason: '' }, owner)).status).toBe(422)
  for (const one of [lea, max]) expect((await post(`${studio}/entries/${one.id}/show`, {}, owner)).status).toBe(303)
  expect(await page(path)).toContain('by Léa Quay')

  // The jury, before and when voting begins.
  await post(`${studio}/jury`, { name: 'Noé' }, owner)
  const link = /http:\/\/ritornello\.test(\/contests\/jury\/[^"]+)/.exec(await page(`${studio}/jury`, owner))?.[1] ?? ''
  expect(await page(link)).toContain('Entries are still coming in')
  platform.pass(DAY + HOUR)
  expect((await enter(path, { ...entry, title: 'Late', mail: 'late@fans.example' })).to).toBe('')
  const blind = await page(link)
  expect(blind).toContain('The sea')
  expect(blind).not.toContain('Léa Quay')
  await post(link, { [`score-${lea.id}`]: '9', [`score-${max.id}`]: '4', 'score-x': '10' })

  expect((await vote(path, 'zoe@fans.example', [])).html).toContain('Tick at least one.')
  const zoe = await votes(path, 'zoe@fans.example', [lea.id, max.id])
  await votes(path, 'kim@fans.example', [lea.id])
  expect((await vote(path, '', [lea.id], zoe)).to).toContain('said=voted')
  expect(await page(`${studio}/result`, owner)).toContain('2 people have voted.')
  expect(await page(`${studio}/result`, owner)).not.toContain('<table')
  expect(await page(path)).not.toMatch(/people approved|with [\d.]+ points/)
  expect(
    (await post(`${studio}/close`, { follow: 'none', followWords: 'None, because we move.' }, owner)).html,
  ).toContain('can be closed once voting has ended')

  platform.pass(DAY)
  expect((await vote(path, 'late@fans.example', [lea.id])).html).toContain('Nobody can vote any more.')
  expect(await tallyNow(db, id)).toMatchObject({
    voters: 2,
    places: [
      { entryId: lea.id, approvals: 2, jury: 9, points: 95, rank: 1 },
      { entryId: max.id, approvals: 0, points: 20, rank: 2 },
    ],
  })

  // It cannot be closed without what follows; the database says so as well.
  expect((await post(`${studio}/close`, { follow: '', followWords: '' }, owner)).html).toContain(
    'it cannot be closed without',
  )
  await expect(
    platform.pool.query(`update operations set state = 'closed', closed_at = now() where id = $1`, [id]),
  ).rejects.toThrow(/operations_need_a_follow_up/)
  const closing = { thanks: 'You drew the sea.', gift: `release:${ana.releaseId}`, follow: 'next', followSubject: '' }
  const closed = await post(`${studio}/close`, { ...closing, followWords: 'The record comes out in March.' }, owner)
  expect(closed.to).toContain('done=closed')
  await workOff(platform, ['operations.tell'])
  await workOff(platform, ['operations.tell'])
  const { rows: told } = await platform.pool.query(
    `select address, message ->> 'text' as text from deliveries where once like 'operation-end:%' order by address`,
  )
  expect(told.map(({ address }) => address)).toEqual(['kim', 'lea', 'max', 'zoe'].map((name) => `${name}@fans.example`))
  for (const { text } of told) {
    for (const said of ['You drew the sea.', 'Léa Quay', '/take/link/', 'The record comes out in March.'])
      expect(text).toContain(said)
    const [, take = ''] = /http:\/\/ritornello\.test(\/take\/link\/\S+)/.exec(text) ?? []
    expect((await get(take)).status).toBeLessThan(400)
  }

  const after = await page(path)
  for (const said of ['The winner: The sea', '1st with 95 points', 'The record comes out in March.'])
    expect(after).toContain(said)
  expect((await post(`${studio}/cover`, {}, owner)).status).toBe(303)
  await post(`${studio}/cover`, {}, owner)
  const { coverImageId } = await db
    .selectFrom('releases')
    .select('coverImageId')
    .where('id', '=', ana.releaseId)
    .executeTakeFirstOrThrow()
  expect(coverImageId).toBe(lea.image_id)
  const credits = await db
    .selectFrom('credits')
    .select(['role', 'name'])
    .where('releaseId', '=', ana.releaseId)
    .execute()
  expect(credits.filter(({ role }) => role === 'artwork')).toEqual([{ role: 'artwork', name: 'Léa Quay' }])
  expect([await eventsOf('entry'), await eventsOf('vote')]).toEqual([2, 2])
}, 60_000)

test('votes that race count once a person and entry', async () => {
  const contest = await openContest()
  const [a, b] = [await entryOf(contest, 'Anouk'), await entryOf(contest, 'Bao')]
  platform.pass(DAY + HOUR)
  const people = Array.from({ length: 12 }, (_, n) => `racer-${'abcdefghijkl'[n]}@fans.example`)
  const cast = (mail: string, entryIds: string[]) =>
    castBallot(platform, { operationId: contest.id, entryIds, language: 'en', mail, network: mail, fan: null })
  const ballots = (await Promise.all([...people, ...people].map((mail) => cast(mail, [a, b])))).flatMap((done) =>
    done.ok ? [done.value.id] : [],
  )
  expect(ballots).toHaveLength(24)
  // Each is confirmed twice, at once.
  const confirmed = await Promise.all([...ballots, ...ballots].map((id) => confirmBallot(platform, id)))
  expect(confirmed.every(({ ok }) => ok)).toBe(true)
  expect(await tallyNow(platform.db, contest.id)).toMatchObject({
    voters: 12,
    places: [{ approvals: 12 }, { approvals: 12 }],
  })
  await expect(
    platform.pool.query(
      'insert into contest_votes (operation_id, entry_id, fan_id, at) select operation_id, entry_id, fan_id, now() from contest_votes limit 1',
    ),
  ).rejects.toThrow(/contest_votes_once/)
  const [again] = await Promise.all(people.slice(0, 1).map((mail) => cast(mail, [b])))
  if (again?.ok) await confirmBallot(platform, again.value.id)
  const { places, voters } = await tallyNow(platform.db, contest.id)
  expect([voters, places.find(({ entryId }) => entryId === a)?.approvals]).toEqual([12, 11])
  // Everything that was chosen is still written down.
  const { rows } = await platform.pool.query('select count(*)::int as n from contest_ballots where operation_id = $1', [
    contest.id,
  ])
  expect(rows[0].n).toBe(25)
}, 60_000)

test('a stolen picture is taken down with a reason that its sender reads; what was approved of it is kept and said', async () => {
  const contest = await openContest()
  const [honest, stolen] = [await entryOf(contest, 'Honest'), await entryOf(contest, 'Stolen')]
  platform.pass(DAY + HOUR)
  await votes(contest.path, 'v1@fans.example', [honest])
  await votes(contest.path, 'v2@fans.example', [stolen])
  await votes(contest.path, 'v3@other.example', [stolen, honest])
  await post(`${contest.studio}/entries/${stolen}/block`, { reason: 'It is a photograph of Ada’s.' }, owner)
  expect(await page(contest.path)).not.toContain('Words of Stolen')
  const link =
    platform.mails.findLast(({ to }) => to === 'stolen@fans.example')?.text.match(/\/contests\/\S+/)?.[0] ?? ''
  expect(await page(link)).toContain('It is a photograph of Ada’s.')
  platform.pass(DAY)
  expect(await tallyNow(platform.db, contest.id)).toMatchObject({ voters: 2, corrected: 2, places: [{ approvals: 2 }] })
  expect(await close(contest.id)).toMatchObject({ ok: true })
  expect(await page(contest.path)).toContain(
    '2 approvals of entries that were taken down or taken back are kept and not counted.',
  )
  const { rows } = await platform.pool.query(
    `select details ->> 'reason' as reason from audit_log where action = 'operation.entry-block'`,
  )
  expect(rows).toEqual([{ reason: 'It is a photograph of Ada’s.' }])
}, 60_000)

test('a picture that its author takes back goes at once, one that was taken down two weeks later, one that is a cover stays', async () => {
  const { id, path, studio } = await openContest({ sort: 'sleeve' })
  const sent = async (name: string, colour: string) => {
    const mail = `${name.toLowerCase()}@pictures.example`
    const said = { name, title: name, alt: `All ${colour}.`, mail, accept: 'on', rules: '1' }
    expect((await enter(path, said, { name: 'a.png', bytes: await picture(colour) })).to).toContain('said=')
    const link = await linkFor(mail)
    await post(link, {})
    const { rows } = await platform.pool.query(
      `select e.id, i.id as image, i.sha256, i.widths from contest_entries e join images i on i.id = e.image_id where operation_id = $1 and e.name = $2`,
      [id, name],
    )
    return { ...rows[0], link, key: renditionKey(rows[0].sha256, rows[0].widths[0], 'jpg') }
  }
  const [back, down, cover] = [await sent('Aya', '#112233'), await sent('Bob', '#223344'), await sent('Cy', '#334455')]
  const isThere = async (one: { key: string }) => (await platform.storage.stat(one.key)) !== null
  await post(back.link, { step: 'withdraw' })
  await post(back.link, { step: 'withdraw' })
  await workOff(platform, ['operations.forget-pictures'])
  expect([await isThere(back), await isThere(down)]).toEqual([false, true])
  expect((await get(back.link)).status).toBe(200)

  await platform.db.updateTable('releases').set({ coverImageId: cover.image }).where('id', '=', ana.releaseId).execute()
  // Taken down, a picture is found at its address no more, but by the artist elsewhere; one that something else shows stays there.
  const decide = async (one: { id: string }, step: 'show' | 'block') => {
    await post(`${studio}/entries/${one.id}/${step}`, { reason: 'It is Ada’s.' }, owner)
    await workOff(platform, ['operations.settle-picture'])
  }
  for (const one of [down, cover]) await decide(one, 'block')
  expect([await isThere(down), await isThere(cover)]).toEqual([false, true])
  const address = (one: { sha256: string; widths: number[] }) => `/media/image/${one.sha256}/${one.widths[0]}.jpg`
  expect([(await get(address(down))).status, (await get(address(cover))).status]).toEqual([404, 200])
  const held = `${studio}/entries/${down.id}/picture`
  const seen = await get(held, owner)
  expect([seen.status, seen.headers.get('cache-control')]).toEqual([200, 'private, no-store'])
  expect((await get(held)).status).not.toBe(200)
  expect(await page(`${studio}/entries`, owner)).toContain(held)
  // Shown again it is there again, whatever the order in which it is done.
  await decide(down, 'show')
  expect([(await get(address(down))).status, (await get(held, owner)).status]).toEqual([200, 404])
  expect(await page(path)).toContain('All #223344.')
  for (const step of ['block', 'show', 'block'])
    await post(`${studio}/entries/${down.id}/${step}`, { reason: 'It is Ada’s.' }, owner)
  await workOff(platform, ['operations.settle-picture'])
  expect((await get(address(down))).status).toBe(404)
  // What was taken down before pictures were held is found by the clock.
  await platform.pool.query(`delete from held_pictures where of_id = $1`, [cover.id])
  await platform.pool.query(`update contest_entries set image_id = $1 where id = $2`, [cover.image, cover.id])
  await tidySentIn(platform)
  const { rows: held2 } = await platform.pool.query('select of_id from held_pictures order by of_id')
  expect(held2.map(({ of_id }) => of_id)).toEqual([down.id, cover.id].sort())
  platform.pass(15 * DAY)
  await tidySentIn(platform)
  expect([await isThere(down), await isThere(cover)]).toEqual([false, true])
  expect((await get(held, owner)).status).toBe(404)
  expect((await platform.pool.query('select from held_pictures')).rowCount).toBe(0)
  expect(await page(`${studio}/entries`, owner)).toContain('It is Ada’s.')
}, 60_000)

test('somebody who is forgotten still counts, and nobody knows who it was; two who are one count once', async () => {
  const contest = await openContest()
  const [a, b] = [await entryOf(contest, 'Aya'), await entryOf(contest, 'Ben')]
  platform.pass(DAY + HOUR)
  for (const mail of ['gone@fans.example', 'one@fans.example', 'two@fans.example'])
    await votes(contest.path, mail, [a, b])
  const { db } = platform
  const idOf = async (mail: string) => (await fanByAddress(db, 'mail', mail))?.fanId ?? ''
  const proof = { wording: 'Forget me.', language: 'en', source: 'link' } as const
  const [gone, one, two, ben] = await Promise.all(
    ['gone@fans.example', 'one@fans.example', 'two@fans.example', 'ben@fans.example'].map(idOf),
  )
  await db.transaction().execute((tx) => eraseFan(tx, platform, PERSONAL_DATA, { fanId: gone ?? '', ...proof }))
  expect(await tallyNow(db, contest.id)).toMatchObject({ voters: 3, places: [{ approvals: 3 }, { approvals: 3 }] })
  await db.transaction().execute((tx) => mergeFans(tx, PERSONAL_DATA, { from: one ?? '', into: two ?? '' }))
  expect(await tallyNow(db, contest.id)).toMatchObject({ voters: 2, places: [{ approvals: 2 }, { approvals: 2 }] })
  await db.transaction().execute((tx) => eraseFan(tx, platform, PERSONAL_DATA, { fanId: ben ?? '', ...proof }))
  expect((await tallyNow(db, contest.id)).places).toMatchObject([{ entryId: a, approvals: 2 }])
  const { rows } = await platform.pool.query(
    `select count(*)::int as n from contest_votes where fan_id = $1 union all select count(*)::int from contest_ballots where fan_id = $1`,
    [gone],
  )
  expect(rows).toEqual([{ n: 0 }, { n: 0 }])
  platform.pass(DAY)
  expect((await close(contest.id)).ok).toBe(true)
  expect((await get(contest.path)).status).toBe(200)
}, 60_000)

test('bought votes are shown to the artist, counted, and the networks forgotten when it closes', async () => {
  const contest = await openContest()
  const [a] = [await entryOf(contest, 'Farm'), await entryOf(contest, 'Free')]
  platform.pass(DAY + HOUR)
  for (let n = 1; n <= 6; n++) {
    const mail = `voter${n}@mail.example`
    const network = 'the same'
    const cast = await castBallot(platform, {
      operationId: contest.id,
      entryIds: [a],
      language: 'en',
      mail,
      network,
      fan: null,
    })
    if (cast.ok) await confirmBallot(platform, cast.value.id)
  }
  platform.pass(DAY)
  const seen = await page(`${contest.studio}/result`, owner)
  expect(seen).toContain('6 people from one network on one day')
  expect(seen).toContain('6 addresses that differ in their numbers alone')
  expect((await tallyNow(platform.db, contest.id)).places[0]).toMatchObject({ entryId: a, approvals: 6 })

  // Set aside with a reason, taken back, and set aside for good: once each, and what several clusters hold is set aside once.
  const [first = '', second = ''] = [...seen.matchAll(/action="([^"]+\/aside\/[0-9a-f]{64})"/g)].map(([, path]) => path)
  expect((await post(first, { reason: '' }, owner)).html).toContain('Say why: everyone reads it in the result.')
  const bought = { reason: 'Six in ten minutes, all from one farm.' }
  expect((await post(first, bought, owner)).to).toContain('done=aside')
  expect((await post(second, bought, owner)).to).toContain('done=changed')
  expect(await tallyNow(platform.db, contest.id)).toMatchObject({
    voters: 0,
    aside: 6,
    places: [{ approvals: 0 }, { approvals: 0 }],
  })
  // What leaves with the artist says so too, and so does what is known of whoever voted.
  const slug = (await contestById(platform.db, contest.id))?.slug
  expect(await packed(`contests/${slug}/entries.csv`)).toMatchObject([
    { id: a, approvals: '0', approvalsSetAside: '6' },
    { approvals: '0', approvalsSetAside: '0' },
  ])
  const { fanId = '' } = (await fanByAddress(platform.db, 'mail', 'voter1@mail.example')) ?? {}
  const { contestVotesSetAside } = await operationsPersonalData.know(platform.db, {
    fanId,
    personIds: [],
    addressIds: [],
    addressHashes: [],
  })
  expect(contestVotesSetAside).toMatchObject([
    { contest: contest.title, kind: 'network', reason: bought.reason, at: expect.any(Date) },
  ])
  const undo =
    /action="([^"]+\/aside\/[0-9a-f-]{36}\/undo)"/.exec(await page(`${contest.studio}/result`, owner))?.[1] ?? ''
  expect((await post(undo, {}, owner)).to).toContain('done=votes_back')
  expect(await tallyNow(platform.db, contest.id)).toMatchObject({
    voters: 6,
    aside: 0,
    places: [{ approvals: 6 }, { approvals: 0 }],
  })
  expect((await post(second, bought, owner)).to).toContain('done=aside')
  const { rows: written } = await platform.pool.query(
    `select action, details ->> 'reason' as reason from audit_log where action like 'operation.votes-%' order by id`,
  )
  expect(written.map(({ action }) => action)).toEqual([
    ...['operation.votes-aside', 'operation.votes-back', 'operation.votes-aside'],
  ])
  expect(written[0].reason).toBe(bought.reason)
  await close(contest.id)
  expect(await page(contest.path)).toMatch(
    /The votes of 6 people were set aside[\s\S]*Six in ten minutes, all from one farm\./,
  )
  const later = /action="([^"]+\/aside\/[^"]+)"/.exec(await page(`${contest.studio}/result`, owner))
  expect(later).toBeNull()
  expect((await post(undo, {}, owner)).status).toBe(404)
  const { rows } = await platform.pool.query('select distinct network from contest_ballots where operation_id = $1', [
    contest.id,
  ])
  expect(rows).toEqual([{ network: null }])
  expect(await page(`${contest.studio}/result`, owner)).toContain('6 people from one network on one day')
}, 60_000)

test('a contest to which nobody came closes at once, and nobody is told', async () => {
  const contest = await openContest()
  expect(await close(contest.id)).toEqual({ ok: true, value: { people: 0 } })
  expect(await page(contest.path)).toContain('Nobody sent anything in this time.')
  expect((await contestById(platform.db, contest.id))?.followUpWords).toBe('None, because we move.')
  expect(await page(`${contest.studio}/close`, owner)).toContain('Nothing comes after: None, because we move.')
})

test('other dates make another version of the rules, and whoever read the old one is shown the new', async () => {
  const contest = await openContest()
  const at = (ms: number) => toLocal(new Date(platform.now().getTime() + ms), 'Europe/Paris')
  const fields = { title: contest.title, words: '', language: 'en', release: '' }
  const done = await post(contest.studio, { ...fields, entriesUntil: at(3 * DAY), endsAt: at(4 * DAY) }, owner)
  expect(done.to).toContain('done=saved')
  const stale = await enter(contest.path, {
    name: 'Ida',
    text: 'W',
    mail: 'ida@fans.example',
    accept: 'on',
    rules: '1',
  })
  expect(stale.status).toBe(422)
  expect(stale.html).toContain('The rules changed while you were writing.')
  const sent = await enter(contest.path, { name: 'Ida', text: 'W', mail: 'ida@fans.example', accept: 'on', rules: '2' })
  expect(sent.to).toContain('said=entry_mail')
  const entry = await platform.db
    .selectFrom('contestEntries')
    .selectAll()
    .where('name', '=', 'Ida')
    .executeTakeFirstOrThrow()
  expect([entry.rulesVersion, entry.accepted]).toEqual([2, expect.stringContaining('(version 2)')])
  expect((await get(`${contest.path}/rules?version=1`)).status).toBe(200)
})

test('who may: an editor prepares and looks, and does not open, choose or close; a stranger sees nothing of it', async () => {
  const contest = await openContest()
  const editor = await signedIn(platform, { artistIds: [ana.artistId], role: 'editor' })
  const stranger = await signedIn(platform)
  expect((await get(`${contest.studio}/entries`, editor)).status).toBe(200)
  expect(
    (await post(`${contest.studio}/close`, { follow: 'none', followWords: 'None, because I say so.' }, editor)).status,
  ).toBe(404)
  expect((await get(contest.studio, stranger)).status).toBe(404)
})

test('its page is passed on by a link of one’s own, and a draft’s is not', async () => {
  const { id, path } = await openContest()
  const subject = `operation:${id}`
  const html = await page(path)
  expect(html).toContain(`data-subject="${subject}"`)
  expect(html).toContain(`name="subject" value="${subject}"`)
  const browser = {
    headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
  }
  const { to } = await post('/share', { subject }, browser)
  const code = /^\/s\/(\w+)\/pass/.exec(to)?.[1]
  expect((await get(`/s/${code}`)).headers.get('location')).toBe(`${path}?via=s.${code}`)
  await platform.db.updateTable('operations').set({ state: 'draft' }).where('id', '=', id).execute()
  expect((await post('/share', { subject }, browser)).status).toBe(404)
})
