import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { FORM, type SignedIn, signedIn, type TestPlatform, testApp, testPlatform } from '../../testing/index.ts'
import {
  join as askToJoin,
  confirm,
  eraseFan,
  fanByAddress,
  joinByKeyword,
  mergeFans,
  ownPersonalData,
  readAddress,
} from '../fans/index.ts'
import { createArtist } from '../identity/index.ts'
import { addComment, createPost, journalPersonalData, publishPost } from '../journal/index.ts'
import { deliveryToken, enqueueOne, reachJobs, replyAddress } from '../reach/index.ts'
import { answer } from './answer.ts'
import { conversationPage, timelineOf } from './inbox.views.ts'
import { inboxJobs, inboxPersonalData } from './index.ts'

let platform: TestPlatform
let app: ReturnType<typeof testApp>
let ana: { id: string; slug: string }
let writer: SignedIn
let second: SignedIn
let providerId: string
let jobs: ReturnType<typeof inboxJobs>
const REGISTRY = [ownPersonalData, journalPersonalData, inboxPersonalData]

beforeAll(async () => {
  platform = await testPlatform()
  app = testApp(platform)
  jobs = inboxJobs(platform, [])
  ana = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Ana' }))
  await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Bo' }))
  writer = await signedIn(platform, { artistIds: [ana.id] })
  second = await signedIn(platform, { artistIds: [ana.id], role: 'editor' })
  providerId = newId()
  await platform.db
    .insertInto('providers')
    .values({
      id: providerId,
      artistId: ana.id,
      labelId: null,
      channel: 'sms',
      kind: 'android',
      name: 'Telephone',
      settings: '{}',
      secrets: null,
      triedAt: null,
      problem: null,
    })
    .execute()
  await platform.db.insertInto('keywords').values({ keyword: 'ANA', artistId: ana.id, labelId: null }).execute()
})
afterAll(() => platform.close())

let number = 0
let phone = ''
beforeEach(() => {
  phone = `+3361234${String(1000 + number++).padStart(4, '0')}`
})

/** Something comes in, and is told of as often as `times`. */
async function comesIn(
  text: string,
  more: Partial<{ channel: 'mail' | 'sms'; sender: string; recipient: string; subject: string; raw: string }> = {},
  times = 1,
) {
  const id = newId()
  const { channel = 'sms', raw, ...rest } = more
  const storageKey = raw === undefined ? null : `received/${id}`
  if (storageKey && raw !== undefined) await platform.storage.put(storageKey, Buffer.from(raw))
  await platform.db
    .insertInto('received')
    .values({
      id,
      channel,
      providerId: channel === 'sms' ? providerId : null,
      providerRef: id,
      sender: phone,
      recipient: '+33600000000',
      text,
      size: raw?.length ?? null,
      storageKey,
      receivedAt: platform.now(),
      handledAt: null,
      ...rest,
    })
    .execute()
  await Promise.all(Array.from({ length: times }, () => jobs['reach.received']({ receivedId: id })))
  return id
}
const understood = async (id: string) =>
  (await platform.db.selectFrom('received').select('understood').where('id', '=', id).executeTakeFirst())?.understood
const sent = (address: string) =>
  platform.db.selectFrom('deliveries').selectAll().where('address', '=', address).orderBy('id').execute()
const join = (from = phone) =>
  platform.db.transaction().execute(async (tx) => {
    const joined = await joinByKeyword(tx, platform, { from, text: 'ANA' })
    if (!joined.ok) throw new Error(joined.error)
    return joined.value
  })
const stateOf = async (id: string) =>
  (await platform.db.selectFrom('subscriptions').select('state').where('id', '=', id).executeTakeFirst())?.state
