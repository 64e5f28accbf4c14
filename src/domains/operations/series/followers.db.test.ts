import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenRelease, givenSeller, type TestPlatform, testPlatform, workOff } from '../../../testing/index.ts'
import { leaveLink } from '../../fans/index.ts'
import { addProvider } from '../../reach/index.ts'
import { endLate } from './end-late.ts'
import { giveDue } from './give-series.ts'
import { DAY, openStudio, type Studio } from './series.fixtures.ts'
import { followersOf } from './series.views.ts'

let platform: TestPlatform
let studio: Studio
beforeAll(async () => {
  platform = await testPlatform()
  studio = await openStudio(platform)
}, 60_000)
afterAll(() => platform.close())

const FOLLOW = '/follow/ana-marsh?lang=en'
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  studio.post(path, fields, { headers })
const settle = () => workOff(platform, ['fans.asked', 'reach.leave', 'operations.tell'])

/** What left for an address, or would have: its own words, or the title of an announcement. */
async function mailsTo(mail: string) {
  await settle()
  const { rows } = await platform.pool.query<{ subject: string; text: string }>(
    `select coalesce(d.message->>'subject', t.title) as subject, coalesce(d.message->>'text', t.body) as text
     from deliveries d left join announcement_texts t on t.announcement_id = d.announcement_id and t.language = d.language
     where d.address = $1 and d.state <> 'suppressed' order by d.id`,
    [mail],
  )
  return rows
}
const lastLink = async (mail: string) => {
  const link = /http:\/\/\S+/.exec((await mailsTo(mail)).at(-1)?.text ?? '')?.[0]
  return link ? new URL(link).pathname : ''
}
const followsOf = (id: string) => ({ follows: `operation:${id}`, subject: `operation:${id}` })
async function join(mail: string, more: Record<string, string> = {}) {
  expect((await post(FOLLOW, { mail, ...more })).status).toBe(200)
  expect((await post(await lastLink(mail), {})).status).toBe(303)
}
const wordsTo = async (mail: string) => (await mailsTo(mail)).map(({ subject }) => subject)

