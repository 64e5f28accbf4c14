import { afterAll, beforeAll, expect, test } from 'vitest'
import { eraseFan, knownAs } from '../../domains/fans/index.ts'
import { createArtist } from '../../domains/identity/index.ts'
import { createPost, journalJobs, journalPersonalData, publishPost } from '../../domains/journal/index.ts'
import { FORM, type SignedIn, signedIn, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let artist: { id: string; slug: string }
let keeper: SignedIn
beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  artist = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Marie' }))
  keeper = await signedIn(platform, { artistIds: [artist.id] })
})
afterAll(() => platform.close())

let number = 0
async function aPost(title = `Post ${++number}`) {
  const post = await createPost(platform.db, { artistId: artist.id, title, body: 'words', language: 'en' })
  await publishPost(platform, { postId: post.id, by: null })
  return { ...post, path: `/${artist.slug}/journal/${post.slug}` }
}
/** Another quarter of an hour, so that no test is held for what another wrote. */
const later = () => platform.pass(20 * 60_000)

async function send(path: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  const answer = await app.request(path, {
    method: 'POST',
    headers: { ...FORM, ...headers },
    body: new URLSearchParams(form),
  })
  return {
    status: answer.status,
    to: answer.headers.get('location') ?? '',
    cookie: answer.headers.get('set-cookie') ?? '',
    html: await answer.text(),
  }
}
const read = async (path: string, headers: Record<string, string> = {}) => (await app.request(path, { headers })).text()
const rows = (postId: string) =>
  platform.db.selectFrom('comments').selectAll().where('postId', '=', postId).orderBy('at').execute()
const eventually = (path: string, text: string) => expect.poll(() => read(path)).toContain(text)

/** What the worker would do with the jobs of one name. */
async function work(name: 'journal.ask-author') {
  const { rows: jobs } = await platform.pool.query(
    `select j.id, j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = $1`,
    [name],
  )
  for (const job of jobs) {
    await journalJobs(platform)[name](job.payload)
    await platform.pool.query('select graphile_worker.complete_jobs(array[$1::bigint])', [job.id])
  }
}
const askedLink = (to: string) => {
  const mail = platform.mails.findLast((one) => one.to === to)
  return /\/journal\/comments\/\S+/.exec(mail?.text ?? '')?.[0] ?? ''
}
/** With another last letter than it has. */
const altered = (signed: string) => signed.replace(/.$/, (letter) => (letter === 'x' ? 'y' : 'x'))

test('a comment without an address waits, and is shown once somebody has looked at it', async () => {
  const post = await aPost()
  const sent = await send(`${post.path}/comments`, { name: 'Zoé', text: 'It made me "sing"\n\nall day', mail: '' })
  expect(sent.to).toBe(`/journal/comments/sent?post=${post.id}&said=waiting`)
  expect(await read(sent.to)).toContain('It is shown once it has been looked at')
  expect(await read(post.path)).not.toContain('all day')
  const studio = await read(`/studio/journal/${post.id}/comments`, keeper.headers)
  expect(studio).toContain('all day')
  expect(studio).toContain('no address')
  const [comment] = await rows(post.id)
  expect((await send(`/studio/journal/comments/${comment?.id}/show`, {}, keeper.headers)).status).toBe(303)
  await eventually(post.path, '<p>It made me “sing”</p><p>all day</p>')
  await send(`/studio/journal/comments/${comment?.id}/hide`, {}, keeper.headers)
  await expect.poll(() => read(post.path)).not.toContain('all day')
})

