import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ParsedMail, simpleParser } from 'mailparser'
import { createTransport } from 'nodemailer'
import type { Pool } from 'pg'
import { SMTPServer } from 'smtp-server'
import { writeAlbum } from '../e2e/support/album.ts'
import { freePort, type Program, runCommand } from '../e2e/support/program.ts'
import { letPass } from './support/days.ts'
import { countFromArguments } from './support/fanout.ts'
import { inTurn } from './support/hands.ts'
import { runProgram } from './support/program.ts'
import { generator } from './support/random.ts'
import { type Scene, scene } from './support/scene.ts'

export const title =
  'a series of a song a week, four of them, each told in two waves to 2,000 fans who listen, answer, take, pass on and buy over HTTP: does the studio say the truth?'

const FANS = 2_000
const WEEKS = 4
/** Of ordinary life before the first song, which is what the past can tell. */
const WEEKS_BEFORE = 2
const WAVE_DAYS = 3
/** Minutes from the opening of the series to the hour of its first song. */
const BEFORE_FIRST = 10
/** Track of so many seconds, of which so many are heard: more than half. */
const SONG_SECONDS = 40
const HEARD_MS = 21_000
const AT_ONCE = 24
const ARTIST = { name: 'Bench Artist', slug: 'bench-artist' }

export const bench = () =>
  scene(async (place) => {
    const post = await postOffice(place)
    const incoming = await freePort()
    const running = await runProgram(place, {
      TRUSTED_PROXIES: '127.0.0.1,::1',
      SMTP_URL: `smtp://127.0.0.1:${post.port}`,
      MAIL_FROM: 'Bench Artist <bench@music.example>',
      MAIL_REPLIES: 'music.example',
      MAIL_LISTEN: `127.0.0.1:${incoming}`,
    })
    const world: World = {
      program: running.program,
      pool: running.platform.pool,
      post,
      answering: createTransport({ host: '127.0.0.1', port: incoming, ignoreTLS: true, pool: true, maxConnections: 4 }),
      random: generator(20261127),
      done: { listens: 0, replies: 0, orders: 0, money: 0, downloads: 0, brought: 0 },
    }
    place.atEnd(() => world.answering.close())
    const studio = await openStudio(world, place)
    await studio.open()
    const fans = await everybody(world, studio, countFromArguments(FANS))
    say(`${fans.length} fans joined by the form and said yes in their own browser`)

    for (let day = 0; day < 7 * WEEKS_BEFORE; day++) {
      await live(world, studio, ordinaryDay(world, fans))
      await letPass(world.pool, { days: 1 })
    }
    say(`${WEEKS_BEFORE} weeks of ordinary life: ${world.done.listens} listens`)

    await studio.layIn(Array.from({ length: WEEKS }, (_, at) => `Song ${at + 1}`))
    await letPass(world.pool, { minutes: 2 * BEFORE_FIRST })
    const lines: Line[] = []
    for (let week = 1; week <= WEEKS; week++) {
      await studio.given(`Song ${week}`)
      lines.push(...(await weekOf(world, studio, fans, week)))
    }
    say(await studio.kept())
    print(lines)
    await compareSums(world)
  })

type World = {
  program: Program
  pool: Pool
  post: PostOffice
  answering: ReturnType<typeof createTransport>
  random: () => number
  /** What the simulated people really did. */
  done: Record<'listens' | 'replies' | 'orders' | 'money' | 'downloads' | 'brought', number>
}

const say = (words: string) => console.log(`${new Date().toISOString().slice(11, 19)}  ${words}`)

// The people.

type Fan = {
  n: number
  mail: string
  cookie: string
  address: string
  /** Visits by themselves a day; very unequal, as people are. */
  visits: number
  /** How probably they come for being told. */
  answers: number
  took: Set<string>
}

/** What somebody does on one visit. */
type Visit = { listens: number; takes: boolean; amount: number | null; replies: boolean; passesTo: number }
type Plan = { fan: Fan; told: ParsedMail | null; visit: Visit }