const conversationOf = async (receivedId: string) => {
  const row = await platform.db
    .selectFrom('conversationMessages')
    .select('conversationId')
    .where('receivedId', '=', receivedId)
    .executeTakeFirstOrThrow()
  const page = await conversationPage(platform.db, row.conversationId)
  if (!page) throw new Error('There is no conversation')
  return page
}
const get = async (path: string, who: SignedIn | null = writer) => {
  const answered = await app.request(path, { headers: who?.headers ?? {} })
  return { status: answered.status, html: await answered.text(), headers: answered.headers }
}
const post = async (path: string, form: Record<string, string>, who: SignedIn | null = writer) => {
  const body = new URLSearchParams(form)
  const answered = await app.request(path, { method: 'POST', headers: { ...FORM, ...who?.headers }, body })
  return { status: answered.status, to: answered.headers.get('location') ?? '', html: await answered.text() }
}
const seenIn = (html: string) => /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? ''

test('a keyword joins, STOP leaves with one receipt and then with none, START comes back', async () => {
  expect(await understood(await comesIn('ana'))).toBe('word')
  const fan = await fanByAddress(platform.db, 'sms', phone)
  const subscription = await platform.db
    .selectFrom('subscriptions')
    .select('id')
    .where('fanId', '=', fan?.fanId ?? '')
    .executeTakeFirstOrThrow()
  expect(await stateOf(subscription.id)).toBe('active')
  expect(await understood(await comesIn('Arrêt svp'))).toBe('word')
  expect(await stateOf(subscription.id)).toBe('left')
  const [, receipt] = await sent(phone)
  expect(receipt).toMatchObject({ kind: 'notice', language: 'fr', artistId: ana.id })
  expect(receipt?.message).toMatchObject({ lastWord: true, text: expect.stringContaining('plus de messages') })
  expect(await understood(await comesIn('STOP'))).toBe('word')
  expect(await sent(phone)).toHaveLength(2)
  expect(await understood(await comesIn('START'))).toBe('word')
  expect(await stateOf(subscription.id)).toBe('active')
  const consents = await platform.db
    .selectFrom('consents')
    .select(['event', 'source', 'wording'])
    .where('fanId', '=', fan?.fanId ?? '')
    .orderBy('at')
    .execute()
  expect(consents.slice(2)).toEqual([
    { event: 'withdrawn', source: 'reply', wording: 'Arrêt svp' },
    { event: 'asked', source: 'reply', wording: 'START' },
    { event: 'confirmed', source: 'reply', wording: 'START' },
  ])
})

test('HELP says who this is and where to ask; a YES to nothing is for a person', async () => {
  await join()
  expect(await understood(await comesIn('aide'))).toBe('word')
  const [help] = await sent(phone)
  expect(help?.message).toMatchObject({ text: expect.stringContaining('http://ritornello.test/write/ana') })
  expect(await understood(await comesIn('Oui'))).toBe('message')
})

test('this program answers one address a few times a day, whatever comes from there', async () => {
  await join()
  for (let n = 0; n < 9; n++) await comesIn('HELP')
  expect(await sent(phone)).toHaveLength(5)
})

test('a text of a fan becomes a message, once however often it is told, and something that came back', async () => {
  const { fanId } = await join()
  const id = await comesIn('I can’t stop listening', {}, 3)
  expect(await understood(id)).toBe('message')
  const page = await conversationOf(id)
  expect(page).toMatchObject({ fanId, artistId: ana.id, state: 'open' })
  expect(page.messages.map(({ text }) => text)).toEqual(['I can’t stop listening'])
  expect(page.waitingSince).not.toBeNull()
  const { rows } = await platform.pool.query(
    'select kind, person_id from returns where details->>$1 = $2 and person_id = (select person_id from fans where id = $3)',
    ['channel', 'sms', fanId],
  )
  expect(rows.filter(({ kind }) => kind === 'reply')).toHaveLength(1)
  expect((await timelineOf(platform.db, page)).map(({ kind, what }) => `${kind} ${what}`)).toEqual(
    expect.arrayContaining(['return reply', 'consent confirmed']),
  )
})

test('somebody unknown gets a conversation of their own, the same the second time', async () => {
  const [one, two] = [await comesIn('Are you playing in Lyon?'), await comesIn('Or Paris?')]
  const page = await conversationOf(one)
  expect(page.fanId).toBeNull()
  expect((await conversationOf(two)).id).toBe(page.id)
  expect(page.who).toBe(phone)
})

