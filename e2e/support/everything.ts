import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { tone } from '../../src/testing/tone.ts'
import { HARBOUR, sleeve } from './album.ts'
import type { Label } from './label.ts'
import { openMailServer } from './mail-server.ts'
import { OWNER } from './owner.ts'
import { runCommand } from './program.ts'
import { databaseIn, query } from './servers.ts'

type Session = Label['session']
/** Where a visitor goes, and where the owner does. */
type Paths = { visitor: string[]; owner: string[] }
type Fields = Record<string, string | Blob>

/**
 * Brings one of everything into the label that a page can be about, so that links lead to each page and none is empty.
 * @returns the addresses to set out from: those that no other page links to are among them
 */
export async function bringEverything(label: Label): Promise<Paths> {
  const { url, session } = label
  await label.bring(
    { artist: HARBOUR.artist, title: 'Walked', date: '2020', genre: 'Folk', tracks: [{ title: 'One', seconds: 2 }] },
    'draft',
  )
  const visitor = by(url)
  const owner = by(url, session)

  await owner.send('/studio/labels/new', { name: 'Fern Records', language: 'en', who: 'me' })
  const artist = await owner.sentOnTo('/studio/artist?desk=ana-marsh')
  const fern = await owner.sentOnTo('/studio/label?desk=fern-records')
  const labelId = new URL(fern, url).pathname.split('/').at(-1) ?? ''
  await owner.send(`${artist}/people/mandates`, { labelId, permissions: 'music.edit', lastDay: '2099-12-31' })
  const asked = { artist: 'ana-marsh', lastDay: '2099-12-31', message: 'For the winter record.' }
  await owner.send(`${fern}/ask`, { ...asked, permissions: 'music.edit' })
  await owner.send(`${artist}/people/invite`, { email: 'new@example.org', role: 'editor', language: 'en' })

  // One that was deleted, and can be brought back.
  await owner.send('/studio/artists/new', { name: 'Passing', language: 'en', who: 'me' })
  const passing = await owner.sentOnTo('/studio/artist?desk=passing')
  await owner.send(`${passing}/remove`, { name: 'Passing' })

  // Somebody with a page of their own, who invites the owner.
  const before = label.output().length
  await owner.send('/studio/artists/new', { name: 'Noé', language: 'en', who: 'mail', email: 'noe@example.org' })
  const [, toNoe = ''] = await label.printed(/Mail to noe@[^/]*http:[^\s]*?(\/studio\/enter\/\S+)/, before)
  const noe = by(url, await visitor.enter(toNoe, { name: 'Noé', email: 'noe@example.org', language: 'en' }))
  const theirs = await noe.sentOnTo('/studio/artist')
  await noe.send(`${theirs}/people/invite`, { email: OWNER.email, role: 'editor', language: 'en' })
  const invitation = (await noe.page(`${theirs}/people`)).match(/\/invitations\/([0-9a-f-]{36})\/send/)?.[1]

  // Music on its way: one that still comes, one that was read.
  const music = (await owner.page('/studio/music?desk=ana-marsh')).match(/\/studio\/music\/[0-9a-f-]{36}/)?.[0] ?? ''
  await owner.send(`${music}/access/unlist`, {})
  const { pathname } = new URL(artist, url)
  const whose = `/studio/music/new?artist=${pathname.split('/').at(-1)}`
  const sound = { files: new File([tone({ seconds: 1 }) as Uint8Array<ArrayBuffer>], '01 Low Tide.wav') }
  const coming = await owner.send(whose, sound)
  const read = await owner.send(whose, sound)
  await owner.send(`${read}/done`, {})

  await visitor.send('/report', { url: label.harbour.url, reason: 'other', message: 'It is too quiet.' })
  const post = await bringPost(label, owner, visitor)
  const letter = await bringLetter(owner, visitor)
  const fan = await bringFan(label, visitor)
  const given = await bringGiven(label, owner, visitor)
  const announced = await bringAnnouncements(label, owner)
  const audience = await bringAudience(owner)
  const written = await bringConversation(owner, visitor)
  const texts = await bringTexts(label, owner)
  const books = await bringBooks(label, owner)
  const shop = await bringShop(label, owner)
  const tasks = await bringTasks(owner)
  const contest = await bringContest(label, owner, visitor)
  const press = await bringPress(label, owner, visitor)
  const series = await bringSeries(label, owner, visitor)
  const mission = await bringMission(label, owner, visitor)
  const sequences = await bringSequences(label, owner)
  const { stdout } = await runCommand(['owner', OWNER.email], { DATA_DIR: label.dataDir })
  const wayIn = stdout.match(/\/studio\/enter\/\S+/)?.[0] ?? ''
  const track = (await owner.page(music)).match(/\/tracks\/([0-9a-f-]{36})/)?.[1]
  const [, release] = (await visitor.page(label.harbour.url)).match(/\/take\/release\/([0-9a-f-]{36})/) ?? []
  const shared = await passedOn(url, `release:${release}`)
  return {
    visitor: [
      '/',
      '/nowhere-at-all',
      '/passing',
      '/studio/sign-in',
      '/studio/enter/no-such-link',
      wayIn,
      '/search?q=harbour',
      '/search?q=zzz',
      '/visitor',
      `/take/release/${release}/flac?waiting=1`,
      `/embed/release/${release}`,
      `/share?of=release:${release}`,
      shared,
      shared.replace('/pass', ''),
      ...post.visitor,
      ...letter.visitor,
      ...fan,
      ...announced.visitor,
      audience.door,
      ...books.visitor,
      ...given.visitor,
      ...shop.visitor,
      ...contest.visitor,
      ...press.visitor,
      ...series.visitor,
      ...mission.visitor,
    ],
    owner: [
      '/studio?desk=ana-marsh',
      '/studio/welcome',
      `/studio/invitations/${invitation}`,
      coming,
      read,
      `/studio/music/tracks/${track}/sound`,
      '/studio/artist/theme',
      `${passing}/remove`,
      `${passing}/archive`,
      ...post.owner,
      ...announced.owner,
      ...audience.pages,
      ...written,
      ...texts,
      ...books.owner,
      ...given.owner,
      ...shop.owner,
      '/studio/label?desk=fern-records',
      `${fern}/ask`,
      ...tasks,
      ...contest.owner,
      ...press.owner,
      ...series.owner,
      ...mission.owner,
      ...sequences,
      '/fern-records',
      '/studio/fans?desk=fern-records',
      '/studio/fans/doors?desk=fern-records',
      '/studio/fans/lists?desk=fern-records',
      '/studio/parcels?desk=fern-records',
      ...letter.owner,
    ],
  }
}

/** The page of a link that somebody passes on: made for people alone, who come with a browser. */
async function passedOn(url: string, subject: string): Promise<string> {
  const answer = await fetch(`${url}/share`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url, 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
    body: new URLSearchParams({ subject }),
  })
  return new URL(answer.headers.get('location') ?? '/nobody-passed-it-on', url).pathname
}