const OUTCOMES = ['listens', 'replies', 'downloads', 'orders', 'money'] as const
type Outcome = (typeof OUTCOMES)[number]

/** Somebody who was told is keener than somebody who just passes. */
function visitOf({ random }: World, isTold: boolean): Visit {
  const chance = (told: number, byThemselves: number) => random() < (isTold ? told : byThemselves)
  return {
    listens: 1 + Math.min(20, Math.floor(Math.exp(normal(random) * 0.9))),
    takes: chance(0.3, 0.04),
    amount: chance(0.12, 0.02) ? 300 + Math.round(100 * Math.exp(normal(random) * 0.8 + 1)) : null,
    replies: isTold && random() < 0.12,
    passesTo: chance(0.1, 0.02) ? poisson(random, 1.2) : 0,
  }
}

const ordinaryDay = (world: World, fans: Fan[]): Plan[] =>
  fans.flatMap((fan) =>
    Array.from({ length: Math.min(5, poisson(world.random, fan.visits)) }, () => ({
      fan,
      told: null,
      visit: visitOf(world, false),
    })),
  )

/** A download is taken for an address once: who has it does not ask again. */
function whatItMakes(fan: Fan, visits: Visit[], song: string): Record<Outcome, number> {
  const sum = (of: (visit: Visit) => number) => visits.reduce((all, visit) => all + of(visit), 0)
  return {
    listens: sum(({ listens }) => listens),
    replies: sum(({ replies }) => Number(replies)),
    downloads: fan.took.has(song)
      ? 0
      : Math.min(
          1,
          sum(({ takes }) => Number(takes)),
        ),
    orders: sum(({ amount }) => Number(amount !== null)),
    money: sum(({ amount }) => amount ?? 0),
  }
}

/** Fans sign up with a browser of their own, agree to be recognised, and say yes with a press. */
async function everybody(world: World, { song }: Studio, count: number): Promise<Fan[]> {
  const { random, post } = world
  return inTurn(count, AT_ONCE, async (n) => {
    const mail = `fan${n}@fans.example`
    const fan: Fan = {
      ...{ n, mail, cookie: '', took: new Set<string>() },
      address: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
      visits: 0.06 * Math.exp(normal(random) * 1.1),
      answers: Math.min(0.9, 0.25 * Math.exp(normal(random) * 0.5)),
    }
    await touch(world, fan, song.subject, song.path, null)
    await send(world, fan, `/follow/${ARTIST.slug}`, { mail, recognised: 'on' })
    const asked = await post.next(mail)
    await send(world, fan, pathIn(asked, /\/confirm\/\S+/), { recognised: 'on' })
    return fan
  })
}

/** What is planned for a day is done: many people at a time, each one thing after another. */
async function live(world: World, studio: Studio, plans: Plan[]): Promise<void> {
  const each = [...Map.groupBy(plans, ({ fan }) => fan.n).values()]
  await inTurn(each.length, AT_ONCE, async (n) => {
    for (const plan of each[n] ?? []) await visit(world, studio, plan)
  })
}