const mailFan = async (mail: string) => {
  const read = readAddress('mail', mail)
  if (!read.ok) throw new Error(read.error)
  const { proveAddress } = await import('../fans/index.ts')
  return platform.db
    .transaction()
    .execute((tx) => proveAddress(tx, platform, read.value, { name: 'Léa', language: 'fr' }))
}

test('an answer by mail leads to the conversation that its address names, and the answer to it keeps the thread', async () => {
  const { fanId, addressId } = await mailFan('lea@fans.example')
  const deliveryId = await platform.db.transaction().execute((tx) =>
    enqueueOne(tx, {
      kind: 'answer',
      channel: 'mail',
      artistId: ana.id,
      fanId,
      addressId,
      address: 'lea@fans.example',
      language: 'fr',
      message: { subject: 'Tide', text: 'Here it is.' },
      dueAt: platform.now(),
    }),
  )
  const recipient = replyAddress(platform.signer, 'music.example', { deliveryId })
  const raw = [
    'From: Lea <lea@work.example>',
    'Message-ID: <abc@work.example>',
    'Subject: Re: Tide',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/plain',
    '',
    'Merci !',
    '--x',
    'Content-Type: text/html; name="../../evil.html"',
    'Content-Disposition: attachment; filename="../../evil.html"',
    '',
    '<script>alert(1)</script>',
    '--x',
    'Content-Type: image/png; name="us.png"',
    'Content-Disposition: attachment; filename="us.png"',
    'Content-Transfer-Encoding: base64',
    '',
    (
      await sharp({ create: { width: 40, height: 20, channels: 3, background: '#cc3311' } })
        .png()
        .toBuffer()
    ).toString('base64'),
    '--x--',
    '',
  ].join('\r\n')
  const id = await comesIn(
    'Merci !',
    { channel: 'mail', sender: 'lea@work.example', recipient, subject: 'Re: Tide', raw },
    3,
  )
  const page = await conversationOf(id)
  // From another address than was written to: it is still their conversation.
  expect(page).toMatchObject({ fanId, who: 'Léa' })
  const files = page.messages[0]?.files ?? []
  expect(files.map(({ name, image }) => [name, image?.width ?? null])).toEqual([
    ['evil.html', null],
    ['us.png', 40],
  ])
  const file = await get(`/studio/inbox/files/${files[0]?.id}`)
  expect(file.headers.get('content-disposition')).toMatch(/^attachment/)
  expect(file.headers.get('x-content-type-options')).toBe('nosniff')
  expect(file.headers.get('content-type')).toBe('application/octet-stream')
  const stranger = await signedIn(platform)
  expect((await get(`/studio/inbox/files/${files[0]?.id}`, stranger)).status).toBe(404)
  expect((await get(`/studio/inbox/${page.id}`, stranger)).status).toBe(404)

  const html = (await get(`/studio/inbox/${page.id}`)).html
  expect(html).toContain('us.png')
  const done = await post(`/studio/inbox/${page.id}/answer`, { seen: seenIn(html), way: 'mail', text: 'À bientôt.' })
  expect(done.to).toBe(`/studio/inbox/${page.id}?done=sent`)
  const [left] = await sent('lea@work.example')
  expect(left).toMatchObject({ kind: 'answer', fanId, artistId: ana.id })
  expect(left?.message).toMatchObject({
    subject: 'Re: Tide',
    text: 'À bientôt.',
    conversationId: page.id,
    headers: { 'In-Reply-To': '<abc@work.example>', References: '<abc@work.example>' },
  })
  expect((await conversationPage(platform.db, page.id))?.waitingSince).toBeNull()

  const again = await comesIn('Encore', {
    channel: 'mail',
    sender: 'lea@work.example',
    recipient: replyAddress(platform.signer, 'music.example', { conversationId: page.id }),
  })
  expect((await conversationOf(again)).id).toBe(page.id)
})