/** A public post with a video, under which somebody wrote. */
async function bringPost(label: Label, owner: By, visitor: By): Promise<Paths> {
  await owner.page('/studio?desk=ana-marsh')
  const post = await owner.send('/studio/journal', {})
  const seen = (await owner.page(post)).match(/name="seen" value="([^"]+)"/)?.[1] ?? ''
  const body = 'It rained for a week, so we *played*.\n\nhttps://www.youtube.com/watch?v=dQw4w9WgXcQ'
  await owner.send(post, { seen, title: 'The kitchen', body, language: 'en', comments: 'on' })
  await owner.send(`${post}/access/publish`, {})
  const path = '/ana-marsh/journal/the-kitchen'
  const before = label.output().length
  await visitor.send(`${path}/comments`, { name: 'Zoé', text: 'A kettle?', mail: 'zoe@fans.example' })
  const [, theirs = ''] = await label.printed(/http:[^\s]*?(\/journal\/comments\/[^\s/]+\/\S+)/, before)
  const sent = `/journal/comments/sent?post=${post.split('/').at(-1)}&said=mail`
  return {
    visitor: [path, '/ana-marsh/journal', sent, theirs],
    owner: [post, `${post}/access`, `${post}/comments`, '/studio/journal/comments'],
  }
}

/** A post that is for members: what others see of it, and where that was said. */
async function bringInside(owner: By): Promise<{ teaser: string; access: string }> {
  const post = await owner.send('/studio/journal', {})
  const seen = (await owner.page(post)).match(/name="seen" value="([^"]+)"/)?.[1] ?? ''
  await owner.send(post, { seen, title: 'For those inside', body: 'The key is under the red pot.', language: 'en' })
  await owner.send(`${post}/access/members`, { listed: 'yes', teaser: 'Where we keep the key.' })
  return { teaser: '/ana-marsh/journal/for-those-inside', access: `${post}/access` }
}

/** A contest in which people vote, with an entry that is shown and one that waits, a juror, and one that is a draft. */
async function bringContest(label: Label, owner: By, visitor: By): Promise<Paths> {
  await owner.page('/studio?desk=ana-marsh')
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16)
  const dates = { entriesUntil: day(2), endsAt: day(4), zone: 'UTC' }
  const fields = { words: 'Draw it.', language: 'en', sort: 'words', release: '', jury: '40', most: '1', ...dates }
  const make = (title: string, sort = 'words') => owner.send('/studio/operations/new', { ...fields, title, sort })
  const [draft, open] = [await make('Words for a waltz'), await make('Words for a song')]
  await owner.send(`${open}/open`, {})
  await owner.send(`${open}/jury`, { name: 'Noé' })
  const path = '/ana-marsh/take-part/words-for-a-song'
  const links: string[] = []
  for (const name of ['Zoé', 'Max']) {
    const before = label.output().length
    const mail = `${name === 'Max' ? 'max' : 'zoe'}@fans.example`
    const said = { name, title: `By the quay, ${name}`, text: 'A lamp, a boat.', mail, accept: 'on', rules: '1' }
    await visitor.send(`${path}/entries`, said)
    const [, link = ''] = await label.printed(/http:[^\s]*?(\/contests\/entry\/\S+)/, before)
    await visitor.send(link, {})
    links.push(link)
  }
  const files = await bringFiles(label, owner, visitor, make)
  const entry = (await owner.page(`${open}/entries`)).match(/\/entries\/[0-9a-f-]{36}\/show/)?.[0] ?? ''
  await owner.send(open + entry, {})
  await query(databaseIn(label.dataDir), `update contests set entries_until = now() where operation_id = $1`, [
    open.split('/').at(-1),
  ])
  // Given some hours ago, so that how long it lasts can be drawn.
  const ago = `now() - interval '5 hours'`
  await query(databaseIn(label.dataDir), `select ensure_spine_partitions(${ago}, now())`, [])
  await query(databaseIn(label.dataDir), `update gifts set at = ${ago} where subject = 'operation:' || $1::text`, [
    open.split('/').at(-1),
  ])
  const before = label.output().length
  const [, id = ''] = entry.split('/entries/').map((part) => part.split('/')[0] ?? '')
  await visitor.send(`${path}/votes`, { entry: id, mail: 'noe@fans.example' })
  const [, ballot = ''] = await label.printed(/http:[^\s]*?(\/contests\/ballot\/\S+)/, before)
  const [, jury = ''] = (await owner.page(`${open}/jury`)).match(/value="http:[^"]*?(\/contests\/jury\/[^"]+)"/) ?? []
  const sent = `/contests/sent?contest=${open.split('/').at(-1)}&said=voted`
  const parts = ['', '/entries', '/jury', '/result', '/close']
  return {
    visitor: [path, `${path}/rules`, ...links, ballot, jury, sent, ...files.visitor],
    owner: [
      ...['/studio/operations?desk=ana-marsh', '/studio/operations/new', ...parts.map((part) => open + part), draft],
      ...files.owner,
    ],
  }
}

/** Contests of remixes and of films, each with one that is shown and one that does not play. */
async function bringFiles(
  label: Label,
  owner: By,
  visitor: By,
  make: (title: string, sort: string) => Promise<string>,
): Promise<Paths> {
  const film = readFileSync(new URL('../../src/testing/film.mp4', import.meta.url))
  const paths: Paths = { visitor: [], owner: [] }
  for (const [sort, title, slug, whole, broken] of [
    [
      'remix',
      'Turn it round',
      'turn-it-round',
      new File([tone({ seconds: 1 }) as Uint8Array<ArrayBuffer>], 'a.wav'),
      null,
    ],
    ['video', 'Film the quay', 'film-the-quay', new File([film], 'a.mp4'), new File([film.subarray(0, 900)], 'b.mp4')],
  ] as const) {
    const contest = await make(title, sort)
    await owner.send(`${contest}/open`, {})
    const path = `/ana-marsh/take-part/${slug}`
    for (const file of [whole, broken]) {
      if (!file) continue
      const before = label.output().length
      const mail = `${sort}-${file.name[0]}@fans.example`
      const said = {
        name: 'Zoé',
        title: `By the quay, ${file.name}`,
        text: '',
        alt: 'A lamp.',
        mail,
        accept: 'on',
        rules: '1',
      }
      await visitor.send(`${path}/entries`, { ...said, file })
      const [, link = ''] = await label.printed(/http:[^\s]*?(\/contests\/entry\/\S+)/, before)
      await visitor.send(link, {})
      paths.visitor.push(link)
    }
    const made = `select count(*)::int as n from entry_files where operation_id = $1 and state in ('waiting', 'preparing')`
    const waiting = async () => (await query(databaseIn(label.dataDir), made, [contest.split('/').at(-1)]))[0]?.['n']
    for (let tries = 0; (await waiting()) !== 0 && tries < 300; tries++) await sleep(100)
    const shown = (await owner.page(`${contest}/entries`)).match(/\/entries\/[0-9a-f-]{36}\/show/)?.[0] ?? ''
    await owner.send(contest + shown, {})
    paths.visitor.push(path, `${path}/rules`)
    paths.owner.push(contest, `${contest}/entries`)
  }
  return paths
}