test('who asked to be told each time is told of each, once whatever dies, stops by a press, and hears how it ended', async () => {
  const { openSeries, page } = studio
  const series = await openSeries(['One', 'Two', 'Three', 'Four'])
  const { html } = await page(`${series.path}?lang=en`)
  expect(html).toContain(`name="follows" value="operation:${series.id}"`)

  // A fan of the artist who did not ask for it, one who joins for it, and one who asks when they were told already.
  await join('fan@fans.example')
  await join('lea@fans.example', followsOf(series.id))
  await join('max@fans.example')
  expect((await post(FOLLOW, { mail: 'max@fans.example', ...followsOf(series.id) })).status).toBe(200)
  expect((await mailsTo('max@fans.example')).at(-1)?.subject).toContain('one click to be told each time')
  // Whoever typed it changed nothing yet.
  expect(await followersOf(platform.db, series.id)).toBe(1)
  const link = await lastLink('max@fans.example')
  expect((await page(`${link}?lang=en`)).html).toContain('each time “Songs 1” gives something')
  await post(link, {})
  await post(link, {})
  expect(await followersOf(platform.db, series.id)).toBe(2)
  const { rows: log } = await platform.pool.query(
    `select event from consents c join fan_addresses a on a.id = c.address_id where a.address = 'max@fans.example' order by at`,
  )
  expect(log.map(({ event }) => event)).toEqual(['asked', 'confirmed', 'changed'])

  // The notice is part of what writes down that it is given: dead before that, nobody was told, and everybody once after.
  await platform.pool.query(`
    create function die_late() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$;
    create trigger die_late before insert on announcement_texts for each row execute function die_late()`)
  series.toHour(1)
  await expect(giveDue(platform)).rejects.toThrow('killed')
  await platform.pool.query('drop trigger die_late on announcement_texts')
  await Promise.all([giveDue(platform), giveDue(platform), giveDue(platform)])
  const told = 'Songs 1, no. 1: One'
  expect((await wordsTo('lea@fans.example')).filter((subject) => subject === told)).toHaveLength(1)
  expect((await wordsTo('max@fans.example')).filter((subject) => subject === told)).toHaveLength(1)
  expect(await wordsTo('fan@fans.example')).not.toContain(told)
  // What comes back of it answers what was given.
  const { rows: gifts } = await platform.pool.query(
    `select g.kind, t.subject from announcements a join gifts g on g.id = a.gift_id join announcement_things t on t.announcement_id = a.id
     join series_items i on i.announcement_id = a.id and t.subject = 'post:' || i.post_id`,
  )
  expect(gifts).toMatchObject([{ kind: 'announcement' }])

  // Lea stops it by the link of any mail; Ana still writes to her.
  const { rows: leave } = await platform.pool.query<{ id: string }>(
    `select s.id from subscriptions s join fan_addresses a on a.id = s.address_id where a.address = 'lea@fans.example'`,
  )
  const leaving = new URL(leaveLink(platform, leave[0]?.id ?? '')).pathname
  expect((await page(`${leaving}?lang=en`)).html).toContain('No more of “Songs 1”')
  const stopped = await post(`${leaving}/each?lang=en`, { subject: `operation:${series.id}` })
  expect((await page(stopped.to)).html).toContain('lea@fans.example gets no mail for each of “Songs 1” any more.')
  series.toHour(2)
  await giveDue(platform)
  expect(await wordsTo('lea@fans.example')).not.toContain('Songs 1, no. 2: Two')
  expect(await wordsTo('max@fans.example')).toContain('Songs 1, no. 2: Two')

  // All fans, with the artist's own words; then nobody.
  const each = `${series.studio}/each`
  expect((await studio.post(each, { notice: 'everyone', noticeWords: '', price: '' })).status).toBe(422)
  await studio.post(each, { notice: 'fans', noticeWords: 'Here it is, {name}.', price: '' })
  series.toHour(3)
  await giveDue(platform)
  for (const mail of ['fan@fans.example', 'lea@fans.example', 'max@fans.example'])
    expect((await mailsTo(mail)).at(-1)).toMatchObject({
      subject: 'Songs 1, no. 3: Three',
      text: 'Here it is, {name}.',
    })
  await studio.post(each, { notice: 'none', noticeWords: '', price: '' })
  series.toHour(4)
  await giveDue(platform)
  expect((await wordsTo('max@fans.example')).at(-1)).toBe('Songs 1, no. 3: Three')

  // Who wants to hear nothing for a while hears nothing of the end either.
  await join('pia@fans.example', followsOf(series.id))
  await platform.pool.query(
    `update subscriptions set paused_until = $1 where address_id in (select id from fan_addresses where address = 'pia@fans.example')`,
    [new Date(platform.now().getTime() + 30 * DAY)],
  )
  const closing = {
    thanks: 'Thank you for four weeks.',
    follow: 'next',
    followWords: 'A record of all of it, in spring.',
  }
  expect((await page(`${series.studio}/close?lang=en`, studio.owner)).html).toContain(
    '2 people asked to be told each time',
  )
  await post(FOLLOW, { mail: 'zoe@fans.example', ...followsOf(series.id) })
  expect((await studio.post(`${series.studio}/close`, closing)).to).toContain('done=closed')
  const end = (await mailsTo('max@fans.example')).at(-1)
  expect(end?.subject).toBe('“Songs 1” has ended')
  for (const said of ['Thank you for four weeks.', 'A record of all of it, in spring.', series.path])
    expect(end?.text).toContain(said)
  expect((await wordsTo('lea@fans.example')).at(-1)).toBe('Songs 1, no. 3: Three')
  expect(await wordsTo('pia@fans.example')).not.toContain('“Songs 1” has ended')
  expect(await followersOf(platform.db, series.id)).toBe(0)

  // An old mail is opened after it: the yes is kept for a day, and leads to nothing.
  await post(await lastLink('zoe@fans.example'), {})
  expect(await followersOf(platform.db, series.id)).toBe(1)
  platform.pass(2 * DAY)
  await endLate(platform)
  expect(await followersOf(platform.db, series.id)).toBe(0)
  // Of what is over nobody can ask to be told.
  await join('kim@fans.example', followsOf(series.id))
  expect(await followersOf(platform.db, series.id)).toBe(0)
})

