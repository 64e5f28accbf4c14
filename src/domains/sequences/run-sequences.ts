import './tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { mayTake } from '../audio/index.ts'
import { type Offer, type OfferSource, recordGift } from '../exchange/index.ts'
import { type Channel, giveTo, lastsUntil, takePath } from '../fans/index.ts'
import { type Sender, senderId, senderOf } from '../identity/index.ts'
import { countedTo, hoursOf, type NewLetter, sayOneAtATime, sendLetters, type Way, waysOf } from '../reach/index.ts'
import { codesFor } from './codes.ts'
import { giversFor } from './givers.ts'
import { asOfNow, deedsSince, type Known, livesOf, partsFor } from './lives.views.ts'
import { giveSubject } from './paths.rules.ts'
import { type Give, givesOf, type Plan, type When } from './plan.rules.ts'
import { columnOf, limitOf, planOf, sequenceById } from './sequence.store.ts'
import { DAY_MS, type Given, isReachable, type Run, triggersOf, type World, walk } from './walk.rules.ts'

type Deps = Pick<Platform, 'db' | 'now' | 'signer'>

const LOT = 200
/** What was being written down while it was last looked is found the next time. */
const LATE_MS = 3_600_000

/** Once a minute: whom something let in comes in, and everybody whose time has come goes on. What fails for one artist or label holds up nobody else. */
export async function runSequences(deps: Deps, offers: OfferSource): Promise<void> {
  const on = await deps.db
    .selectFrom('sequences')
    .leftJoin('artists', 'artists.id', 'artistId')
    .leftJoin('labels', 'labels.id', 'labelId')
    .select(['sequences.id', 'artistId', 'labelId'])
    .where('sequences.state', '=', 'on')
    // Who is on the way out says nothing more, whatever was switched on in that very moment.
    .where(({ fn, ref }) => fn.coalesce(ref('artists.goesAt'), ref('labels.goesAt')), 'is', null)
    .orderBy('sequences.id')
    .execute()
  const failures: unknown[] = []
  const each = async (work: () => Promise<void>) => work().catch((error) => failures.push(error))
  for (const { id } of on) await each(() => letIn(deps, offers, id))
  const senders = new Map(on.map(senderOf).map((sender) => [senderId(sender), sender]))
  for (const sender of senders.values())
    await each(async () => {
      while ((await goOn(deps, offers, sender)) === LOT);
    })
  if (failures.length) throw failures[0]
}

/** Lets in whoever something happened to since it was last looked: each once for it, whatever dies or is done twice. */
export async function letIn({ db, now }: Deps, offers: OfferSource, id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const found = await sequenceById(tx, id, { lock: true })
    if (!found) return
    const { sender, state, version, onAt, seenUntil } = found.sequence
    if (state !== 'on' || version === null || !onAt || !seenUntil) return
    const plan = await planOf(tx, id, version)
    const until = now()
    const from = new Date(Math.max(onAt.getTime(), seenUntil.getTime() - LATE_MS))
    const parts = await partsFor(tx, offers, sender, plan)
    for await (const fanIds of candidates(tx, sender, plan.when, from, until)) {
      const lives = await livesOf(tx, { sender, plan, fanIds, since: deedsSince(plan, from) })
      const reachable = new Set((await waysOf(tx, sender, fanIds)).map(({ fanId }) => fanId))
      const entries = [...lives.values()].flatMap((life) => {
        if (!reachable.has(life.fanId)) return []
        const span = { from: from.getTime(), until: until.getTime() }
        return triggersOf(plan.when, life, span, { parts }).map((trigger) => ({ ...trigger, fanId: life.fanId }))
      })
      await enter(tx, { id, version, again: plan.again, entries, now: until })
    }
    await tx.updateTable('sequences').set({ seenUntil: until }).where('id', '=', id).execute()
  })
}

type Entry = { fanId: string; key: string; at: number }

/** Whoever is on their way already is not let in a second time; that it happened is written down, so that it does not let them in later. */
async function enter(
  tx: Tx,
  { id, version, again, entries, now }: { id: string; version: number; again: boolean; entries: Entry[]; now: Date },
): Promise<void> {
  if (!entries.length) return
  const { rows } = await sql<{ fanId: string; walking: boolean }>`
    select fan_id as "fanId", bool_or(state = 'walking') as walking from sequence_runs
    where sequence_id = ${id} and fan_id = any(${entries.map(({ fanId }) => fanId)}::uuid[]) group by 1`.execute(tx)
  const were = new Map(rows.map(({ fanId, walking }) => [fanId, walking]))
  const made = entries.flatMap(({ fanId, key, at }) => {
    const walking = were.get(fanId)
    if (walking !== undefined && !again) return []
    were.set(fanId, true)
    return [{ id: newId(now.getTime()), fanId, key, at: new Date(at), state: walking ? 'passed' : 'walking' }]
  })
  await sql`
    insert into sequence_runs (id, sequence_id, version, fan_id, key, entered_at, due_at, state, ended_at)
    select t.id, ${id}::uuid, ${version}::smallint, t."fanId", t.key, t.at, t.at, t.state, case when t.state = 'passed' then ${now}::timestamptz end
    from json_to_recordset(${JSON.stringify(made)}::json) as t(id uuid, "fanId" uuid, key text, at timestamptz, state text)
    on conflict do nothing`.execute(tx)
}

