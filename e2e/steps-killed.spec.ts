import { setTimeout as sleep } from 'node:timers/promises'
import { mailInto } from '../bench/support/fanout.ts'
import { openHouse, type Victim } from '../bench/support/house.ts'
import { type Sink, startSink } from '../bench/support/mail-sink.ts'
import { type Scene, scene } from '../bench/support/scene.ts'
import { askSequences, inTwoWaves, joined, welcomed } from '../bench/support/steps.ts'
import { expect, test } from './support/journey.ts'

test.use({ baseURL: undefined })

const FANS = 1_500
/** Letters on their way at once: see docs/decisions/0051. */
const WINDOW = 100

type House = Awaited<ReturnType<typeof openHouse>>

/** Asks one figure of the database again and again, whoever is dead meanwhile. */
const ask = (house: House, question: string, values: unknown[]): Promise<number> =>
  house
    .withPlatform(({ pool }) => pool.query(question, values))
    .then(({ rows }) => Number(Object.values(rows[0] ?? {})[0] ?? 0))
    .catch(() => Number.NaN)

/** Kills one victim after the other, each when a figure has grown since the last, and waits until it is `end`. `nudge`: what keeps things going. */
async function killUntil(
  house: House,
  victims: Victim[],
  { figure, end, nudge = house.revive }: { figure: () => Promise<number>; end: number; nudge?: () => Promise<unknown> },
): Promise<void> {
  const next = async (enough: (now: number) => boolean) => {
    for (let now = await figure(); ; now = await figure()) {
      if (enough(now)) return now
      await nudge()
      await sleep(50)
    }
  }
  let last = await next((now) => now >= 0)
  for (const victim of victims) {
    last = await next((now) => now > last)
    await house.kill(victim)
  }
  await next((now) => now === end)
}

/** How often each was told, and how many messages nobody knows of. */
async function told(house: House, sink: Sink, artistId: string) {
  const { byRecipient } = await sink.all()
  const uncertain = await ask(house, `select count(*) from deliveries where artist_id = $1 and state = 'uncertain'`, [
    artistId,
  ])
  return { times: byRecipient.map(([, times]) => times), uncertain }
}

const here = async (place: Scene) => {
  const sink = await startSink(place)
  const house = await openHouse(place, mailInto(sink))
  return { sink, house, artistId: await house.withPlatform((platform) => joined(platform, FANS)) }
}

test('all is killed while an announcement leaves in waves: each fan is told once, in the wave that was drawn for them', async () => {
  await scene(async (place) => {
    const { sink, house, artistId } = await here(place)
    const id = await house.withPlatform((platform) => inTwoWaves(platform, artistId))
    // Before it is frozen, or in the middle of that.
    await house.kill('everything')
    const frozen = () => ask(house, 'select count(*) from announcements where id = $1 and frozen_at is not null', [id])
    await killUntil(house, [], { figure: frozen, end: 1 })
    const drawn = () =>
      house.withPlatform(async ({ pool }) => {
        const { rows } = await pool.query<{ fan: string; wave: number }>(
          'select fan_id as fan, wave from wave_assignments where announcement_id = $1 order by fan_id',
          [id],
        )
        return rows
      })
    const atFirst = await drawn()
    expect(atFirst).toHaveLength(FANS)
    const [one, two] = [1, 2].map((wave) => atFirst.filter((row) => row.wave === wave).length)
    expect([one, two]).toEqual([FANS / 2, FANS / 2])

    const gone = () =>
      ask(house, `select count(*) from deliveries where announcement_id = $1 and state not in ('queued', 'handing')`, [
        id,
      ])
    await killUntil(house, ['worker', 'everything'], { figure: gone, end: FANS / 2 })
    const { times: first } = await told(house, sink, artistId)
    expect(Math.max(...first)).toBe(1)
    const early = await ask(
      house,
      `select count(*) from deliveries d join wave_assignments w using (announcement_id, fan_id)
       where d.announcement_id = $1 and w.wave = 2 and d.state <> 'queued'`,
      [id],
    )
    expect(early).toBe(0)

    // Three days later.
    await house.withPlatform(({ pool }) =>
      pool.query(
        `update deliveries set due_at = due_at - interval '3 days' where announcement_id = $1 and state = 'queued'`,
        [id],
      ),
    )
    await killUntil(house, ['database'], { figure: gone, end: FANS })
    const { times, uncertain } = await told(house, sink, artistId)
    expect(times.filter((n) => n > 1)).toEqual([])
    expect(times.length).toBeLessThanOrEqual(FANS)
    expect(times.length).toBeGreaterThanOrEqual(FANS - uncertain)
    expect(uncertain).toBeLessThanOrEqual(3 * WINDOW)
    expect(await drawn()).toEqual(atFirst)
  })
})

test('all is killed at both steps of a sequence: everybody is let in once and gets each thing once', async () => {
  await scene(async (place) => {
    const { sink, house, artistId } = await here(place)
    const id = await house.withPlatform((platform) => welcomed(platform, artistId))
    const written = () => ask(house, 'select count(*) from deliveries where artist_id = $1', [artistId])
    const left = () =>
      ask(house, `select count(*) from deliveries where artist_id = $1 and state not in ('queued', 'handing')`, [
        artistId,
      ])
    const nudge = async () => {
      await house.revive()
      await house.withPlatform(askSequences).catch(() => undefined)
    }

    await killUntil(house, ['worker', 'everything'], { figure: written, end: FANS, nudge })
    await killUntil(house, [], { figure: left, end: FANS })
    // A day later.
    await house.withPlatform(({ pool }) =>
      pool.query(`update sequence_runs set due_at = now() where state = 'walking'`),
    )
    await killUntil(house, ['worker'], { figure: written, end: 2 * FANS, nudge })
    await killUntil(house, [], { figure: left, end: 2 * FANS })

    const runs = await house.withPlatform(({ pool }) =>
      pool.query(
        'select state, count(*)::int as n, count(distinct fan_id)::int as people from sequence_runs where sequence_id = $1 group by 1',
        [id],
      ),
    )
    expect(runs.rows).toEqual([{ state: 'finished', n: FANS, people: FANS }])
    const each = await ask(
      house,
      'select count(*) from (select from deliveries where artist_id = $1 group by fan_id, letter_id having count(*) = 1) once',
      [artistId],
    )
    expect(each).toBe(2 * FANS)
    const { times, uncertain } = await told(house, sink, artistId)
    expect(times.filter((n) => n > 2)).toEqual([])
    const all = times.reduce((sum, n) => sum + n, 0)
    expect(all).toBeLessThanOrEqual(2 * FANS)
    expect(all).toBeGreaterThanOrEqual(2 * FANS - uncertain)
    expect(uncertain).toBeLessThanOrEqual(3 * WINDOW)
  })
})