test('a mailbox with one address: what their program says it answers leads to the conversation, and nobody signs that but us', async () => {
  await mailFan('nils@fans.example')
  const { fanId } = (await fanByAddress(platform.db, 'mail', 'nils@fans.example')) ?? { fanId: '' }
  const deliveryId = await platform.db.transaction().execute((tx) =>
    enqueueOne(tx, {
      ...{ kind: 'answer', channel: 'mail', artistId: ana.id, fanId, address: 'nils@fans.example', language: 'en' },
      ...{ message: { text: 'Hello' }, dueAt: platform.now() },
    }),
  )
  const ours = `<${deliveryToken(platform.signer, deliveryId)}@music.example>`
  const from = { channel: 'mail', sender: 'nils@work.example', recipient: 'hello@music.example' } as const
  const answered = (name: string, header: string) =>
    comesIn(name, {
      ...from,
      raw: `From: nils@work.example\r\nMessage-ID: <${name}@work.example>\r\n${header}\r\n\r\n${name}`,
    })
  const id = await answered('first', `In-Reply-To: ${ours}`)
  expect(await understood(id)).toBe('message')
  expect((await conversationOf(id)).fanId).toBe(fanId)
  const further = await answered(
    'second',
    `References: ${ours} <first@work.example>\r\nIn-Reply-To: <first@work.example>`,
  )
  expect((await conversationOf(further)).id).toBe((await conversationOf(id)).id)
  const forged = await answered('forged', `In-Reply-To: ${ours.replace(/-.{4}/, '-0000')}`)
  expect(await understood(forged)).toBe('unknown')
})

test('a machine’s mail is kept, waits for nobody and counts for nothing', async () => {
  await mailFan('away@fans.example')
  const raw = 'From: away@fans.example\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <x@fans.example>\r\n\r\nAway.'
  const { fanId } = (await fanByAddress(platform.db, 'mail', 'away@fans.example')) ?? { fanId: '' }
  const deliveryId = await platform.db.transaction().execute((tx) =>
    enqueueOne(tx, {
      ...{ kind: 'answer', channel: 'mail', artistId: ana.id, fanId, address: 'away@fans.example', language: 'en' },
      ...{ message: { text: 'Hello' }, dueAt: platform.now() },
    }),
  )
  const recipient = replyAddress(platform.signer, 'music.example', { deliveryId })
  const id = await comesIn('STOP', { channel: 'mail', sender: 'away@fans.example', recipient, raw })
  expect(await understood(id)).toBe('automatic')
  const page = await conversationOf(id)
  expect(page.waitingSince).toBeNull()
  expect(page.messages[0]?.isAutomatic).toBe(true)
})

test('two who answer at once: one answer leaves, the other is told and keeps their words', async () => {
  await join()
  const page = await conversationOf(await comesIn('Do you sell vinyl?'))
  const ask = (text: string, by: string) =>
    answer(platform, { conversationId: page.id, text, way: 'sms', by, seen: page.lastId })
  const both = await Promise.all([ask('Yes.', writer.accountId), ask('Soon.', second.accountId)])
  expect(both.map((one) => (one.ok ? 'ok' : one.error)).sort()).toEqual(['meanwhile', 'ok'])
  expect(await sent(phone)).toHaveLength(1)
  const late = await post(`/studio/inbox/${page.id}/answer`, { seen: page.lastId, way: 'sms', text: 'My own words' })
  expect(late.status).toBe(422)
  expect(late.html).toContain('My own words')
  expect(late.html).toContain('There is a new message since you began')
  // What is pressed twice leaves once.
  const now = await conversationPage(platform.db, page.id)
  const twice = () =>
    answer(platform, {
      conversationId: page.id,
      text: 'Again',
      way: 'sms',
      by: writer.accountId,
      seen: now?.lastId ?? '',
    })
  const [a, b] = await Promise.all([twice(), twice()])
  expect(a.ok && b.ok && a.value.messageId === b.value.messageId).toBe(true)
  expect(await sent(phone)).toHaveLength(2)
})

