import type { Program } from '../e2e/support/program.ts'
import { runProgram } from './support/program.ts'
import { scene } from './support/scene.ts'

export const title = '200 voters at once on one contest, each with repeats, over HTTP: counted exactly, nobody twice'

const VOTERS = 200
const ENTRIES = ['North', 'East', 'South', 'West', 'Middle']
/** As many share a network: more than that would be held up, as a machine is. */
const BEHIND_ONE = 20

type Fields = Record<string, string | string[]>

export const bench = () =>
  scene(async (place) => {
    const running = await runProgram(place, { TRUSTED_PROXIES: '127.0.0.1,::1' })
    const { program, platform } = running
    const { pool } = platform
    const owner = await ownerOf(program)
    const { id, path, entries } = await openContest(program, owner, pool)
    const voters = Array.from({ length: VOTERS }, (_, n) => voterOf(program, path, entries, n))

    const begun = performance.now()
    await Promise.all(voters.map((voter) => voter.asks()))
    const links = await Promise.all(voters.map((voter) => voter.mailed()))
    // Some scanner presses as well, at the same time.
    await Promise.all(voters.flatMap((voter, n) => [voter.presses(links[n] ?? ''), voter.presses(links[n] ?? '')]))
    // Half think again, and send what they think twice at once.
    await Promise.all(voters.flatMap((voter, n) => (n % 2 ? [voter.thinksAgain(), voter.thinksAgain()] : [])))
    const seconds = (performance.now() - begun) / 1000

    const expected = entries.map((entry) => voters.filter((voter) => voter.approves().includes(entry)).length)
    const { rows } = await pool.query<{ entry: string; votes: number; people: number }>(
      `select entry_id as entry, count(*)::int as votes, count(distinct fan_id)::int as people from contest_votes
       where operation_id = $1 and withdrawn_at is null group by entry_id`,
      [id],
    )
    const counted = entries.map((entry) => rows.find((row) => row.entry === entry)?.votes ?? 0)
    const { rows: sums } = await pool.query<Record<'ballots' | 'fans' | 'twice' | 'returns', number>>(
      `select (select count(*) from contest_ballots where operation_id = $1 and confirmed_at is not null)::int as ballots,
        (select count(distinct fan_id) from contest_votes where operation_id = $1)::int as fans,
        (select count(*) from (select from contest_votes where operation_id = $1 group by entry_id, fan_id having count(*) > 1) double)::int as twice,
        (select count(*) from returns where kind = 'vote')::int as returns`,
      [id],
    )
    const [{ ballots, fans, twice, returns } = { ballots: 0, fans: 0, twice: 0, returns: 0 }] = sums
    await pool.query(`update operations set ends_at = now() - interval '1 second' where id = $1`, [id])
    const shown = await readResult(program, owner, id)

    console.log(
      `${VOTERS} voters, ${ballots} ballots confirmed in ${seconds.toFixed(1)} s, from the form to the mail to the press`,
    )
    console.log(
      `${'Entry'.padEnd(10)}${'approved by'.padStart(12)}${'counted'.padStart(10)}${'in the studio'.padStart(15)}`,
    )
    ENTRIES.forEach((name, n) => {
      const figures = [expected[n], counted[n], shown.get(name)].map((figure) => String(figure ?? '-'))
      console.log(name.padEnd(10) + figures[0]?.padStart(12) + figures[1]?.padStart(10) + figures[2]?.padStart(15))
    })
    const isExact = ENTRIES.every((name, n) => expected[n] === counted[n] && expected[n] === shown.get(name))
    console.log(`Counted exactly: ${isExact ? 'yes' : 'NO'}; double: ${twice}; people: ${fans}; returns: ${returns}`)
    if (!isExact || twice || fans !== VOTERS || returns !== VOTERS) process.exitCode = 1
  })

async function send(program: Program, path: string, fields: Fields, more: Record<string, string> = {}) {
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) body.append(name, each)
  const headers = { origin: program.url, ...more }
  const answer = await fetch(new URL(path, program.url), { method: 'POST', redirect: 'manual', headers, body })
  if (answer.status >= 400) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return { cookie, to: new URL(answer.headers.get('location') ?? '', program.url).pathname }
}
type Who = Record<string, string>