test('whoever confirms becomes a fan; it counts as something that came back, and the next comment need not wait', async () => {
  later()
  const post = await aPost()
  const sent = await send(`${post.path}/comments`, { name: 'Ana', text: 'First from me', mail: 'Ana@Fans.example' })
  expect(sent.to).toContain('said=mail')
  await work('journal.ask-author')
  const link = askedLink('Ana@Fans.example')
  const [asked] = await rows(post.id)
  expect(asked).toMatchObject({ fanId: null, state: 'waiting', mail: 'Ana@Fans.example' })

  // A scanner looks at it, as often as it likes: nothing changes.
  for (let n = 0; n < 3; n++) expect(await read(link)).toContain('Is this comment yours?')
  expect((await rows(post.id))[0]?.confirmedAt).toBeNull()
  expect((await app.request(altered(link))).status).toBe(404)

  const confirmed = await send(link, {})
  expect(confirmed.html).toContain('Thank you, it is yours.')
  const [comment] = await rows(post.id)
  expect(comment).toMatchObject({ state: 'waiting', mail: null })
  const fan = await platform.db
    .selectFrom('fans')
    .selectAll()
    .where('id', '=', comment?.fanId as string)
    .executeTakeFirstOrThrow()
  expect(fan.name).toBe('Ana')
  expect(await platform.db.selectFrom('subscriptions').selectAll().where('fanId', '=', fan.id).execute()).toEqual([])
  const back = async () =>
    (await platform.pool.query(`select kind, person_id as person from returns where subject = $1`, [`post:${post.id}`]))
      .rows
  expect(await back()).toEqual([{ kind: 'comment', person: fan.personId }])
  await send(link, {})
  expect(await back()).toHaveLength(1)

  const cookie = /writes=[^;]+/.exec(confirmed.cookie)?.[0] ?? ''
  const second = { name: 'Ana', text: 'Second from me', mail: '' }
  expect((await send(`${post.path}/comments`, second, { cookie })).to).toContain('said=waiting')
  await send(`/studio/journal/comments/${comment?.id}/show`, {}, keeper.headers)
  expect((await send(`${post.path}/comments`, { ...second, text: 'Third from me' }, { cookie })).to).toContain(
    'said=shown',
  )
  await eventually(post.path, 'Third from me')
  // With a link in it, anybody's waits.
  const linked = await send(`${post.path}/comments`, { ...second, text: 'See https://example.org/me' }, { cookie })
  expect(linked.to).toContain('said=waiting')
  expect(await back()).toHaveLength(4)
  // A cookie of somebody else's making says nothing, nor does the right one beside another address.
  const forged = altered(cookie)
  expect((await send(`${post.path}/comments`, { ...second, text: 'Forged' }, { cookie: forged })).to).toContain(
    'said=waiting',
  )
})

test('what a fan wrote is shown to them, and erased with them', async () => {
  later()
  const post = await aPost()
  await send(`${post.path}/comments`, { name: 'Noé', text: 'Erase me one day', mail: 'noe@fans.example' })
  await work('journal.ask-author')
  await send(askedLink('noe@fans.example'), {})
  const [comment] = await rows(post.id)
  const fanId = comment?.fanId as string
  await send(`/studio/journal/comments/${comment?.id}/answer`, { text: 'Thank you, Noé' }, keeper.headers)
  const who = await knownAs(platform.db, fanId)
  expect(JSON.stringify(who && (await journalPersonalData.know(platform.db, who)))).toContain('Erase me one day')
  const proof = { wording: 'x', language: 'en', source: 'preferences' } as const
  await platform.db.transaction().execute((tx) => eraseFan(tx, platform, [journalPersonalData], { fanId, ...proof }))
  expect(await rows(post.id)).toEqual([])
})

test('bait is put aside without a word to anybody, and its links help nobody', async () => {
  later()
  const post = await aPost()
  const bait = '<a href="https://pills.example">pills</a> [url=https://pills.example]x[/url]'
  const sent = await send(`${post.path}/comments`, { name: 'Bot', text: bait, mail: 'someone@else.example' })
  expect(sent.status).toBe(303)
  expect((await rows(post.id))[0]?.state).toBe('spam')
  const before = platform.mails.length
  await work('journal.ask-author')
  expect(platform.mails).toHaveLength(before)

  const trapped = await send(`${post.path}/comments`, { name: 'Bot', text: 'hello', mail: '', fx: 'x' })
  expect([trapped.status, trapped.html.includes('The field that must stay empty')]).toEqual([422, true])
  await send(`${post.path}/comments`, { name: 'Ida', text: 'My cover: https://example.org/cover <b>x</b>', mail: '' })
  const held = (await rows(post.id)).find(({ name }) => name === 'Ida')
  await send(`/studio/journal/comments/${held?.id}/show`, {}, keeper.headers)
  await eventually(
    post.path,
    '<a href="https://example.org/cover" rel="nofollow ugc noopener">example.org/cover</a> &lt;b&gt;x&lt;/b&gt;',
  )
})

