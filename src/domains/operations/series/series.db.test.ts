import { afterAll, beforeAll, expect, test } from 'vitest'
import { type GivenRelease, type SignedIn, signedIn, type TestPlatform, testPlatform } from '../../../testing/index.ts'
import { givePostToMembers } from '../../journal/index.ts'
import { giveDue, giveNext, mendNext } from './give-series.ts'
import { DAY, openStudio, type Studio } from './series.fixtures.ts'
import { itemsOf, runningLow, seriesById } from './series.views.ts'

let platform: TestPlatform
let ana: GivenRelease
let owner: SignedIn
let page: Studio['page']
let post: Studio['post']
let draft: Studio['draft']
let lay: Studio['lay']
let openSeries: Studio['openSeries']
beforeAll(async () => {
  platform = await testPlatform()
  ;({ ana, owner, page, post, draft, lay, openSeries } = await openStudio(platform))
}, 60_000)
afterAll(() => platform.close())

const publicTitles = async (titles: string[]) =>
  (
    await platform.pool.query<{ title: string }>(
      `select title from posts where visibility = 'public' and title = any($1) order by published_at, title`,
      [titles],
    )
  ).rows.map(({ title }) => title)

test('a series gives one thing at each hour, says a hole where nothing was laid in, and warns before', async () => {
  const series = await openSeries(['Monday', 'Tuesday'])
  await lay(series.studio, `release:${ana.releaseId}`)
  await giveDue(platform)
  expect(await series.given()).toEqual([])

  // The second goes before the first, by its button.
  const { laid } = await itemsOf(platform.db, series.id, platform.now())
  expect((await post(`${series.studio}/order`, { move: `${laid[1]?.id}:up` })).status).toBe(303)
  series.toHour(1, -1000)
  await giveDue(platform)
  expect(await series.given()).toEqual([])
  series.toHour(1)
  await giveDue(platform)
  await giveDue(platform)
  expect(await series.given()).toEqual([[1, 'Tuesday']])
  expect(await publicTitles(['Monday', 'Tuesday'])).toEqual(['Tuesday'])

  expect(await runningLow(platform.db, ana.artistId, platform.now())).toEqual([])
  series.toHour(2)
  await giveDue(platform)
  const [low] = await runningLow(platform.db, ana.artistId, platform.now())
  expect(low).toMatchObject({ id: series.id, ready: 1 })
  expect((await page('/studio?lang=en', owner)).html).toContain('one thing is ready, and nothing after it')
  series.toHour(3)
  await giveDue(platform)
  expect(await series.given()).toEqual([
    [1, 'Tuesday'],
    [2, 'Monday'],
    [3, 'Tides'],
  ])
  expect((await series.standing()).streak).toBe(3)

  // Nothing is there for the fourth; what is laid in afterwards waits for the fifth, though the job comes late.
  series.toHour(4)
  await lay(series.studio, `post:${await draft('Friday')}`)
  await giveDue(platform)
  series.toHour(4, DAY + 1000)
  expect((await series.standing()).streak).toBe(0)
  series.toHour(5)
  await giveDue(platform)
  expect((await series.given()).slice(3)).toEqual([[5, 'Friday']])
  expect((await series.standing()).streak).toBe(1)

  const { html } = await page(`${series.path}?lang=en`)
  expect(html).toContain('Nothing came.')
  expect(html.indexOf('>Tuesday<')).toBeLessThan(html.indexOf('>Tides<'))
  expect(html).toContain('/follow/ana-marsh')

  // It is closed with what follows it, or not at all.
  expect((await post(`${series.studio}/close`, { follow: 'next', followWords: 'Soon' })).status).toBe(422)
  await lay(series.studio, `post:${await draft('Left over')}`)
  const closing = { follow: 'next', followWords: 'A record of all of it, in spring.' }
  expect((await post(`${series.studio}/close`, closing)).to).toContain('done=closed')
  series.toHour(7)
  await giveDue(platform)
  expect(await publicTitles(['Left over'])).toEqual([])
  const after = (await page(`${series.path}?lang=en`)).html
  expect(after).toContain('A record of all of it, in spring.')
  expect(after.match(/Nothing came\./g)).toHaveLength(1)
})

test('killed between publishing and writing it down, it publishes once and goes on with the same', async () => {
  const series = await openSeries(['Once', 'Later', 'Last'])
  await platform.pool.query(`
    create function die() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$;
    create trigger die before update of given_at on series_items for each row when (new.given_at is not null) execute function die()`)
  series.toHour(1)
  await expect(giveDue(platform)).rejects.toThrow('killed')
  expect([await series.given(), await publicTitles(['Once', 'Later'])]).toEqual([[], ['Once']])
  // Nothing ran for three weeks after it.
  series.toHour(3, DAY)
  await platform.pool.query('drop trigger die on series_items')
  await Promise.all([giveDue(platform), giveDue(platform), giveDue(platform)])
  expect([await series.given(), await publicTitles(['Once', 'Later'])]).toEqual([[[1, 'Once']], ['Once']])
  const { rows } = await platform.pool.query(
    `select count(*)::int as n from gifts g join posts p on g.subject = 'post:' || p.id where p.title = 'Once'`,
  )
  expect(rows[0].n).toBe(1)
  series.toHour(4)
  await Promise.all([giveDue(platform), giveDue(platform), giveDue(platform)])
  expect(await publicTitles(['Once', 'Later', 'Last'])).toEqual(['Once', 'Later'])
})