/** A series with a hole, something given late, something laid in and what lacks; one that is a draft with nothing in it, and one that is closed. */
async function bringSeries(label: Label, owner: By, visitor: By): Promise<Paths> {
  await owner.page('/studio?desk=ana-marsh')
  const day = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
  const rhythm = { unit: 'week', every: '1', firstDay: day, hour: '18:00', zone: 'Europe/Paris', count: '' }
  const make = (title: string) =>
    owner.send('/studio/series/new', { title, words: 'One each week, until spring.', language: 'en', ...rhythm })
  const [open, draft, closed] = [
    await make('A song a week'),
    await make('A letter a week'),
    await make('A sketch a week'),
  ]
  for (const [title, body] of [
    ['First light', 'It begins.'],
    ['Second light', ''],
  ] as const) {
    const post = await owner.send('/studio/journal', {})
    const seen = (await owner.page(post)).match(/name="seen" value="([^"]+)"/)?.[1] ?? ''
    await owner.send(post, { seen, title, body, language: 'en', comments: '' })
    await owner.send(`${open}/lay-in`, { draft: `post:${post.split('/').at(-1)}` })
  }
  const planned = await owner.send('/studio/journal', {})
  const seen = (await owner.page(planned)).match(/name="seen" value="([^"]+)"/)?.[1] ?? ''
  await owner.send(planned, { seen, title: 'For the winter', body: 'It is cold.', language: 'en', comments: '' })
  await owner.send(`${planned}/access/schedule`, { at: `${day}T12:00`, zone: 'Europe/Paris' })
  for (const one of [open, closed]) await owner.send(`${one}/open`, {})
  await owner.send(`${closed}/close`, { follow: 'next', followWords: 'The sketches become a record.' })
  // It has gone on for three weeks.
  const first = new Date(Date.now() - 19 * 86_400_000).toISOString().slice(0, 10)
  await query(databaseIn(label.dataDir), `update series set first_day = $2 where operation_id = $1`, [
    open.split('/').at(-1),
    first,
  ])
  // One wants to be told each time, another has not said yes yet.
  const follows = `operation:${open.split('/').at(-1)}`
  const asked: string[] = []
  for (const mail of ['ida@fans.example', 'jon@fans.example']) {
    await visitor.send('/follow/ana-marsh', { mail, follows, subject: follows })
    asked.push(await confirmLinkFor(label, mail))
  }
  const [yes = ''] = asked
  await visitor.send(yes, {})
  const preferences = (await visitor.page(yes)).match(/\/fan\/[\w.-]+/)?.[0] ?? ''
  await owner.send(`${open}/give`, {})
  await owner.send(`${open}/each`, { notice: 'followers', noticeWords: 'Here it is, {name}.', price: '' })
  const each = [open, draft, closed].map((one) => `${one}/each`)
  return {
    visitor: ['/ana-marsh/take-part/a-song-a-week', '/ana-marsh/take-part/a-sketch-a-week', ...asked, preferences],
    owner: [
      '/studio/calendar?desk=ana-marsh&view=month',
      '/studio/calendar?desk=fern-records',
      '/studio/series/new?desk=ana-marsh',
      open,
      `${open}/close`,
      draft,
      closed,
      `${closed}/close`,
      ...each,
    ],
  }
}

/** Read where it waits: its artist's own mail server is gone by now. */
async function confirmLinkFor(label: Label, mail: string): Promise<string> {
  for (;;) {
    const text = `select message->>'text' as text from deliveries where address = $1 order by id desc limit 1`
    const [row] = await query(databaseIn(label.dataDir), text, [mail])
    const link = String(row?.['text']).match(/(\/press)?\/confirm\/\S+/)?.[0]
    if (link) return link
    await sleep(100)
  }
}

/** A mission with a task of each kind, a photo that waits, a link and a translation that are shown, and who brings people; one that is a draft with nothing in it, one that is closed. */
async function bringMission(label: Label, owner: By, visitor: By): Promise<Paths> {
  await owner.page('/studio?desk=ana-marsh')
  const endsAt = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 16)
  const fields = { words: 'Carry it on.', language: 'en', zone: 'UTC', endsAt, gift: '', batch: '' }
  const make = (title: string, thanks: string) => owner.send('/studio/missions/new', { ...fields, title, thanks })
  const [draft, closed] = [await make('Lights in every window', ''), await make('Nobody came', 'Thank you.')]
  const open = await make('Harbour Lights in every town', 'Your name stands in the booklet.')
  const subject = (await owner.page(`${open}/tasks/new/translate`)).match(/value="(track:[^"]+)"/)?.[1] ?? ''
  const given = { thanks: 'A sticker comes by post.', gift: '', batch: '' }
  await owner.send(`${closed}/tasks/new/write`, { words: '', times: '1', ...given })
  await owner.send(`${closed}/open`, {})
  await owner.send(`${closed}/close`, { follow: 'none', followWords: 'None, because nobody came.' })
  await owner.send(`${open}/tasks/new/bring`, { words: 'Friends.', times: '3', subject, ...given })
  await owner.send(`${open}/tasks/new/poster`, { words: 'In a window.', times: '2', ...given })
  await owner.send(`${open}/tasks/new/write`, { words: 'Anywhere.', times: '1', ...given })
  await owner.send(`${open}/tasks/new/translate`, { words: 'To be sung.', subject, into: 'es', ...given })
  await owner.send(`${open}/open`, {})
  const path = '/ana-marsh/take-part/harbour-lights-in-every-town'
  const forms = [...new Set((await visitor.page(path)).match(/\/tasks\/[0-9a-f-]{36}/g))].map((task) => path + task)
  const picture = new Blob([new Uint8Array(await sleeve({ title: 'On the quay' }))], { type: 'image/jpeg' })
  const mine = { mail: 'zoe@fans.example', name: 'Zoé', accept: 'on' }
  const links: string[] = []
  for (const [form, said] of [
    [forms[0], {}],
    [forms[1], { picture, alt: 'A poster behind a window', town: 'Brest' }],
    [
      forms[1],
      {
        picture: new Blob([new Uint8Array(await sleeve({ title: 'Again' }))]),
        alt: 'Another',
        mail: 'max@fans.example',
      },
    ],
    [forms[2], { link: 'https://example.org/harbour-lights', text: 'On my own pages.' }],
    [forms[3], { text: 'El puerto duerme,\nla luz no.' }],
  ] as const) {
    const before = label.output().length
    await visitor.send(form ?? '', { ...mine, ...said })
    const [, link = ''] = await label.printed(/http:[^\s]*?(\/missions\/contribution\/\S+)/, before)
    links.push(link)
    if (links.length !== 3) await visitor.send(link, {})
  }
  const waits = (await owner.page(`${open}/contributions`)).match(/\/contributions\/[0-9a-f-]{36}\/show/g) ?? []
  for (const one of waits.slice(0, 2)) await owner.send(open + one, {})
  const task = (await owner.page(draft)).match(/\/tasks\/new\/[a-z]+/g) ?? []
  const opened = (await owner.page(open)).match(/\/tasks\/[0-9a-f-]{36}/)?.[0] ?? ''
  return {
    visitor: [path, `${path}?said=mail`, '/ana-marsh/take-part/nobody-came', ...forms, ...links],
    owner: [
      ...['/studio/missions/new?desk=ana-marsh', draft, `${draft}/contributions`, open, open + opened],
      ...[...task.map((one) => draft + one), `${open}/contributions`, `${open}/close`, closed, `${closed}/close`],
    ],
  }
}