test('each is told in their language, and by text message who chose that, once the artist says so', async () => {
  const { db, pool, sealer } = platform
  const { openSeries, page, owner, ana } = studio
  const series = await openSeries(['Six', 'Seven', 'Eight'], { language: 'fr' })
  const each = `${series.studio}/each?lang=en`
  for (const mail of ['jo@fans.example', 'cleo@fans.example', 'paul@fans.example'])
    await join(mail, followsOf(series.id))
  await pool.query(`
    update fans set language = 'fr' where id in (select fan_id from fan_addresses where address = 'cleo@fans.example');
    update fans set language = 'en' where id in (select fan_id from fan_addresses where address in ('jo@fans.example', 'paul@fans.example'))`)
  // Paul is told by text message as well; Rita by that alone, and she asked for nothing each time.
  const texted = async (fan: string, phone: string) =>
    pool.query(
      `with fan as (${fan}),
       address as (insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash)
         select gen_random_uuid(), id, 'sms', $2, $2, md5($2) from fan returning id, fan_id)
       insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at)
       select gen_random_uuid(), fan_id, id, $1, 'sms', 'active', now(), now() from address`,
      [ana.artistId, phone],
    )
  await texted(`select fan_id as id from fan_addresses where address = 'paul@fans.example'`, '+33612000001')
  await texted(
    `insert into fans (id, person_id) values (gen_random_uuid(), gen_random_uuid()) returning id`,
    '+33612000002',
  )

  expect((await page(each, owner)).html).toContain('no network carries yours yet')
  const settings = { host: '127.0.0.1', port: 9, systemId: 'x', from: '+33700000000' }
  await addProvider(db, sealer, {
    ...{ artistId: ana.artistId, channel: 'sms', kind: 'smpp', name: 'The network', settings, secrets: {} },
  })
  const form = (await page(each, owner)).html
  expect(form).toContain('By text message as well, to those who chose that')
  expect(form).toContain('The same in English')
  const told = async (title: string) => {
    await settle()
    const { rows } = await pool.query<{ address: string; channel: string; title: string; body: string }>(
      `select d.address, d.channel, t.title, t.body from deliveries d
       join announcement_texts t on t.announcement_id = d.announcement_id and t.language = d.language
       where t.title like '%' || $1 order by d.address`,
      [title],
    )
    return rows
  }

  await studio.post(each, { notice: 'followers', noticeWords: 'La voici.', noticeWordsOther: '', price: '' })
  series.toHour(1)
  await giveDue(platform)
  const [french, english] = [
    { title: `${series.title}, n°\u00a01\u00a0: Six`, body: 'La voici.' },
    { title: `${series.title}, no. 1: Six`, body: 'La voici.' },
  ]
  expect(await told('Six')).toEqual([
    { address: 'cleo@fans.example', channel: 'mail', ...french },
    { address: 'jo@fans.example', channel: 'mail', ...english },
    { address: 'paul@fans.example', channel: 'mail', ...english },
  ])

  const words = { notice: 'followers', noticeWords: 'La voici.', noticeWordsOther: 'Here it is.', price: '' }
  await studio.post(each, { ...words, noticeTexts: 'on' })
  expect((await page(each, owner)).html).toMatch(/name="noticeTexts"[^>]*checked/)
  series.toHour(2)
  await giveDue(platform)
  const other = { title: `${series.title}, no. 2: Seven`, body: 'Here it is.' }
  expect(await told('Seven')).toEqual([
    { address: '+33612000001', channel: 'sms', ...other },
    {
      address: 'cleo@fans.example',
      channel: 'mail',
      title: `${series.title}, n°\u00a02\u00a0: Seven`,
      body: 'La voici.',
    },
    { address: 'jo@fans.example', channel: 'mail', ...other },
    { address: 'paul@fans.example', channel: 'mail', ...other },
  ])

  // The network went: no text message waits for another, to leave on that day for nothing.
  await pool.query(`update providers set is_enabled = false where artist_id = $1 and channel = 'sms'`, [ana.artistId])
  expect((await page(each, owner)).html).toContain('no network carries yours yet')
  series.toHour(3)
  await giveDue(platform)
  expect((await told('Eight')).map(({ channel }) => channel)).toEqual(['mail', 'mail', 'mail'])
})