test('a form that is not whole comes back with its sentences and its words; nobody floods it', async () => {
  later()
  const post = await aPost()
  const bad = await send(`${post.path}/comments`, { name: ' ', text: 'Kept words', mail: 'not an address' })
  expect(bad.status).toBe(422)
  for (const part of ['Write a name under which it is shown', 'This is not a mail address', 'Kept words'])
    expect(bad.html).toContain(part)
  expect((await send(`${post.path}/comments`, { name: 'A', text: 'x'.repeat(5_001), mail: '' })).html).toContain(
    '5001 letters',
  )
  const twice = { name: 'Double', text: 'pressed twice', mail: '' }
  await send(`${post.path}/comments`, twice)
  await send(`${post.path}/comments`, twice)
  expect(await rows(post.id)).toHaveLength(1)
  let last = twice as Record<string, string>
  let answer = await send(`${post.path}/comments`, last)
  for (let n = 0; n < 15 && answer.status === 303; n++) {
    last = { name: 'Many', text: `number ${n}`, mail: '' }
    answer = await send(`${post.path}/comments`, last)
  }
  expect([answer.status, answer.html.includes('a lot at once')]).toEqual([422, true])
})

test('comments are switched off per post; a draft has none', async () => {
  later()
  const post = await aPost()
  expect(await read(post.path)).toContain('Write a comment')
  await platform.db.updateTable('posts').set({ commentsOpen: false }).where('id', '=', post.id).execute()
  await expect.poll(() => read(post.path)).not.toContain('Write a comment')
  const refused = await send(`${post.path}/comments`, { name: 'A', text: 'too late', mail: '' })
  expect([refused.status, refused.html.includes('Comments are closed here')]).toEqual([422, true])
  await platform.db.updateTable('posts').set({ visibility: 'draft' }).where('id', '=', post.id).execute()
  expect((await send(`${post.path}/comments`, { name: 'A', text: 'nowhere', mail: '' })).status).toBe(404)
})

test('one’s own journal is looked after by those who write it alone', async () => {
  later()
  const post = await aPost()
  await send(`${post.path}/comments`, { name: 'Lou', text: 'Who answers?', mail: '' })
  const [comment] = await rows(post.id)
  const stranger = await signedIn(platform)
  for (const step of ['show', 'hide', 'spam', 'answer'])
    expect(
      (await send(`/studio/journal/comments/${comment?.id}/${step}`, { text: 'x' }, stranger.headers)).status,
    ).toBe(404)
  expect(await read('/studio/journal/comments', stranger.headers)).not.toContain('Who answers?')
  expect(await read('/studio/journal/comments', keeper.headers)).toContain('Who answers?')
  const answered = await send(
    `/studio/journal/comments/${comment?.id}/answer`,
    { text: 'We do.', back: '//evil.example' },
    keeper.headers,
  )
  expect(answered.to).toBe(`/studio/journal/comments?done=answered#comment-${comment?.id}`)
  await eventually(post.path, 'We do.')
  expect(await read(post.path)).toContain('Who answers?')
})

test('an address that nobody confirmed is forgotten in a week', async () => {
  later()
  const post = await aPost()
  await send(`${post.path}/comments`, { name: 'Eve', text: 'Maybe me', mail: 'eve@fans.example' })
  await work('journal.ask-author')
  const link = askedLink('eve@fans.example')
  platform.pass(8 * 24 * 3_600_000)
  await journalJobs(platform)['journal.tidy']()
  expect((await rows(post.id))[0]).toMatchObject({ mail: null, text: 'Maybe me' })
  expect(await read(link)).toContain('There is nothing to confirm here any more')
})