async function ownerOf(program: Program): Promise<Who> {
  const link = new URL(program.setUpLink ?? '').pathname
  const { cookie } = await send(program, link, { name: 'Ana', email: 'ana@bench.example', language: 'en' })
  return { cookie }
}

const readPage = async (program: Program, path: string, who: Who) =>
  (await fetch(new URL(path, program.url), { headers: who })).text()

/** A contest with entries that are shown, in which people vote now; everything by the forms, but for the days that pass. */
async function openContest(
  program: Program,
  owner: Who,
  pool: { query(text: string, values: unknown[]): Promise<unknown> },
) {
  await send(program, '/studio/artists/new', { name: 'Bench Artist', language: 'en', who: 'me' }, owner)
  await readPage(program, '/studio?desk=bench-artist', owner)
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16)
  const fields = { title: 'A word', words: '', language: 'en', sort: 'words', release: '', jury: '0', most: '1' }
  const dates = { entriesUntil: day(2), endsAt: day(4), zone: 'UTC' }
  const { to: studio } = await send(program, '/studio/operations/new', { ...fields, ...dates }, owner)
  await send(program, `${studio}/open`, {}, owner)
  const id = studio.split('/').at(-1) ?? ''
  const path = '/bench-artist/take-part/a-word'
  for (const name of ENTRIES) {
    const mail = `${name.toLowerCase()}@entries.example`
    const said = { name, title: name, text: `A word from the ${name}.`, mail, accept: 'on', rules: '1' }
    await send(program, `${path}/entries`, said)
    await send(program, await printed(program, mail), {})
  }
  const page = await readPage(program, `${studio}/entries`, owner)
  const found = [...page.matchAll(/id="entry-([0-9a-f-]{36})"[\s\S]*?class="entry-title"[^>]*>(\w+)</g)]
  const entries = ENTRIES.map((name) => found.find(([, , title]) => title === name)?.[1] ?? '')
  for (const entry of entries) await send(program, `${studio}/entries/${entry}/show`, {}, owner)
  await pool.query('update contests set entries_until = now() where operation_id = $1', [id])
  return { id, path, entries }
}

/** What the mail to this address leads to, once it has left. */
async function printed(program: Program, mail: string): Promise<string> {
  const [, link = ''] = await program.printed(new RegExp(`Mail to ${mail}:[\\s\\S]*?http:[^\\s]*?(/contests/\\S+)`))
  return link
}

/** Somebody with an address, a network, and what they approve. */
function voterOf(program: Program, path: string, entries: string[], n: number) {
  const letters = [...String(n).padStart(3, '0')].map((figure) => 'abcdefghij'[Number(figure)]).join('')
  const mail = `${letters}@voters.example`
  const network = { 'x-forwarded-for': `198.51.100.${Math.floor(n / BEHIND_ONE) + 1}` }
  const chosen = (shift: number) => entries.filter((_, at) => (n + shift) & (1 << at)) as string[]
  const first = chosen(1).length ? chosen(1) : entries.slice(0, 1)
  const second = chosen(13)
  let approved = first
  let cookie = ''
  return {
    approves: () => approved,
    asks: () => send(program, `${path}/votes`, { entry: first, mail }, network),
    mailed: () => printed(program, mail),
    async presses(link: string) {
      cookie = (await send(program, link, {}, network)).cookie || cookie
    },
    async thinksAgain() {
      approved = second
      await send(program, `${path}/votes`, { entry: second, mail }, { ...network, cookie })
    },
  }
}

/** How many approve each entry, as the artist reads it once voting is over. */
async function readResult(program: Program, owner: Who, id: string): Promise<Map<string, number>> {
  const page = await readPage(program, `/studio/operations/${id}/result`, owner)
  const rows = [...page.matchAll(/<tr role="row"><th role="rowheader"[\s\S]*?<\/tr>/g)]
  return new Map(
    rows.flatMap(([row]): [string, number][] => {
      const cells = [...row.matchAll(/<t[hd][^>]*>([^<]*)</g)].map(([, text = '']) => text)
      return [[cells[0] ?? '', Number(cells[3])]]
    }),
  )
}