async function visit(world: World, studio: Studio, { fan, told, visit: does }: Plan): Promise<void> {
  const { done, answering } = world
  const { song } = studio
  const via = told ? await followed(world, fan, told) : null
  await touch(world, fan, song.subject, song.path, via)
  for (let n = 0; n < does.listens; n++) {
    await listen(world, fan, song.track)
    done.listens++
  }
  if (does.takes && !fan.took.has(song.subject)) {
    await send(world, fan, `/take/release/${song.subject.split(':')[1]}`, { to: fan.mail, yes: 'on' })
    fan.took.add(song.subject)
    done.downloads++
  }
  if (does.amount !== null) {
    await studio.sell(fan, does.amount)
    done.orders++
    done.money += does.amount
  }
  if (does.replies && told) {
    const text = `I played it to my mother. (${fan.n})\n`
    const subject = `Re: ${told.subject}`
    await answering.sendMail({ from: fan.mail, to: told.replyTo?.text ?? '', subject, inReplyTo: told.messageId, text })
    done.replies++
  }
  if (does.passesTo) {
    const { to } = await send(world, fan, '/share', { subject: song.subject })
    for (let n = 0; n < does.passesTo; n++) {
      const address = `11.${Math.floor(world.random() * 255)}.${Math.floor(world.random() * 255)}.${n}`
      const stranger = { cookie: '', address }
      const code = to.split('/')[2] ?? ''
      const led = await get(world, stranger, `/s/${code}`)
      await touch(world, stranger, song.subject, song.path, new URL(led, world.program.url).searchParams.get('via'))
      await listen(world, stranger, song.track)
      done.brought++
      done.listens++
    }
  }
}

/** What the link of the mail that speaks of the song leads to names the mail. */
async function followed(world: World, fan: Browser, mail: ParsedMail): Promise<string | null> {
  const to = await get(world, fan, pathIn(mail, /\/l\/[\w.-]+/))
  return new URL(to, world.program.url).searchParams.get('via')
}

// A week.

type Line = { week: number; outcome: Outcome; truth: number } & (
  | { tooFew: string }
  | { effect: number; low: number; high: number }
)

/**
 * One song: told to half at once and to the others some days later, while everybody goes on as ever. What each would do in those days, told and not told, is drawn before anybody is:
 * the truth is the mean of the difference.
 */
async function weekOf(world: World, studio: Studio, fans: Fan[], week: number): Promise<Line[]> {
  const { pool, post } = world
  const ordinary = Array.from({ length: WAVE_DAYS }, () => ordinaryDay(world, fans))
  const forBeingTold = new Map(
    fans.flatMap((fan) =>
      world.random() < fan.answers
        ? [[fan.n, { day: dayOf(world.random()), visit: visitOf(world, true) }] as const]
        : [],
    ),
  )
  const truth = truthOf(fans, ordinary, forBeingTold, studio.song.subject)

  const id = await studio.announce(week)
  await letPass(pool, { minutes: 2 })
  await studio.job('reach.leave', { announcementId: id }, `reach.leave:${id}`)
  const first = Math.ceil(fans.length / 2)
  const told = await post.all(fans, `Song ${week}`, first)
  say(`week ${week}: ${told.size} told in the first wave`)
  await letPass(pool, { minutes: 60 })
  const tellFrom = (mails: Map<string, ParsedMail>, day: number) =>
    fans.flatMap((fan): Plan[] => {
      const mail = mails.get(fan.mail)
      const would = forBeingTold.get(fan.n)
      return mail && would?.day === day ? [{ fan, told: mail, visit: would.visit }] : []
    })
  for (let day = 0; day < WAVE_DAYS; day++) {
    await live(world, studio, [...(ordinary[day] ?? []), ...tellFrom(told, day)])
    await settle(world)
    await letPass(pool, { days: 1 })
    await studio.job('reach.read-waves', {}, 'bench-reading')
  }
  const all = await post.all(fans, `Song ${week}`, fans.length)
  const second = new Map([...all].filter(([mail]) => !told.has(mail)))
  say(`week ${week}: ${second.size} told in the second wave`)
  const lines = await studio.answer(id, week, truth)
  await letPass(pool, { minutes: 60 })
  for (let day = 0; day < 7 - WAVE_DAYS; day++) {
    await live(world, studio, [...ordinaryDay(world, fans), ...tellFrom(second, day)])
    await settle(world)
    await letPass(pool, { days: 1 })
  }
  return lines
}

const dayOf = (chance: number) => (chance < 0.7 ? 0 : chance < 0.9 ? 1 : 2)