test('several people see who else is there', async () => {
  const page = await conversationOf(await comesIn('Hello'))
  const here = async (who: SignedIn, writing: string) =>
    JSON.parse((await post(`/studio/inbox/${page.id}/here`, { writing }, who)).html) as { others: unknown[] }
  expect((await here(second, '1')).others).toEqual([])
  expect((await here(writer, '')).others).toEqual([{ name: 'Somebody', writing: true }])
  expect((await get(`/studio/inbox/${page.id}`)).html).toContain('is writing an answer')
  platform.pass(60_000)
  expect((await here(writer, '')).others).toEqual([])
})

test('the list shows who waits, the rail counts them; notes, hands, done, open again, spam', async () => {
  const page = await conversationOf(await comesIn('Line of the list'))
  const list = await get('/studio/inbox')
  expect(list.html).toContain('Line of the list')
  expect(list.html).toMatch(/class="waiting"><span aria-hidden="true">\d+/)
  const to = `/studio/inbox/${page.id}`
  await post(`${to}/note`, { note: 'She played the trumpet with us.' })
  await post(`${to}/assign`, { to: second.accountId })
  const html = (await get(to)).html
  expect(html).toContain('She played the trumpet')
  expect(await conversationPage(platform.db, page.id)).toMatchObject({ assignedTo: second.accountId })
  expect((await conversationPage(platform.db, page.id))?.waitingSince).not.toBeNull()
  await post(`${to}/state`, { state: 'done' })
  expect((await get('/studio/inbox')).html).not.toContain('Line of the list')
  expect((await get('/studio/inbox?show=done')).html).toContain('Line of the list')
  await comesIn('Line two of the list')
  expect((await get('/studio/inbox')).html).toContain('Line two of the list')
  await post(`${to}/state`, { state: 'spam' })
  await comesIn('Line three of the list')
  expect((await get('/studio/inbox')).html).not.toContain('Line three of the list')
  expect((await get('/studio/inbox?show=spam')).html).toContain('Line three of the list')
})

test('saved answers begin an answer', async () => {
  expect((await post('/studio/inbox/saved', { title: '', text: 'x' })).status).toBe(422)
  await post('/studio/inbox/saved', { title: 'Shop', text: 'The shop opens in May.' })
  const { id } = await platform.db.selectFrom('savedAnswers').select('id').executeTakeFirstOrThrow()
  const page = await conversationOf(await comesIn('Shop?'))
  expect((await get(`/studio/inbox/${page.id}?use=${id}`)).html).toMatch(/<textarea[^>]*>The shop opens in May\.</)
  const other = await signedIn(platform)
  expect((await get('/studio/inbox/saved', other)).status).toBe(404)
  await post(`/studio/inbox/saved/${id}/remove`, {})
  expect((await get('/studio/inbox/saved')).html).not.toContain('The shop opens')
})

test('a comment is said in the inbox, moves to its fan once they prove who they are, and is answered under the post', async () => {
  const { id: postId } = await createPost(platform.db, {
    artistId: ana.id,
    title: 'Kitchen',
    body: 'Rain',
    language: 'en',
  })
  await publishPost(platform, { postId, by: writer.accountId })
  const comment = {
    postId,
    name: 'Max',
    text: 'I was there.',
    language: 'en' as const,
    mail: 'max@fans.example',
    author: null,
  }
  const added = await addComment(platform, comment)
  const commentId = added.ok ? added.value.id : ''
  await Promise.all([1, 2, 3].map(() => jobs['journal.commented']({ commentId })))
  const row = () =>
    platform.db
      .selectFrom('conversationMessages')
      .innerJoin('conversations', 'conversations.id', 'conversationId')
      .select(['conversationId', 'fanId'])
      .where('commentId', '=', commentId)
      .execute()
  expect(await row()).toMatchObject([{ fanId: null }])
  const { confirmComment } = await import('../journal/index.ts')
  await confirmComment(platform, commentId)
  await Promise.all([1, 2].map(() => jobs['journal.commented']({ commentId })))
  const [now] = await row()
  expect(now?.fanId).toBe((await fanByAddress(platform.db, 'mail', 'max@fans.example'))?.fanId)
  const to = `/studio/inbox/${now?.conversationId}`
  const html = (await get(to)).html
  expect((await post(`${to}/answer`, { seen: seenIn(html), way: 'comment', text: 'You were loud.' })).to).toContain(
    'done=sent_comment',
  )
  expect((await get('/ana/journal/kitchen', null)).html).toContain('You were loud.')
})