test('the end is told by each way by which each came, once, in the reader’s language, whatever dies; nothing where it is not wanted', async () => {
  const { db, pool, sealer } = platform
  const { openSeries, ana } = studio
  const series = await openSeries(['Nine'])
  const each = `${series.studio}/each?lang=en`
  const names = ['mel', 'pam', 'sue', 'ned', 'bob', 'two']
  const mailOf = (name: string) => `${name}@end.example`
  for (const name of names) await join(mailOf(name), followsOf(series.id))
  const fanOf = async (name: string) =>
    (await pool.query<{ id: string }>('select fan_id as id from fan_addresses where address = $1', [mailOf(name)]))
      .rows[0]?.id ?? ''
  let made = 0
  const told = async (name: string, channel: 'mail' | 'push' | 'sms', address: string) =>
    pool.query(
      `with a as (insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash, keys)
         select gen_random_uuid(), $1, $2, $3, $3, md5($3), case when $2 = 'push' then '{"p256dh":"x","auth":"y"}'::jsonb end returning id, fan_id)
       insert into subscriptions (id, fan_id, address_id, artist_id, channel, state, asked_at, joined_at)
       select gen_random_uuid(), fan_id, id, $4, $2, 'active', now(), now() + make_interval(secs => $5) from a`,
      [await fanOf(name), channel, address, ana.artistId, ++made],
    )
  // Mel by mail alone; Pam by a notification besides; Sue by text message; Ned by a notification while his mail rests; Bob’s mail came back; two addresses are one person.
  await told('pam', 'push', 'https://push.example/pam')
  await told('sue', 'sms', '+33612000011')
  await told('ned', 'push', 'https://push.example/ned')
  await told('bob', 'push', 'https://push.example/bob')
  await told('two', 'mail', 'second@end.example')
  const inFrench = [await fanOf('mel'), await fanOf('pam'), await fanOf('sue')]
  await pool.query(`update fans set language = case when id = any($1) then 'fr' else 'en' end`, [inFrench])
  const later = new Date(platform.now().getTime() + 90 * DAY)
  await pool.query(
    `update subscriptions set paused_until = $2 where address_id = (select id from fan_addresses where address = $1)`,
    [mailOf('ned'), later],
  )
  await pool.query(
    `insert into suppressions (channel, address_hash, reason, at) select 'mail', address_hash, 'hard-bounce', now() from fan_addresses where address = $1`,
    [mailOf('bob')],
  )
  const settings = { host: '127.0.0.1', port: 9, systemId: 'x', from: '+33700000000' }
  await addProvider(db, sealer, {
    ...{ artistId: ana.artistId, channel: 'sms', kind: 'smpp', name: 'Another network', settings, secrets: {} },
  })
  await studio.post(each, { notice: 'followers', noticeWords: 'Here.', price: '', noticeTexts: 'on' })
  series.toHour(1)
  await giveDue(platform)
  await settle()
  const ways = async (what: string) =>
    (
      await pool.query<{ address: string; channel: string }>(
        `select d.address, d.channel from deliveries d left join series_items i on i.announcement_id = d.announcement_id
         where d.state in ('queued', 'held') and (${what}) order by d.channel, d.address`,
        [series.id],
      )
    ).rows
  const byEach = await ways('i.operation_id = $1')

  const tides = await givenRelease(platform, { artist: 'Ana Marsh', title: 'For you all' })
  const gift = `release:${tides.releaseId}`
  const closing = { thanks: 'Merci à tous.', gift, follow: 'next', followWords: 'A record, in spring.' }
  // It dies in the middle of telling, and is told again; then the job comes a second time all the same.
  await pool.query(`
    create function die_telling() returns trigger language plpgsql as $$ begin
      if new.once like 'operation-end:%' and new.channel = 'sms' then raise exception 'killed'; end if; return new; end $$;
    create trigger die_telling before insert on deliveries for each row execute function die_telling()`)
  expect((await studio.post(`${series.studio}/close`, closing)).to).toContain('done=closed')
  const tell = () => workOff(platform, ['operations.tell'])
  await expect(tell()).rejects.toThrow('killed')
  await pool.query('drop trigger die_telling on deliveries')
  await Promise.all([tell(), tell(), tell()])
  await settle()
  const { rows: ends } = await pool.query<{
    address: string
    channel: string
    language: string
    subject: string | null
    text: string
    href: string | null
    due: Date
    until: Date | null
  }>(
    `select address, channel, language, message->>'subject' as subject, message->>'text' as text, message->>'href' as href, due_at as due, not_after as until
     from deliveries where once like 'operation-end:' || $1 || ':%' order by channel, address`,
    [series.id],
  )
  expect(ends.map(({ address, channel, language }) => [channel, address, language])).toEqual([
    ['mail', 'mel@end.example', 'fr'],
    ['mail', 'pam@end.example', 'fr'],
    ['mail', 'sue@end.example', 'fr'],
    ['mail', expect.stringMatching(/^(?:two|second)@end\.example$/), 'en'],
    ['push', 'https://push.example/bob', 'en'],
    ['push', 'https://push.example/ned', 'en'],
    ['push', 'https://push.example/pam', 'fr'],
    ['sms', '+33612000011', 'fr'],
  ])
  // The same ways by which each came, but that somebody with two mail addresses gets one mail of it.
  const without = (rows: { address: string }[]) =>
    rows.map(({ address }) => address).filter((a) => !/^(two|second)@/.test(a))
  expect(without(ends).sort()).toEqual(without(byEach).sort())
  const of = (address: string) => ends.find((end) => end.address === address)
  const [title, link] = [series.title, `http://ritornello.test${series.path}`]
  expect(of('https://push.example/pam')).toMatchObject({
    ...{ subject: `«\u00a0${title}\u00a0», c’est fini`, text: 'Merci à tous.\n\nA record, in spring.', href: link },
  })
  // Who gets no mail of it finds what is given behind the notification, as theirs by the mail address that they proved.
  const ned = of('https://push.example/ned')
  expect(ned).toMatchObject({ subject: `“${title}” has ended`, href: expect.stringContaining('/take/link/') })
  expect((await studio.page(new URL(ned?.href ?? '').pathname)).html).toContain('For you all')
  expect(of(mailOf('mel'))?.text).toContain('/take/link/')
  const text = of('+33612000011')
  expect(text?.text).toContain(link)
  expect(text?.text).toMatch(/^Ana Marsh\s: .*c'est fini\..*STOP$/)
  // It leaves within the hours of France alone.
  expect(text?.until?.getTime()).toBeGreaterThan(text?.due.getTime() ?? 0)
  await pool.query(`update providers set is_enabled = false where artist_id = $1 and channel = 'sms'`, [ana.artistId])
})

test('whom this browser is known to be follows and stops by one press; who left the artist is told nothing', async () => {
  const { openSeries, app } = studio
  const series = await openSeries(['Five'])
  const mail = 'ida@fans.example'
  await post(FOLLOW, { mail, ...followsOf(series.id) })
  const path = await lastLink(mail)
  const answer = await app.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    body: '',
  })
  const cookie = answer.headers.get('set-cookie')?.match(/takes-part=[^;]+/)?.[0] ?? ''
  const seen = async () => (await studio.page(`${series.path}?lang=en`, { headers: { cookie } })).html
  expect(await seen()).toContain('You are told each time, by mail.')
  const press = (step: string) => post(`${series.path}/follow?lang=en`, { step }, { cookie })
  expect((await press('stop')).to).toContain('done=stopped')
  expect(await seen()).toContain('Would you like to be told each time as well?')
  await press('follow')
  await press('follow')
  expect(await followersOf(platform.db, series.id)).toBe(1)
  // Without the cookie it asks for an address, and does nothing.
  expect((await post(`${series.path}/follow`, { step: 'stop' })).to).toContain('#follow')
  expect(await followersOf(platform.db, series.id)).toBe(1)

  await platform.pool.query(
    `update subscriptions set state = 'left' where id in (select subscription_id from followings)`,
  )
  series.toHour(1)
  await giveDue(platform)
  expect(await wordsTo(mail)).toHaveLength(1)
})

test('what is given is in the shop at its price, once; words are never sold', async () => {
  const { openSeries, lay, owner, ana } = studio
  const series = await openSeries(['Words alone'])
  await lay(series.studio, `release:${ana.releaseId}`)
  expect((await studio.page(`${series.studio}/each?lang=en`, owner)).html).toContain('first say who sells')
  await givenSeller(platform.db, { artistId: ana.artistId })
  const each = (price: string) =>
    studio.post(`${series.studio}/each?lang=en`, { notice: 'none', noticeWords: '', price })
  for (const wrong of ['0', 'a lot', '-1']) expect((await each(wrong)).html).toContain('An amount above zero')
  await each('1,50')
  for (const number of [1, 2]) {
    series.toHour(number)
    await Promise.all([giveDue(platform), giveDue(platform)])
  }
  await giveDue(platform)
  const { rows } = await platform.pool.query(
    `select p.title, p.state, p.price, p.kind, p.subject from products p join series_items i on i.product_id = p.id`,
  )
  expect(rows).toEqual([
    { title: 'Tides', state: 'offered', price: 150, kind: 'download', subject: `release:${ana.releaseId}` },
  ])
  expect((await studio.page('/ana-marsh/shop?lang=en')).html).toContain('Tides')
})