/** Those to whom it may have happened, found by what is kept for counting; the rules say whether it did. So many at a time. */
async function* candidates(tx: Tx, sender: Sender, when: When, from: Date, until: Date): AsyncGenerator<string[]> {
  for (let after: string | null = null; ; ) {
    const { rows }: { rows: { fanId: string }[] } = await sql<{ fanId: string }>`
      select fan_id as "fanId" from (${mayBe(sender, when, from, until)}) c
      where fan_id is not null and (${after}::uuid is null or fan_id > ${after}::uuid) group by fan_id order by fan_id limit ${LOT}`.execute(
      tx,
    )
    if (rows.length) yield rows.map(({ fanId }) => fanId)
    after = rows.at(-1)?.fanId ?? null
    if (rows.length < LOT) return
  }
}

function mayBe(sender: Sender, when: When, from: Date, until: Date) {
  const id = senderId(sender)
  const joined = (after: Date, upTo: Date) =>
    sql`select fan_id from subscriptions where ${sql.ref(columnOf(sender))} = ${id} and state = 'active' and joined_at > ${after} and joined_at <= ${upTo}`
  switch (when.is) {
    case 'joined':
      return joined(from, until)
    case 'part':
      return sql`select p.fan_id from operation_people p join operations o on o.id = p.operation_id
        where o.artist_id = ${id} and p.at > ${from} and p.at <= ${until}`
    case 'silent': {
      const span = when.weeks * 7 * DAY_MS
      const [since, before] = [new Date(from.getTime() - span), new Date(until.getTime() - span)]
      if ('labelId' in sender)
        return sql`${joined(since, before)} union all select s.fan_id from standings s
          where s.artist_id = ${id} and s.channels <> 0 and s.answered_at > ${since}`
      return sql`${joined(since, before)} union all select s.fan_id from standings s join fans f on f.id = s.fan_id
        where s.artist_id = ${id} and s.channels <> 0 and f.recognised_since <= ${before}
          and greatest(s.listened_at, s.took_at, s.bought_at, s.answered_at, s.joined_at, f.recognised_since) > ${since}`
    }
    default: {
      const kinds = when.is === 'bought' ? ['order'] : ['download', 'acceptance']
      return sql`select fan_of(r.person_id, r.at) as fan_id from returns r
        where r.artist_id = ${id} and r.kind = any(${kinds}::text[]) and r.at > ${from} and r.at <= ${until} and r.person_id is not null`
    }
  }
}

type Due = {
  id: string
  sequenceId: string
  version: number
  fanId: string
  step: number
  enteredAt: Date
  dueAt: Date
}

/**
 * Takes some of an artist's or label's people on, each as far as their time has come: what they are given is a delivery, written in the transaction that takes them past it. Answers with
 * how many there were. One after the other for a sender, so that the limit counts all sequences; a label's counts what it announces as well.
 */