function truthOf(
  fans: Fan[],
  ordinary: Plan[][],
  forBeingTold: Map<number, { visit: Visit }>,
  song: string,
): Record<Outcome, number> {
  const byThemselves = Map.groupBy(ordinary.flat(), ({ fan }) => fan.n)
  const sums: Record<Outcome, number> = { listens: 0, replies: 0, downloads: 0, orders: 0, money: 0 }
  for (const fan of fans) {
    const without = (byThemselves.get(fan.n) ?? []).map(({ visit: does }) => does)
    const more = forBeingTold.get(fan.n)
    if (!more) continue
    const [told, not] = [whatItMakes(fan, [...without, more.visit], song), whatItMakes(fan, without, song)]
    for (const outcome of OUTCOMES) sums[outcome] += told[outcome] - not[outcome]
  }
  for (const outcome of OUTCOMES) sums[outcome] /= fans.length
  return sums
}

// The artist's side, by the forms of the studio.

type Song = { subject: string; path: string; track: string; product: string; variant: string }
type Studio = Awaited<ReturnType<typeof openStudio>>

async function openStudio(world: World, place: Scene) {
  const { program, pool } = world
  const owner: Browser = { cookie: '', address: '192.0.2.1' }
  const here: { song: Song; series: string } = {
    song: { subject: '', path: '', track: '', product: '', variant: '' },
    series: '',
  }
  const page = (path: string) => read(world, owner, path)
  const form = async (path: string, fields: Record<string, string>) => (await send(world, owner, path, fields)).to

  /** A song as it comes from the artist's folder: public at once, or a draft. */
  async function bring(title: string, as: 'public' | 'draft'): Promise<void> {
    const tracks = [{ title, seconds: SONG_SECONDS }]
    const folder = await writeAlbum(place.folder, { artist: ARTIST.name, title, date: '2026', genre: 'Folk', tracks })
    const args = ['import', folder, '--json', ...(as === 'public' ? ['--publish'] : [])]
    const { stderr } = await runCommand(args, { DATA_DIR: program.dataDir })
    if (stderr) throw new Error(stderr)
  }

  const releaseOf = async (title: string) => {
    const { rows } = await pool.query<{ id: string; slug: string; track: string; visibility: string }>(
      `select r.id, r.slug, r.visibility, t.id as track from releases r join tracks t on t.release_id = r.id where r.title = $1`,
      [title],
    )
    if (!rows[0]) throw new Error(`There is no ${title}`)
    return rows[0]
  }

  /** From now on it is this song that people hear, take and buy. */
  async function offer(title: string): Promise<void> {
    const { id, slug, track } = await releaseOf(title)
    const subject = `release:${id}`
    await form(`/studio/music/${id}/access/gives`, { gives: 'stream-and-download', for: 'address' })
    const product = (await form('/studio/shop/new', { kind: 'download', subject, title })).split('?')[0] ?? ''
    const shown = await page(product)
    const [version = '', variant = ''] = [/name="version" value="(\d+)"/, /name="v_id" value="([^"]+)"/].map(
      (of) => shown.match(of)?.[1] ?? '',
    )
    await form(product, { version, title, subject, pricing: 'named', price: '3', suggested: '5', v_id: variant })
    await form(`${product}/offer`, {})
    here.song = { subject, path: `/${ARTIST.slug}/${slug}`, track, product: product.split('/').at(-1) ?? '', variant }
  }

  /** The place is the artist's, who sells; one song is there before all others. */
  async function open(): Promise<void> {
    await bring('Before', 'public')
    // Whoever first owns the place answers for who is there.
    await form(new URL(program.setUpLink ?? '').pathname, { name: 'Ana', email: 'ana@bench.example', language: 'en' })
    await page(`/studio?desk=${ARTIST.slug}`)
    const seller = { legalName: 'Bench Artist', lines: '3 rue du Port', postcode: '29900', city: 'Concarneau' }
    const regime = { vatRegime: 'small', country: 'FR', currency: 'EUR', yearBegins: '1' }
    await form('/studio/books/seller', { ...seller, ...regime })
    await form('/studio/shop/settings', { paysTo: 'FR76 3000', holdDays: '30' })
    await offer('Before')
  }

  /** A series of a week's rhythm with all its songs laid in. It tells nobody by itself: the artist does, in two waves. */
  async function layIn(titles: string[]): Promise<void> {
    const first = new Date(Date.now() + BEFORE_FIRST * 60_000).toISOString()
    const rhythm = { unit: 'week', every: '1', firstDay: first.slice(0, 10), hour: first.slice(11, 16), zone: 'UTC' }
    const words = { title: 'A song a week', words: 'Four of them.', language: 'en', count: String(titles.length) }
    here.series = (await form('/studio/series/new', { ...words, ...rhythm })).split('?')[0] ?? ''
    await form(`${here.series}/each`, { notice: 'none', noticeWords: '', price: '' })
    for (const title of titles) {
      await bring(title, 'draft')
      await form(`${here.series}/lay-in`, { draft: `release:${(await releaseOf(title)).id}` })
    }
    await form(`${here.series}/open`, {})
  }

  /** Its hour has come: the series gives it by itself, at the latest by the next look of the job that looks each minute. */
  async function given(title: string): Promise<void> {
    await job('operations.give', {}, 'bench-give')
    if ((await releaseOf(title)).visibility !== 'public') throw new Error(`The series did not give ${title}`)
    await offer(title)
  }

  /** What the studio says of how the series kept its hours. */
  async function kept(): Promise<string> {
    const said = (await page(here.series)).match(/The last[^<]* on time[^<]*/)?.[0]
    if (!said?.includes(String(WEEKS))) throw new Error(`The series did not keep its hours: ${said}`)
    return `the series, in the studio: ${said}`
  }

  async function announce(week: number): Promise<string> {
    const path = await form('/studio/announcements', { subject: here.song.subject })
    const seen = (await page(path)).match(/name="seen" value="([^"]+)"/)?.[1] ?? ''
    const words = { title_en: `Song ${week}`, body_en: 'It rained for a week, so I played. It is yours.' }
    await form(path, { seen, channels: 'mail', subjects: here.song.subject, ...words })
    const how = { when: 'now', undo: '1', at: '', zone: 'Europe/Paris', waves: '2', days: String(WAVE_DAYS) }
    await form(`${path}/send`, how)
    return path.split('/').at(-1) ?? ''
  }

  async function job(name: string, payload: object, key: string): Promise<void> {
    await pool.query(`select graphile_worker.add_job($1, $2::json, job_key => $3)`, [
      name,
      JSON.stringify(payload),
      key,
    ])
    for (let waited = 0; waited < 120_000; waited += 100) {
      const { rows } = await pool.query('select 1 from graphile_worker.jobs where key = $1', [key])
      if (!rows.length) return
      await sleep(100)
    }
    throw new Error(`The job ${name} was not done`)
  }

  /** The last reading, from which the announcement's page is written, beside the truth. */
  async function answer(id: string, week: number, truth: Record<Outcome, number>): Promise<Line[]> {
    const { rows } = await pool.query<{ figures: ({ outcome: string } & Record<string, unknown>)[] }>(
      'select figures from wave_readings where announcement_id = $1 and is_final',
      [id],
    )
    const figures = rows[0]?.figures
    if (!figures) throw new Error('There is no last reading')
    return OUTCOMES.map((outcome) => {
      const figure = figures.find((one) => one.outcome === outcome)
      if (!figure || 'tooFew' in figure)
        return { week, outcome, truth: truth[outcome], tooFew: String(figure?.['tooFew']) }
      const { effect, low, high } = figure as unknown as { effect: number; low: number; high: number }
      return { week, outcome, truth: truth[outcome], effect, low, high }
    })
  }

  /** Somebody orders, pays by transfer, and the artist sees it on the account the same day. */
  async function sell(fan: Fan, amount: number): Promise<void> {
    const { product, variant } = here.song
    await send(world, fan, '/basket/add', { product, variant, named: (amount / 100).toFixed(2) })
    const basket = await read(world, fan, '/basket')
    const [order = '', key = ''] = [/action="(\/basket\/[^"]+\/order)"/, /name="form" value="([^"]+)"/].map(
      (of) => basket.match(of)?.[1] ?? '',
    )
    const bought = { form: key, mail: fan.mail, name: `Fan ${fan.n}`, country: 'FR', provider: 'manual', waiver: 'on' }
    await send(world, fan, order, bought)
    const { rows } = await pool.query<{ id: string }>(
      `select id from orders where mail = $1 and state <> 'paid' order by placed_at desc limit 1`,
      [fan.mail],
    )
    await form(`/studio/orders/${rows[0]?.id}/paid`, { amount: (amount / 100).toFixed(2) })
  }

  return {
    open,
    layIn,
    given,
    kept,
    announce,
    job,
    answer,
    sell,
    get song() {
      return here.song
    },
  }
}