test('what is overdue is made up for once, and said to be late; a clock that ran ahead is mended', async () => {
  const series = await openSeries(['One', 'Two', 'Three'])
  series.toHour(3, 2 * DAY)
  await giveDue(platform)
  await giveDue(platform)
  expect(await series.given()).toEqual([[3, 'One']])
  expect(await series.standing()).toMatchObject({ streak: 0, next: { number: 4 } })
  const { html } = await page(`${series.path}?lang=en`)
  expect(html.match(/Nothing came\./g)).toHaveLength(2)
  expect(html).toContain('late, on')

  // A year ahead it gives one, and back again it keeps its hours.
  const now = platform.now
  platform.now = () => new Date(now().getTime() + 364 * DAY)
  await giveDue(platform)
  platform.now = now
  expect((await series.given()).map(([, title]) => title)).toEqual(['One', 'Two'])
  await mendNext(platform)
  series.toHour(4)
  await giveDue(platform)
  expect((await series.given())[1]).toEqual([4, 'Three'])
})

test('what cannot be published leaves its place free and says why; made ready, it is given by a press', async () => {
  const series = await openSeries([], { count: '2' })
  const empty = await draft('Blank', '')
  await lay(series.studio, `post:${empty}`)
  series.toHour(1)
  await giveDue(platform)
  expect(await series.given()).toEqual([])
  const { html } = await page(`${series.studio}?lang=en`, owner)
  expect(html).toContain('nothing is written in it yet')
  expect(html).toContain('it could not be published when its hour came')
  expect((await post(`${series.studio}/give`, {})).status).toBe(422)
  await platform.db.updateTable('posts').set({ body: 'Now.' }).where('id', '=', empty).execute()
  expect((await post(`${series.studio}/give`, {})).to).toContain('done=given')
  expect(await series.given()).toEqual([[1, 'Blank']])
  expect((await series.standing()).streak).toBe(1)
  expect(await giveNext(platform, { operationId: series.id, asked: { by: owner.accountId } })).toBe(false)
})

test('what was given to members since it was laid in is not given to everybody; the next one takes its hour', async () => {
  const series = await openSeries(['Inside', 'Outside'])
  const { laid } = await itemsOf(platform.db, series.id, platform.now())
  const postId = laid[0]?.of ?? ''
  await givePostToMembers(platform, { postId, by: null, plans: [], listed: true, teaser: '' })
  expect((await page(`${series.studio}?lang=en`, owner)).html).toContain('it is for members')
  expect((await series.standing()).ready).toBe(1)
  series.toHour(1)
  await giveDue(platform)
  expect(await series.given()).toEqual([[1, 'Outside']])
  series.toHour(2)
  await giveDue(platform)
  await giveNext(platform, { operationId: series.id, asked: { by: owner.accountId } })
  expect(await publicTitles(['Inside'])).toEqual([])
  // Begun before a crash, and given to members meanwhile.
  await platform.pool.query('update series_items set number = 2, claimed_at = $2 where post_id = $1', [
    postId,
    platform.now(),
  ])
  await giveDue(platform)
  expect(await publicTitles(['Inside'])).toEqual([])
  expect(await series.given()).toEqual([[1, 'Outside']])
})

test('bad input keeps what was typed, a draft is in one series alone, and nobody else gets in', async () => {
  const bad = { title: 'Kept', words: '', language: 'en', unit: 'week', every: '0', firstDay: 'soon', hour: '99' }
  const refused = await post('/studio/series/new?lang=en', { ...bad, zone: 'Mars/Olympus', count: '1000' })
  expect(refused.status).toBe(422)
  for (const said of [
    'value="Kept"',
    'A whole number of 1 to 12.',
    'Choose a day.',
    'Say a time',
    'A whole number of 1 to 520',
  ])
    expect(refused.html).toContain(said)

  const series = await openSeries(['Mine'])
  const { rows } = await platform.pool.query(`select post_id as id from series_items where operation_id = $1`, [
    series.id,
  ])
  const again = await post(`${series.studio}/lay-in?lang=en`, { draft: `post:${rows[0].id}` })
  expect([again.status, again.html.includes('laid in already')]).toEqual([422, true])

  const stranger = await signedIn(platform, { artistIds: [] })
  await platform.pool.query(`update sessions set expires_at = now() + interval '9 years'`)
  for (const path of ['', '/close'])
    expect((await page(series.studio + path, stranger)).status).toBeGreaterThanOrEqual(403)
  for (const path of ['', '/open', '/remove', '/lay-in', '/order', '/give', '/close'])
    expect((await post(series.studio + path, {}, stranger)).status).toBeGreaterThanOrEqual(403)
  // A late change may make it shorter, but not shorter than what was due.
  series.toHour(3)
  const words = { title: 'Songs', words: '', language: 'en' }
  expect((await post(series.studio, { ...words, count: '2' })).status).toBe(422)
  expect((await post(series.studio, { ...words, count: '3', every: '5' })).status).toBe(303)
  expect(await seriesById(platform.db, series.id)).toMatchObject({ count: 3, every: 1 })
})