/** A sequence that somebody is in, with a change that is being prepared, and one that is not finished. */
async function bringSequences(label: Label, owner: By): Promise<string[]> {
  await owner.page('/studio?desk=ana-marsh')
  const running = await owner.send('/studio/sequences/new', { name: 'Welcome', when: 'joined' })
  const step = async (kind: string, fields: Fields = {}) => {
    const path = await owner.send(`${running}/add`, { kind })
    if (kind !== 'stop') await owner.send(path, fields)
    return path
  }
  const music = (await owner.page('/studio/sequences/new')).match(/<option value="(release:[0-9a-f-]{36})"/)?.[1] ?? ''
  const words = {
    channels: 'mail',
    title_en: 'A song that is not on the record, {name}',
    body_en: 'It was *too long*.',
  }
  const given = await step('give', {
    ...words,
    title_fr: 'Une chanson de plus',
    body_fr: 'Trop longue.',
    subject: music,
  })
  const waited = await step('wait', { count: '2', unit: 'week', hour: '18:00' })
  const asked = await step('condition', { not: '', test: 'listened', since: 'entered', music, otherwise: 'stop' })
  await step('give', { ...words, title_en: 'How it was made' })
  await step('stop')
  await owner.send(`${running}/try`, { months: '3' })
  const seen = (await owner.page(`${running}/try`)).match(/name="seen" value="([^"]+)"/)?.[1] ?? ''
  await owner.send(`${running}/on`, { seen })
  // As if it had been on when the fans of this place joined.
  const [id, database] = [running.split('/').at(-1), databaseIn(label.dataDir)]
  const on = `update sequences set on_at = now() - interval '9 days', seen_until = now() - interval '9 days' where id = $1`
  await query(database, on, [id])
  await query(database, `select graphile_worker.add_job('sequences.run', '{}'::json)`, [])
  const people = 'select 1 from sequence_runs where sequence_id = $1'
  for (let tries = 0; tries < 150 && !(await query(database, people, [id])).length; tries++) await sleep(100)
  await owner.send(waited, { count: '3', unit: 'week', hour: '' })
  await owner.send(`${running}/try`, { months: '1' })
  const draft = await owner.send('/studio/sequences/new', { name: 'After a while', when: 'silent', weeks: '8' })
  await owner.send(`${draft}/add`, { kind: 'give' })
  // The label's, for its own fans.
  await owner.page('/studio?desk=fern-records')
  const fern = await owner.send('/studio/sequences/new', { name: 'Are you there', when: 'silent', weeks: '6' })
  const told = await owner.send(`${fern}/add`, { kind: 'give' })
  await owner.send(told, { channels: 'mail', title_en: 'What we are working on', body_en: 'Three records.' })
  const answered = await owner.send(`${fern}/add`, { kind: 'condition' })
  await owner.send(`${fern}/try`, { months: '3' })
  return [
    '/studio/sequences?desk=ana-marsh',
    '/studio/sequences/new',
    ...[running, `${running}/when`, `${running}/try`, `${running}/people`, given, waited, asked],
    ...[draft, `${draft}/try`],
    ...['/studio/sequences?desk=fern-records', '/studio/sequences/new?desk=fern-records'],
    ...[fern, `${fern}/when`, told, answered, `${fern}/try`],
  ]
}

/** What a label wrote in its own journal, with what a reader said, and what came back of it. */
async function bringLetter(owner: By, visitor: By): Promise<Paths> {
  const post = await owner.send('/studio/journal?desk=fern-records', {})
  const seen = (await owner.page(post)).match(/name="seen" value="([^"]+)"/)?.[1] ?? ''
  await owner.send(post, { seen, title: 'A winter of music', body: 'Three records.', language: 'en', comments: 'on' })
  await owner.send(`${post}/access/publish`, {})
  const path = '/fern-records/journal/a-winter-of-music'
  await visitor.send(`${path}/comments`, { name: 'Zoé', text: 'Which comes first?', mail: '' })
  const returns = await owner.page('/studio/returns?desk=fern-records')
  const gift = returns.match(/\/studio\/returns\/[0-9a-f-]{36}/)?.[0] ?? '/no-gift-of-the-label'
  const owned = ['/studio/journal', '/studio/journal/comments', '/studio/returns', '/studio/label/feeds']
  return {
    visitor: [path, '/fern-records/journal'],
    owner: [...owned.map((one) => `${one}?desk=fern-records`), post, `${post}/access`, `${post}/comments`, gift],
  }
}

/** One that is being written, one that leaves in a while and can be taken back, and one that has left, with what its readers hold. */
async function bringAnnouncements(label: Label, owner: By): Promise<Paths> {
  await owner.page('/studio?desk=ana-marsh')
  const words = { title_en: 'Out today', body_en: `It is [here](${label.harbour.url}).` }
  /** One that gives two things, the second chosen once the first stands there. */
  const write = async () => {
    const path = await owner.send('/studio/announcements', {})
    const things = (await owner.page(path)).matchAll(/<option value="((?:release|post):[0-9a-f-]{36})"/g)
    const [first = '', second = ''] = [...things].map(([, subject = '']) => subject)
    for (const given of [{ subject: first }, { subjects: first, subject: second }]) {
      const seen = (await owner.page(path)).match(/name="seen" value="([^"]+)"/)?.[1] ?? ''
      await owner.send(path, { seen, channels: 'mail', ...given, ...words })
    }
    return path
  }
  const [draft, leaving, left] = [await write(), await write(), await write()]
  await owner.send(`${leaving}/send`, { when: 'now', undo: '60', at: '', zone: 'Europe/Paris' })
  await owner.send(`${left}/send`, { when: 'now', undo: '1', at: '', zone: 'Europe/Paris' })
  const theirs = await openMailServer()
  const way = { host: '127.0.0.1', port: String(theirs.port), security: 'any', fromAddress: 'ana@marsh.example' }
  const channel = await owner.send('/studio/channels/new/smtp', way)
  const told = theirs.next()
  await letLeave(label, left.split('/').at(-1) ?? '')
  const { text = '' } = await told
  await theirs.close()
  const held = ['l', 'leave'].map(
    (kind) => text.match(new RegExp(`/${kind}/[\\w.-]+`))?.[0] ?? `/no-${kind}-in-the-mail`,
  )
  return { visitor: held, owner: [draft, `${draft}/audience`, `${draft}/send`, leaving, left, channel] }
}