// What is said at the end.

function print(lines: Line[]): void {
  console.log(
    `\n${'Week'.padEnd(6)}${'a fan'.padEnd(12)}${'truth'.padStart(9)}${'said'.padStart(9)}${'from'.padStart(9)}${'to'.padStart(9)}`,
  )
  let [told, held] = [0, 0]
  for (const line of lines) {
    const figure = (value: number) => value.toFixed(3).padStart(9)
    const start = String(line.week).padEnd(6) + line.outcome.padEnd(12) + figure(line.truth)
    if ('tooFew' in line) {
      console.log(`${start}  nothing is claimed (${line.tooFew})`)
      continue
    }
    const isHeld = line.low <= line.truth && line.truth <= line.high
    told++
    held += Number(isHeld)
    console.log(start + figure(line.effect) + figure(line.low) + figure(line.high) + (isHeld ? '' : '   MISSED'))
  }
  console.log(`${held} of ${told} intervals hold the truth; all of one week at once are meant to hold 95 times in 100`)
}

/** What was really done, beside what the place has counted. */
async function compareSums({ pool, done }: World): Promise<void> {
  const { rows } = await pool.query<Record<keyof World['done'], number>>(
    `select count(*) filter (where kind = 'listen')::int as listens, count(*) filter (where kind = 'reply')::int as replies,
      count(*) filter (where kind = 'order')::int as orders, coalesce(sum(amount), 0)::int as money,
      (select count(*)::int from takings) as downloads, (select count(*)::int from brought) as brought from returns`,
  )
  console.log(`\n${''.padEnd(12)}${'done'.padStart(9)}${'counted'.padStart(9)}`)
  let isExact = true
  for (const [what, count] of Object.entries(done)) {
    const counted = rows[0]?.[what as keyof World['done']] ?? -1
    isExact &&= counted === count
    console.log(what.padEnd(12) + String(count).padStart(9) + String(counted).padStart(9))
  }
  console.log(isExact ? 'Counted exactly.' : 'NOT counted exactly.')
  if (!isExact) process.exitCode = 1
}