test('anybody writes by the form; nobody writes into somebody else’s conversation by it', async () => {
  const { fanId } = await mailFan('zoe@fans.example')
  expect((await get('/write/ana', null)).html).toContain('Write to Ana')
  expect((await get('/write/nobody', null)).status).toBe(404)
  const form = { name: 'Zoe', mail: 'zoe@fans.example', text: 'May I use your song?' }
  expect((await post('/write/ana', { ...form, fx: 'x' }, null)).status).toBe(422)
  const wrong = await post('/write/ana', { ...form, mail: 'zoe' }, null)
  expect(wrong.status).toBe(422)
  expect(wrong.html).toContain('May I use your song?')
  expect((await post('/write/ana', form, null)).to).toBe('/write/ana?sent')
  await post('/write/ana', form, null)
  const rows = await platform.db
    .selectFrom('conversationMessages')
    .innerJoin('conversations', 'conversations.id', 'conversationId')
    .select(['conversationId', 'fanId'])
    .where('text', '=', form.text)
    .execute()
  expect(rows).toEqual([{ conversationId: expect.any(String), fanId: null }])
  expect(fanId).toBeTruthy()
  const html = (await get(`/studio/inbox/${rows[0]?.conversationId}`)).html
  expect(html).toContain('Nobody has shown yet')
})

test('what fans said is theirs to know, follows them, and goes with them', async () => {
  const one = await join()
  const first = await comesIn('From my first telephone')
  const firstPhone = phone
  phone = '+33612349999'
  const two = await join()
  const secondId = await comesIn('From my second telephone')
  const who = { fanId: one.fanId, personIds: [newId()], addressIds: [one.addressId], addressHashes: [] }
  expect(JSON.stringify(await inboxPersonalData.know(platform.db, who))).toContain('From my first telephone')
  await platform.db.transaction().execute((tx) => mergeFans(tx, REGISTRY, { from: two.fanId, into: one.fanId }))
  const page = await conversationOf(first)
  expect(page.messages.map(({ text }) => text)).toEqual(['From my first telephone', 'From my second telephone'])
  expect((await conversationOf(secondId)).id).toBe(page.id)
  await platform.db.transaction().execute((tx) =>
    eraseFan(tx, platform, REGISTRY, {
      fanId: one.fanId,
      wording: 'Erase me',
      language: 'en',
      source: 'preferences',
    }),
  )
  expect(await conversationPage(platform.db, page.id)).toBeNull()
  const received = await platform.db
    .selectFrom('received')
    .select(['sender', 'text'])
    .where('id', 'in', [first, secondId])
    .execute()
  expect(received).toEqual([
    { sender: '', text: '' },
    { sender: '', text: '' },
  ])
  expect(firstPhone).not.toBe(phone)
})