/** The minute in which it can be taken back is over. */
async function letLeave(label: Label, id: string): Promise<void> {
  const database = databaseIn(label.dataDir)
  await query(database, 'update announcements set leaves_at = now() where id = $1', [id])
  const job = `select graphile_worker.add_job('reach.leave', json_build_object('announcementId', $1::text), job_key => 'reach.leave:' || $1)`
  await query(database, job, [id])
}

/** The ways in that an artist makes, and who came by them: a door with its poster, a list that was tried, one of the fans. */
async function bringAudience(owner: By): Promise<{ door: string; pages: string[] }> {
  const first = async (path: string, pattern: RegExp) => (await owner.page(path)).match(pattern)?.[0] ?? ''
  const doors = '/studio/fans/doors'
  await owner.send(doors, { occasion: 'Le Sonic, Lyon', gives: '' })
  const poster = await first(doors, /\/studio\/fans\/doors\/[0-9a-f-]{36}\/poster/)
  const rows = 'mail,name\nmax@fans.example,Max\nnobody,Nobody\n'
  const upload = () => owner.send('/studio/fans/lists', { file: new File([rows], 'stall.csv', { type: 'text/csv' }) })
  const [list, tried] = [await upload(), await upload()]
  await owner.send(`${tried}/try`, {
    mail: '0',
    name: '1',
    heading: 'on',
    from: 'FR',
    in: 'fr',
    declaration: 'They said so.',
  })
  // Its page loads itself again until it was read.
  while ((await owner.page(tried)).includes('http-equiv="refresh"')) await sleep(100)
  const fan = await first('/studio/fans?desk=ana-marsh', /\/studio\/fans\/[0-9a-f-]{36}/)
  return { door: await first(doors, /\/q\/\w+/), pages: [poster, list, tried, `${fan}?desk=ana-marsh`] }
}

/** Somebody who wrote, and waits. */
async function bringConversation(owner: By, visitor: By): Promise<string[]> {
  await visitor.send('/write/ana-marsh', {
    name: 'Zoé',
    mail: 'zoe@fans.example',
    text: 'Do you play in Lyon this winter?',
  })
  const inbox = await owner.page('/studio/inbox?desk=ana-marsh')
  return [inbox.match(/\/studio\/inbox\/[0-9a-f-]{36}/)?.[0] ?? '', '/studio/inbox/saved']
}

/** Texts to a number that several share: one for whoever it may be, one put aside. */
async function bringTexts(label: Label, owner: By): Promise<string[]> {
  const path = '/studio/settings/texts'
  const text = (words: string, sender: string) =>
    query(
      databaseIn(label.dataDir),
      `insert into received (id, channel, provider_ref, sender, recipient, text, received_at, understood, handled_at)
       values (gen_random_uuid(), 'sms', gen_random_uuid()::text, $1, '+33600000000', $2, now(), 'unknown', now())`,
      [sender, words],
    )
  await text('Win a telephone', '+33612990001')
  const spam = (await owner.page(path)).match(/\/studio\/settings\/texts\/[0-9a-f-]{36}/)?.[0] ?? ''
  const aside = await owner.send(`${spam}/aside`, {})
  await text('Are you playing in Lyon this winter?', '+33612990002')
  return [path, aside, `${path}?show=aside`]
}

/** Who sells, two who share, and a change of their split that waits for an answer. */
async function bringBooks(label: Label, owner: By): Promise<{ visitor: string[]; owner: string[] }> {
  const at = (path: string) => `/studio/books${path}?desk=ana-marsh`
  const seller = { legalName: 'Ana Marsh', lines: '3 rue du Port', postcode: '29900', city: 'Concarneau' }
  // Registered for VAT and for the one-stop shop, so that there is a return to look at.
  const vat = { vatRegime: 'registered', vatNumber: 'FR44732829320', ossSince: '2026-01-01' }
  await owner.send(at('/seller'), { ...seller, ...vat, country: 'FR', currency: 'EUR', yearBegins: '1' })
  await owner.send(at('/people'), { name: 'Noé', email: 'noe@people.example', language: 'en' })
  await owner.send(at('/people'), { name: 'Zoé', language: 'fr' })
  const people = await owner.page(at('/people'))
  const [noe, zoe] = [...people.matchAll(/\/studio\/books\/people\/([0-9a-f-]{36})/g)].map(([, id]) => id)
  const subject = (await owner.page(at('/splits'))).match(/value="(release:[0-9a-f-]{36})"/)?.[1] ?? ''
  const before = label.output().length
  for (const [kept, theirs] of [
    ['50', '25'],
    ['60', '20'],
  ] as const)
    await owner.send(at(`/splits/${subject}`), {
      ...{ from: '2026-01-01', recoups: 'on', share_seller: kept },
      ...{ [`share_${noe}`]: theirs, [`share_${zoe}`]: theirs },
    })
  const [, answer = ''] = await label.printed(/Mail to noe@people[\s\S]*?http:[^\s]*?(\/books\/split\/\S+)\?/, before)
  const proof = new File(['Received with thanks.'], 'receipt.txt', { type: 'text/plain' })
  await owner.send(at('/costs'), { subject, amount: '12.50', on: '2026-01-05', from: 'bank', note: 'Studio', proof })
  const yesterday = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)
  const distribution = await owner.send(at('/distribute'), { through: yesterday })
  await owner.send(`${distribution}/send?desk=ana-marsh`, {})
  const [, statement = ''] = await label.printed(/http:[^\s]*?(\/books\/statement\/\S+)\?/, before)
  // The desk turns while the pages are walked: each says whose it is.
  const within = async (path: string, pattern: RegExp) => (await owner.page(path)).match(pattern)?.[1] ?? ''
  const made = `${distribution}?desk=ana-marsh`
  const theirs = await within(made, /\/studio\/books(\/statements\/[0-9a-f-]{36})/)
  const proved = await within(at('/costs'), /\/studio\/books(\/proofs\/[0-9a-f-]{36})/)
  const files = [at(`${theirs}/statement.csv`), at(`${theirs}/statement.pdf`), at(proved)]
  return {
    visitor: [answer, statement],
    owner: [
      at(`/splits/${subject}`),
      at('/people'),
      at(`/people/${noe}`),
      made,
      at(theirs),
      at('/accountant'),
      ...files,
    ],
  }
}