// Browsers that show nothing.

type Browser = { cookie: string; address: string }

async function ask({ program }: World, who: Browser, path: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(new URL(path, program.url), {
    redirect: 'manual',
    ...init,
    headers: {
      origin: program.url,
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      'x-forwarded-for': who.address,
      ...(who.cookie && { cookie: who.cookie }),
      ...init.headers,
    },
  })
  if (answer.status >= 500) console.error(program.output().slice(-3_000))
  if (answer.status >= 400)
    throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 2_000)}`)
  const held = new Map(who.cookie.split('; ').map((one) => one.split('=', 2) as [string, string]))
  for (const line of answer.headers.getSetCookie()) {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s)
    held.set(name, value)
  }
  who.cookie = [...held].flatMap(([name, value]) => (name ? [`${name}=${value}`] : [])).join('; ')
  return answer
}

async function send(world: World, who: Browser, path: string, fields: Record<string, string>): Promise<{ to: string }> {
  const answer = await ask(world, who, path, { method: 'POST', body: new URLSearchParams(fields) })
  await answer.arrayBuffer()
  return { to: new URL(answer.headers.get('location') ?? path, world.program.url).pathname }
}

/** Where a link leads on to. */
async function get(world: World, who: Browser, path: string): Promise<string> {
  const answer = await ask(world, who, path, {})
  await answer.arrayBuffer()
  return answer.headers.get('location') ?? ''
}

const read = async (world: World, who: Browser, path: string): Promise<string> =>
  (await ask(world, who, path, {})).text()

const report = (world: World, who: Browser, path: string, said: object) =>
  ask(world, who, path, { method: 'POST', body: JSON.stringify(said), headers: { 'content-type': 'application/json' } })

async function touch(world: World, who: Browser, subject: string, path: string, token: string | null): Promise<void> {
  await report(world, who, '/api/touches', { key: randomUUID(), kind: 'page', subject, path, referrer: null, token })
}

async function listen(world: World, who: Browser, track: string): Promise<void> {
  const startedAt = new Date(Date.now() - HEARD_MS - 1_000)
  await report(world, who, '/api/listens', { play: randomUUID(), track, startedAt, playedMs: HEARD_MS })
}

// Mail.

type PostOffice = Awaited<ReturnType<typeof postOffice>>

/** A mail server that keeps what it is given by recipient. */
async function postOffice({ atEnd }: Scene) {
  const boxes = new Map<string, ParsedMail[]>()
  const waiting = new Map<string, (mail: ParsedMail) => void>()
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, { envelope }, done) =>
      void simpleParser(stream).then((mail) => {
        const to = envelope.rcptTo[0]?.address ?? ''
        boxes.set(to, [...(boxes.get(to) ?? []), mail])
        waiting.get(to)?.(mail)
        waiting.delete(to)
        done()
      }, done),
  })
  server.on('error', () => undefined)
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  atEnd(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return {
    port,
    /** The first mail that an address gets. */
    next: (to: string) => boxes.get(to)?.[0] ?? new Promise<ParsedMail>((resolve) => void waiting.set(to, resolve)),
    /** The mails of this subject, once there are so many; the last of them some seconds ago, since who clicks sooner is a machine. */
    async all(fans: Fan[], subject: string, count: number): Promise<Map<string, ParsedMail>> {
      for (let waited = 0; ; waited += 250) {
        const found = new Map(
          fans.flatMap(({ mail }) => {
            const [one, twice] = (boxes.get(mail) ?? []).filter((each) => each.subject === subject)
            if (twice) throw new Error(`${mail} was told twice`)
            return one ? [[mail, one] as const] : []
          }),
        )
        if (found.size >= count) {
          await sleep(6_000)
          return found
        }
        if (waited > 180_000) throw new Error(`Only ${found.size} of ${count} were told of ${subject}`)
        await sleep(250)
      }
    },
  }
}

const pathIn = (mail: ParsedMail, pattern: RegExp): string => {
  const [path] = mail.text?.match(pattern) ?? []
  if (!path) throw new Error(`No ${pattern} in: ${mail.text}`)
  return path
}

/** What is on its way (touches that a process gathers, answers that a worker files) has arrived. */
async function settle({ pool, done }: World): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 250) {
    const { rows } = await pool.query<{ replies: number }>(
      `select count(*)::int as replies from returns where kind = 'reply'`,
    )
    if ((rows[0]?.replies ?? 0) >= done.replies) break
    await sleep(250)
  }
  await sleep(2_500)
}

// Chance.

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function poisson(random: () => number, mean: number): number {
  let [count, left] = [0, random()]
  for (let chance = Math.exp(-mean); left > chance && count < 50; chance *= mean / count) {
    left -= chance
    count++
  }
  return count
}