test('what was begun by the form joins the fan once they prove the address, and not before', async () => {
  const mail = `nils${number}@fans.example`
  const write = (to: string, text: string) => post(`/write/${to}`, { name: 'Nils', mail, text }, null)
  await write('ana', 'Is there a record?')
  await write('bo', 'And with Bo?')
  const asked = await platform.db.transaction().execute((tx) =>
    askToJoin(tx, platform, {
      to: { artistId: ana.id },
      channel: 'mail',
      address: mail,
      wording: 'Write to me',
      language: 'en',
      source: 'form',
    }),
  )
  if (!asked.ok) throw new Error(asked.error)
  const { subscriptionId, fanId } = asked.value
  const theirs = () => platform.db.selectFrom('conversations').select('id').where('fanId', '=', fanId).execute()
  // Told too early, by whomever: nothing is proved.
  await jobs['fans.joined']({ subscriptionId })
  expect(await theirs()).toEqual([])
  const yes = { recognised: false, wording: 'Yes', language: 'en', source: 'link' } as const
  await platform.db.transaction().execute((tx) => confirm(tx, platform, { subscriptionId, ...yes }))
  await jobs['fans.joined']({ subscriptionId })
  expect(await theirs()).toHaveLength(2)
  // Told again, with a conversation of their own by now: one stays one, and what another address began stays where it is.
  await write('ana', 'One more thing')
  await post('/write/ana', { name: 'Nils', mail: `x${mail}`, text: 'I am Nils' }, null)
  await jobs['fans.joined']({ subscriptionId })
  expect(await theirs()).toHaveLength(2)
  const { rows } = await platform.pool.query(
    `select m.text from conversation_messages m join conversations c on c.id = m.conversation_id
     where c.fan_id = $1 and c.artist_id = $2 order by m.at, m.id`,
    [fanId, ana.id],
  )
  expect(rows.map(({ text }) => text)).toEqual(['Is there a record?', 'One more thing'])
})

test('what came in is kept as it came for ninety days; then the conversation and the proof are left', async () => {
  const { fanId } = await join()
  await mailFan('old@fans.example')
  const told = await comesIn('I keep singing it')
  const left = await comesIn('Arrêt svp')
  const nobodys = await comesIn('Who is this?', {
    channel: 'mail',
    sender: 'somebody@fans.example',
    recipient: 'hello@music.example',
    raw: 'From: somebody@fans.example\r\nMessage-ID: <old@fans.example>\r\n\r\nWho is this?',
  })
  // Of a mail that could never be understood, no word is left either.
  const stuck = newId()
  await platform.db
    .insertInto('received')
    .values({
      ...{ id: stuck, channel: 'mail', providerId: null, providerRef: '<stuck@x.example> hello@music.example' },
      ...{ sender: 'x@x.example', recipient: 'hello@music.example', text: 'Stuck', storageKey: `received/${stuck}` },
      ...{ size: 5, receivedAt: platform.now(), handledAt: null },
    })
    .execute()
  await platform.storage.put(`received/${stuck}`, Buffer.from('Stuck'))
  const rowOf = (id: string) =>
    platform.db.selectFrom('received').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const after = async (days: number) => {
    const now = () => new Date(platform.now().getTime() + days * 86_400_000)
    const reach = reachJobs({ ...platform, now }, { subjects: {}, offers: async () => [], others: [] })
    await reach['reach.forget-received']()
  }
  await after(89)
  expect(await rowOf(told)).toMatchObject({ text: 'I keep singing it', sender: phone, forgottenAt: null })
  expect(await platform.storage.stat(`received/${stuck}`)).not.toBeNull()
  await after(91)
  await after(92)
  for (const id of [told, left, nobodys, stuck]) {
    expect(await rowOf(id)).toMatchObject({ sender: '', subject: '', text: '', storageKey: null, size: null })
    expect(JSON.stringify(await rowOf(id))).not.toMatch(/example|\+336123/)
    expect(await platform.storage.stat(`received/${id}`)).toBeNull()
  }
  // A network that says the same message again is still known to have said it.
  expect([await rowOf(left), await rowOf(nobodys)]).toMatchObject([
    { understood: 'word', providerRef: left, recipient: '+33600000000' },
    { understood: 'unknown' },
  ])
  expect((await rowOf(stuck)).handledAt).not.toBeNull()
  expect((await conversationOf(told)).messages.map(({ text }) => text)).toEqual(['I keep singing it'])
  const proof = await platform.db
    .selectFrom('consents')
    .select(['wording', 'proof'])
    .where('fanId', '=', fanId)
    .where('event', '=', 'withdrawn')
    .executeTakeFirstOrThrow()
  expect(proof).toMatchObject({ wording: 'Arrêt svp', proof: { received: left } })
})