/** A release that is given for an address, and the link of somebody who gave theirs. */
async function bringGiven(label: Label, owner: By, visitor: By): Promise<{ visitor: string[]; owner: string[] }> {
  const { artist, genre } = HARBOUR
  const tracks = [{ title: 'The Quay', seconds: 2 }]
  const { url } = await label.bring({ artist, genre, title: 'Quayside', date: '2021', tracks }, 'published')
  const path = new URL(url).pathname
  const [, id] = (await visitor.page(path)).match(/\/take\/release\/([0-9a-f-]{36})/) ?? []
  const access = `/studio/music/${id}/access`
  await owner.send(`${access}/gives`, { gives: 'stream-and-download', for: 'address' })
  const before = label.output().length
  await visitor.send(`/take/release/${id}`, { to: 'max@fans.example' })
  const [, link = ''] = await label.printed(/Mail to max@[\s\S]*?http:[^\s]*?(\/take\/link\/\S+)/, before)
  return { visitor: [path, `/take/release/${id}`, link, '/take/link/ended'], owner: [access] }
}

/** A record, one evening at the table that is open, with a sale, and one that is counted. */
async function bringTill(label: Label, owner: By): Promise<string[]> {
  const at = (path: string) => `${path}?desk=ana-marsh`
  const title = 'Left on the quay, cassette'
  const product = await owner.send(at('/studio/shop/new'), { kind: 'record', title })
  const page = await owner.page(product)
  // It includes the download, so what it earns is money that the release brought.
  const subject = page.match(/value="(release:[0-9a-f-]{36})"/)?.[1] ?? ''
  const [version = '', variant = ''] = [/name="version" value="(\d+)"/, /name="v_id" value="([^"]+)"/].map(
    (of) => page.match(of)?.[1] ?? '',
  )
  const stock = { v_id: variant, v_name: '', v_price: '', v_weight: '80', v_stock: '5' }
  await owner.send(product, { version, title, subject, pricing: 'fixed', price: '9', ...stock })
  await owner.send(`${product}/offer`, {})
  const begin = { place: 'Le Bikini', begunWith: '50', from: 'owner', confirmed: 'on' }
  const [open, over] = [await owner.send(at('/studio/till'), begin), await owner.send(at('/studio/till'), begin)]
  await owner.send(`${open}/sell`, { [`q_${variant}`]: '1', paid: 'cash', given: '10' })
  await owner.send(`${over}/count`, { counted: '49' })
  const cassette = { product: product.split('/').at(-1)?.split('?')[0] ?? '', variant }
  return [at('/studio/till'), open, over, ...(await bringReturn(label, owner, cassette)), ...(await bringReport(owner))]
}

/** A sales report of Bandcamp, brought, with a line of each kind. */
async function bringReport(owner: By): Promise<string[]> {
  const report = [
    'date,item type,item name,currency,item total,bandcamp transaction id,buyer email',
    '1/3/26 10:12am,album,"Harbour Lights, Été",EUR,10.00,1,lea@bandcamp.example',
    '1/3/26 10:12am,package,Shirt,EUR,20.00,2,max@bandcamp.example',
    '1/3/26 10:12am,payout,,EUR,,3,',
  ]
  const at = '/studio/shop/bandcamp?desk=ana-marsh'
  const read = await owner.send(at, { file: new File([report.join('\r\n')], 'raw_data.csv', { type: 'text/csv' }) })
  await owner.send(`${read}/bring`, {})
  return [at, read]
}

/** A cassette that went to Germany and is paid, on the return of its quarter. */
async function bringReturn(label: Label, owner: By, cassette: { product: string; variant: string }): Promise<string[]> {
  const buyer = by(label.url, await by(label.url).enter('/basket/add', cassette))
  const basket = await buyer.page('/basket')
  const [order = '', form = ''] = [/action="(\/basket\/[^"]+\/order)"/, /name="form" value="([^"]+)"/].map(
    (of) => basket.match(of)?.[1] ?? '',
  )
  const home = { name: 'Max Weil', street: 'Hafenstr. 3', postcode: '20359', city: 'Hamburg', country: 'DE' }
  await buyer.send(order, { form, mail: 'max@buyers.example', ...home, provider: 'manual', waiver: 'on' })
  const orders = await owner.page('/studio/shop?desk=ana-marsh')
  const [placed = ''] = orders.match(/\/studio\/orders\/[0-9a-f-]{36}/) ?? []
  await owner.send(`${placed}/paid`, { amount: '16' })
  const all = await owner.page('/studio/shop/oss?desk=ana-marsh')
  const [quarter = ''] = all.match(/\/studio\/shop\/oss\/2\d{3}-Q[1-4]/) ?? []
  return ['/studio/shop/oss?desk=ana-marsh', `${quarter}?desk=ana-marsh`, '/studio/books/accountant?desk=ana-marsh']
}

/** Something that is not out yet, and a bundle of it and the cassette. */
async function bringBundle(owner: By, subject: string): Promise<string[]> {
  const at = '/studio/shop/new?desk=ana-marsh'
  const shown = async (path: string) => {
    const page = await owner.page(path)
    const [version = '', v_id = ''] = [/name="version" value="(\d+)"/, /name="v_id" value="([^"]+)"/].map(
      (of) => page.match(of)?.[1] ?? '',
    )
    return { page, version, v_id }
  }
  const coming = await owner.send(at, { kind: 'download', subject, title: 'Still to come' })
  const { page: _, ...said } = await shown(coming)
  const dated = { title: 'Still to come', subject, pricing: 'fixed', price: '8', releasedOn: '2099-03-12' }
  await owner.send(coming, { ...said, ...dated })
  await owner.send(`${coming}/offer`, {})
  const bundle = await owner.send(at, { kind: 'bundle', title: 'Both together' })
  const { page, ...form } = await shown(bundle)
  const [, part = ''] = page.match(/<option value="([0-9a-f-]{36})"[^>]*>Still to come/) ?? []
  await owner.send(bundle, { ...form, title: 'Both together', price: '15', p_variant: part, p_quantity: '2' })
  await owner.send(`${bundle}/offer`, {})
  return [bundle, coming]
}

/** What is to do for a label and for an artist: late, planned, done. */
async function bringTasks(owner: By): Promise<string[]> {
  const [fern, ana] = ['desk=fern-records', 'desk=ana-marsh']
  const late = { title: 'Call the pressing plant', due: '2026-01-05' }
  for (const desk of [fern, ana]) await owner.send(`/studio/tasks?${desk}`, late)
  const tasks = await owner.page(`/studio/tasks?${fern}`)
  const release = tasks.match(/<option value="([0-9a-f-]{36})"[^>]*>Ana Marsh: Harbour/)?.[1] ?? ''
  const [task = ''] = tasks.match(/\/studio\/tasks\/[0-9a-f-]{36}/) ?? []
  await owner.send(`/studio/tasks/plan?${fern}`, { plan: 'release', release, day: '2099-03-05' })
  const planned = (await owner.page(`/studio/tasks?${fern}`)).matchAll(/\/studio\/tasks\/([0-9a-f-]{36})\/done/g)
  const last = [...planned].at(-1)?.[1] ?? ''
  await owner.send(`/studio/tasks/${last}/done?${fern}`, {})
  return [
    `${task}?${fern}`,
    ...['', '&show=person', '&show=done'].map((show) => `/studio/tasks?${fern}${show}`),
    `/studio?${fern}`,
    `/studio/tasks?${ana}`,
  ]
}