export async function goOn({ db, now, signer }: Deps, offers: OfferSource, sender: Sender): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${senderId(sender)}, 94))`.execute(tx)
    if ('labelId' in sender) {
      await sayOneAtATime(tx, sender)
      // Held until this is done: who takes their word back stops it now, or finds it written, and the engine asks again.
      await tx.selectFrom('mandates').select('id').where('labelId', '=', sender.labelId).forShare().execute()
    }
    // Before their people, as whoever switches one off does: the other way round the two could wait for each other for ever.
    const on = await tx
      .selectFrom('sequences')
      .select('id')
      .where(columnOf(sender), '=', senderId(sender))
      .where('state', '=', 'on')
      .orderBy('id')
      .forShare()
      .execute()
    const at = now()
    // Whoever is being merged or erased in this moment is taken on the next time.
    const { rows: runs } = await sql<Due>`
      select r.id, r.sequence_id as "sequenceId", r.version, r.fan_id as "fanId", r.step, r.entered_at as "enteredAt", r.due_at as "dueAt"
      from sequence_runs r join fans f on f.id = r.fan_id
      where r.sequence_id = any(${on.map(({ id }) => id)}::uuid[]) and r.state = 'walking' and r.due_at <= ${at}
      order by r.due_at, r.id limit ${LOT} for update of r skip locked for key share of f skip locked`.execute(tx)
    if (!runs.length) return 0
    const people = [...new Set(runs.map(({ fanId }) => fanId))]
    const limit = await limitOf(tx, sender)
    const ways = Map.groupBy(await waysOf(tx, sender, people), ({ fanId }) => fanId)
    const told = await toldBefore(tx, {
      sender,
      fanIds: people,
      since: new Date(at.getTime() - limit.days * DAY_MS),
      now: at,
    })
    const dueAt = await hoursOf(tx, sender)
    const letters: NewLetter[] = []
    let codes: Awaited<ReturnType<typeof codesFor>> | null = null
    let listed: Promise<Offer[]> | null = null
    const known = () => (listed ??= offers(tx, senderId(sender)))
    const gifts = new Map<string, string>()
    for (const group of Map.groupBy(runs, ({ sequenceId, version }) => `${sequenceId} ${version}`).values()) {
      const [{ sequenceId, version }] = group as [Due]
      const plan = await planOf(tx, sequenceId, version)
      const parts = await partsFor(tx, offers, sender, plan)
      const { mayGive } = await giversFor(tx, offers, sender, givesOf(plan))
      if ('artistId' in sender && givesOf(plan).some(({ batch }) => batch))
        codes ??= await codesFor(tx, sender.artistId, people, at)
      const entered = new Date(Math.min(...group.map(({ enteredAt }) => enteredAt.getTime())))
      const fanIds = group.map(({ fanId }) => fanId)
      const lives = await livesOf(tx, { sender, plan, fanIds, since: deedsSince(plan, entered) })
      for (const run of group) {
        const theirs = ways.get(run.fanId) ?? []
        const by = (channel: Channel) =>
          theirs.find((one) => one.channel === channel && (one.pausedUntil === null || one.pausedUntil <= at))
        const dueBy = (channel: Channel, moment: number) => {
          const way = by(channel)
          return way ? dueAt(way, new Date(moment)) : null
        }
        const life = lives.get(run.fanId)
        const world: World = {
          ...{ limit, parts, hours: (channel, moment) => dueBy(channel, moment)?.at.getTime() ?? null },
          codeOf: (give, given) => codes?.stateOf(run.fanId, give, given) ?? 'here',
          mayGive,
        }
        const given = await takeOn(tx, {
          run,
          plan,
          life: life && asOfNow(life, theirs),
          at,
          told: told(run.fanId),
          world,
        })
        for (const { give, channel } of given) {
          const [way, due] = [by(channel), dueBy(channel, at.getTime())]
          if (!way || !due || !give.letterId) throw new Error('What was given has no way to them.')
          const own =
            codes && give.batch
              ? await codes.give(tx, { now }, run.fanId, give)
              : 'artistId' in sender
                ? await takeHome(tx, { signer, now }, await known(), { artistId: sender.artistId, give, way })
                : null
          letters.push({ letterId: give.letterId, sender, way, due, own, once: `letter:${run.id}:${give.id}` })
          // What comes back of it is theirs whose music it is (docs/decisions/0055).
          gifts.set(give.giveId, give.givenBy ?? senderId(sender))
        }
      }
    }
    for (const [giveId, artistId] of gifts)
      await recordGift(tx, { artistId, kind: 'sequence', subject: giveSubject(giveId), at, audience: 'segment' })
    await sendLetters(tx, letters, at)
    return runs.length
  })
}

/** The download's own link for somebody, while it may be taken home. Its key is good for as long as all such links. */
async function takeHome(
  tx: Tx,
  deps: Pick<Deps, 'now' | 'signer'>,
  offers: Offer[],
  { artistId, give: { subject, take }, way }: { artistId: string; give: Give; way: Way },
): Promise<NonNullable<NewLetter['own']> | null> {
  const [kind, id = ''] = subject?.split(':') ?? []
  if (!take || !subject || way.channel !== 'mail' || (kind !== 'release' && kind !== 'track')) return null
  const item = kind === 'release' ? { release: id } : { track: id }
  if (!(await mayTake({ db: tx, now: deps.now }, item))) return null
  const givenAs = offers.find((offer) => offer.subject === subject)?.within ?? subject
  const key = await giveTo(tx, deps, { artistId, subject, givenAs }, way)
  return { href: takePath(deps.signer, key), until: lastsUntil(deps.now()) }
}

type TakingOn = {
  run: Due
  plan: Plan
  /** Null: nobody knows them any more. */
  life: Known | undefined
  at: Date
  told: number[]
  world: World
}

async function takeOn(tx: Tx, { run, plan, life, at, told, world }: TakingOn): Promise<Given[]> {
  const now = at.getTime()
  const before: Run = { step: run.step, entered: run.enteredAt.getTime(), due: run.dueAt.getTime(), waitsFor: null }
  const walked =
    life && isReachable(life, now) && (plan.when.is !== 'silent' || life.knownSince !== null)
      ? walk(plan, before, life, now, told, world)
      : { run: before, ended: 'left' as const, given: [] }
  const { step, due, waitsFor } = walked.run
  await tx
    .updateTable('sequenceRuns')
    .set({
      ...{ step, waitsFor },
      ...(walked.ended ? { state: walked.ended, endedAt: at } : { dueAt: new Date(due) }),
    })
    .where('id', '=', run.id)
    .execute()
  return walked.given
}

/** When each of them was told of late; what is given in this transaction is added to it. */
async function toldBefore(db: Db | Tx, asked: Parameters<typeof countedTo>[1]): Promise<(fanId: string) => number[]> {
  const times = new Map<string, number[]>()
  const of = (fanId: string) => {
    const known = times.get(fanId) ?? []
    times.set(fanId, known)
    return known
  }
  for (const { fanId, at } of await countedTo(db, asked)) of(fanId).push(at.getTime())
  return of
}