/** Something that was bought for a friend: the way to the order, and the friend's. */
async function bringPresent(label: Label, owner: By): Promise<string[]> {
  const at = (path: string) => `/studio/shop${path}?desk=ana-marsh`
  const subject = (await owner.page(at('/new'))).match(/value="(release:[0-9a-f-]{36})"/)?.[1] ?? ''
  const made = (await owner.send(at('/new'), { kind: 'download', subject, title: 'For friends' })).split('?')[0] ?? ''
  const page = await owner.page(made)
  const [version = '', variant = ''] = [/name="version" value="(\d+)"/, /name="v_id" value="([^"]+)"/].map(
    (of) => page.match(of)?.[1] ?? '',
  )
  await owner.send(made, { version, title: 'For friends', subject, pricing: 'fixed', price: '4', v_id: variant })
  await owner.send(`${made}/offer`, {})
  const product = made.split('/').at(-1) ?? ''
  const buyer = by(label.url, await by(label.url).enter('/basket/add', { product, variant }))
  const basket = await buyer.page('/basket')
  const [order = '', form = ''] = [/action="(\/basket\/[^"]+\/order)"/, /name="form" value="([^"]+)"/].map(
    (of) => basket.match(of)?.[1] ?? '',
  )
  const friend = { friend: 'ida@friends.example', giver: 'Noé', message: 'For the train.', day: '' }
  const said = { form, mail: 'noe@buyers.example', country: 'FR', provider: 'manual', waiver: 'on', ...friend }
  const bought = await buyer.send(order, said)
  const before = label.output().length
  await owner.send(`/studio/orders/${bought.match(/[0-9a-f-]{36}/)?.[0]}/paid`, { amount: '4' })
  const [, present = ''] = await label.printed(/Mail to ida@friends[\s\S]*?http:[^\s]*?(\/present\/\S+)/, before)
  return [bought, present]
}

/** One who became a member, and paid: the way to their membership. */
async function bringMember(label: Label, owner: By): Promise<string> {
  const page = await owner.page('/ana-marsh/shop/the-kitchen')
  const [product = '', variant = ''] = ['product', 'variant'].map(
    (name) => page.match(new RegExp(`name="${name}" value="([^"]+)"`))?.[1] ?? '',
  )
  const fan = by(label.url, await by(label.url).enter('/basket/add', { product, variant }))
  const basket = await fan.page('/basket')
  const [order = '', form = ''] = [/action="(\/basket\/[^"]+\/order)"/, /name="form" value="([^"]+)"/].map(
    (of) => basket.match(of)?.[1] ?? '',
  )
  const said = { form, mail: 'mia@members.example', country: 'FR', provider: 'manual' }
  const id = (await fan.send(order, said)).match(/\/order\/([0-9a-f-]{36})/)?.[1] ?? ''
  const before = label.output().length
  await owner.send(`/studio/orders/${id}/paid`, { amount: '5' })
  const [, member = ''] = await label.printed(/Mail to mia@members[\s\S]*?http:[^\s]*?(\/member\/\S+)/, before)
  return member
}

/** Something offered for nothing, and one who took it. */
async function bringShop(label: Label, owner: By): Promise<{ visitor: string[]; owner: string[] }> {
  const at = (path: string) => `/studio/shop${path}?desk=ana-marsh`
  await owner.send(at('/settings'), {
    paysTo: 'FR76 3000',
    holdDays: '10',
    r_countries: 'EU',
    r_upto: '',
    r_price: '7',
  })
  const subject = (await owner.page(at('/new'))).match(/value="(release:[0-9a-f-]{36})"/)?.[1] ?? ''
  const product = await owner.send(at('/new'), { kind: 'download', subject, title: 'Left on the quay' })
  const page = await owner.page(product)
  const [version, variant] = [/name="version" value="(\d+)"/, /name="v_id" value="([^"]+)"/].map(
    (of) => page.match(of)?.[1] ?? '',
  )
  await owner.send(product, {
    version: version ?? '',
    title: 'Left on the quay',
    subject,
    pricing: 'free',
    v_id: variant ?? '',
  })
  await owner.send(`${product}/offer`, {})
  const path = '/ana-marsh/shop/left-on-the-quay'
  const photographs = `${product}/pictures`
  const shots = ['The tape', 'The tape, open'].map(async (alt) => ({
    alt,
    picture: new File([new Uint8Array(await sleeve({ title: alt }))], 'shot.jpg', { type: 'image/jpeg' }),
  }))
  for (const shot of shots) await owner.send(photographs, await shot)
  const [, taken = ''] = (await owner.page(photographs)).match(/\/pictures\/([0-9a-f-]{36})\/remove/) ?? []
  await owner.send(`${photographs}/${taken}/remove`, {})
  const aside = { product: product.split('/').at(-1) ?? '', variant: variant ?? '' }
  const buyer = by(label.url, await by(label.url).enter('/basket/add', aside))
  const basket = await buyer.page('/basket')
  const [order, form] = [/action="(\/basket\/[^"]+\/order)"/, /name="form" value="([^"]+)"/].map(
    (of) => basket.match(of)?.[1] ?? '',
  )
  const before = label.output().length
  const bought = await buyer.send(order ?? '', { form: form ?? '', mail: 'noe@buyers.example', country: 'FR' })
  const [, library = ''] = await label.printed(/Mail to noe@buyers[\s\S]*?http:[^\s]*?(\/library\/\S+)/, before)
  const tip = (await owner.send(at('/new'), { kind: 'tip', subject: '', title: '' })).split('?')[0] ?? ''
  await owner.send(`${tip}/offer`, {})
  const [bundle = '', coming = ''] = await bringBundle(owner, subject)
  await query(
    databaseIn(label.dataDir),
    `insert into euro_rates (currency, day, rate) values ('GBP', current_date, 0.86), ('JPY', current_date, 163.45) on conflict do nothing`,
  )
  const plan =
    (await owner.send(at('/new'), { kind: 'membership', subject: '', title: 'The kitchen' })).split('?')[0] ?? ''
  await owner.send(`${plan}/offer`, {})
  const member = await bringMember(label, owner)
  const inside = await bringInside(owner)
  const presents = await bringPresent(label, owner)
  const codes = await owner.send(at('/codes/new'), {
    subject,
    name: 'At the door',
    purpose: '',
    count: '11',
    until: '',
  })
  const [, code] = (await owner.page(`${codes.split('?')[0]}/codes.csv`)).match(/(\w{3}-\w{3}-\w{3})/) ?? []
  const [terms = ''] = (await owner.page(at('/terms'))).match(/\/terms\/[0-9a-f-]{36}/) ?? []
  const orders = await owner.page(at(''))
  const sent = ['reference,tracking', `${orders.match(/\b[2-9A-Z]{4}-[2-9A-Z]{4}\b/)?.[0]},6A11223344556`, 'Bo,8.9E+15']
  const numbers = await owner.send('/studio/parcels/numbers?desk=ana-marsh', {
    file: new File([sent.join('\r\n')], 'colissimo.csv'),
  })
  return {
    visitor: [
      '/ana-marsh/shop',
      path,
      '/basket',
      bought,
      '/library',
      library,
      '/code',
      `/code/${code}`,
      '/code/none',
      '/ana-marsh/shop/a-tip',
      '/ana-marsh/shop/both-together',
      '/ana-marsh/shop/still-to-come',
      '/ana-marsh/shop?currency=GBP',
      '/ana-marsh/shop/still-to-come?currency=JPY',
      terms,
      '/ana-marsh/shop/the-kitchen',
      member,
      inside.teaser,
      ...presents,
    ],
    owner: [
      at(''),
      at('/new'),
      at('/settings'),
      at('/payments'),
      at('/terms'),
      at('/codes'),
      at('/codes/new'),
      codes,
      tip,
      ...(await bringTill(label, owner)),
      '/studio/parcels?desk=ana-marsh',
      numbers,
      plan,
      at('/members'),
      inside.access,
      product,
      photographs,
      bundle,
      coming,
      orders.match(/\/studio\/orders\/[0-9a-f-]{36}/)?.[0] ?? '',
    ],
  }
}

/** Somebody who said yes, and their own pages. */
async function bringFan(label: Label, visitor: By): Promise<string[]> {
  const before = label.output().length
  await visitor.send('/follow/ana-marsh', { mail: 'lea@fans.example', name: 'Léa' })
  const [, confirm = ''] = await label.printed(/Mail to lea@[\s\S]*?http:[^\s]*?(\/confirm\/\S+)/, before)
  await visitor.send(confirm, {})
  const fan = (await visitor.page(confirm)).match(/\/fan\/[\w.-]+/)?.[0] ?? ''
  await bringPeople(label, 'lea@fans.example', 11)
  return ['/follow/ana-marsh', confirm, fan, `${fan}/erase`]
}

/** What an artist shows to professionals, with every figure, and a link for one of them. */
async function bringPress(label: Label, owner: By, visitor: By): Promise<Paths> {
  const desk = '/studio/press?desk=ana-marsh'
  await owner.page(desk)
  const said = {
    shortWords: 'Songs about boats, recorded in a kitchen by the harbour.',
    contacts: 'Concerts: Noé, noe@booking.example\nPress: Zoé, zoe@press.example',
    rider: 'Two inputs, one chair.\n\nNo smoke, please.',
    pictureCredit: 'Zoé Quay',
  }
  const shown = { proof_towns: 'on', proof_growth: 'on', proof_response: 'on', proof_retention: 'on', isPublic: 'on' }
  await owner.send('/studio/press', { ...said, ...shown })
  await owner.send('/studio/press/links', { madeFor: 'Le Sonic, Lyon', days: '30' })
  const [, link = ''] = (await owner.page(desk)).match(/value="http:[^"]*?(\/press\/[^"]+)"/) ?? []
  const pdf = new Blob(['%PDF-1.7\n%%EOF\n'], { type: 'application/pdf' })
  await owner.send('/studio/press/files/rider', { rider: new File([pdf], 'rider.pdf') })
  const picture = new Blob([(await sleeve({ title: 'On the quay' })) as Uint8Array<ArrayBuffer>], {
    type: 'image/jpeg',
  })
  await owner.send('/studio/press/files/pictures', { picture, caption: 'On the quay', credit: 'Mo Tide' })
  await owner.send('/studio/press/followers', { tells: 'on' })
  await visitor.send('/ana-marsh/press', { mail: 'zoe@radio.example' })
  const confirm = await confirmLinkFor(label, 'zoe@radio.example')
  await visitor.send(confirm, {})
  const [leave = ''] = (await visitor.page(confirm)).match(/\/press\/leave\/[\w.-]+/) ?? []
  const [release = ''] = (await owner.page(desk)).match(/\/studio\/press\/releases\/[0-9a-f-]{36}/) ?? []
  const { isPublic: _, ...figures } = shown
  await owner.send(release, figures)
  const slug = label.harbour.url.split('/').at(-1)
  return {
    visitor: ['/ana-marsh/press', `/ana-marsh/press/${slug}`, link, '/press/verify', confirm, leave],
    owner: [desk, '/studio/press/files', '/studio/press/followers', release],
  }
}

/** People who came by a fan's link some days ago, and listened. */
export async function bringPeople(label: Label, mail: string, people: number): Promise<void> {
  await query(
    databaseIn(label.dataDir),
    `with fan as (
       select f.person_id, s.artist_id from fan_addresses a join fans f on f.id = a.fan_id join subscriptions s on s.address_id = a.id
       where a.address = $1 and s.artist_id is not null limit 1
     ), link as (
       insert into shares (id, code, artist_id, subject, person_id, created_at)
       select gen_random_uuid(), 'aaaa2222', artist_id, 'artist:' || artist_id, person_id, now() - interval '9 days' from fan
     ), came as (
       insert into brought (artist_id, person_id, by_person, at)
       select artist_id, gen_random_uuid(), person_id, now() - interval '2 days' from fan, generate_series(1, $2) returning artist_id, person_id
     )
     insert into touches (id, artist_id, subject, person_id, channel, at)
     select gen_random_uuid(), artist_id, 'artist:' || artist_id, person_id, 'start', now() from came`,
    [mail, people],
  )
}

type By = ReturnType<typeof by>

/** Somebody with a browser that shows nothing. */
/** Somebody who sends forms and reads pages, signed in or not. */
export function by(url: string, session?: Session) {
  const headers = { origin: url, ...(session && { cookie: `${session.name}=${session.value}` }) }
  const ask = async (path: string, fields?: Fields) => {
    const body =
      fields && (Object.values(fields).some((one) => one instanceof Blob) ? new FormData() : new URLSearchParams())
    for (const [name, value] of Object.entries(fields ?? {})) body?.append(name, value as string)
    const answer = await fetch(new URL(path, url), {
      headers,
      redirect: 'manual',
      ...(body && { method: 'POST', body }),
    })
    if (answer.status >= 400) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return answer
  }
  const sentOnTo = async (path: string, fields?: Fields) => {
    const to = (await ask(path, fields)).headers.get('location') ?? ''
    return new URL(to, url).pathname
  }
  return {
    sentOnTo: (path: string) => sentOnTo(path),
    /** Sends a form, and says where one stands then. */
    send: (path: string, fields: Fields) => sentOnTo(path, fields),
    page: async (path: string) => (await ask(path)).text(),
    async enter(path: string, fields: Fields): Promise<Session> {
      const [, name, value] = (await ask(path, fields)).headers.get('set-cookie')?.match(/^([^=]+)=([^;]+)/) ?? []
      if (!name || !value) throw new Error(`${path} let nobody in.`)
      return { name, value }
    },
  }
}
