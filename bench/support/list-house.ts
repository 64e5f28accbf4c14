import { openAsBlob } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createArtist } from '../../src/domains/identity/index.ts'
import { enter, HEADING, mapping, writeLines } from './fan-list.ts'
import { openHouse, type Victim } from './house.ts'
import type { Scene } from './scene.ts'

export type CameOf = {
  counts: Record<string, number>
  /** Lines that are explained, by reason. */
  refused: Record<string, number>
  fans: number
  active: number
  consents: number
}

/** The real program with a list of `count` lines in it, which is killed while it reads. */
export async function listHouse(place: Scene, count: number) {
  const file = join(place.folder, 'list.csv')
  await writeLines(file, count, ({ text }) => text, 'latin1', HEADING)
  const house = await openHouse(place)
  await house.withPlatform(({ db }) => db.transaction().execute((tx) => createArtist(tx, { name: 'Bench Artist' })))
  const studio = await enter(house.first)
  const body = new FormData()
  body.set('file', await openAsBlob(file), 'list.csv')
  const path = await studio('/studio/fans/lists', body)
  const id = path.split('/').at(-1)
  const look = () =>
    house
      .withPlatform(({ pool }) =>
        pool.query<{ state: string; linesDone: number; counts: Record<string, number> }>(
          'select state, lines_done as "linesDone", counts from fan_lists where id = $1',
          [id],
        ),
      )
      .then(({ rows }) => rows[0] ?? null)
      .catch(() => null)

  return {
    /**
     * Tries the list or brings it in, and kills one victim after the other, each when so many more lines were done than at the last kill as `apart` says.
     * Resolves when the list is read, with what came of it and at which lines it was killed.
     */
    async read(
      step: 'try' | 'bring',
      victims: Victim[],
      apart: () => number,
    ): Promise<CameOf & { killedAt: number[] }> {
      const [begun, done] = step === 'try' ? ['trying', 'tried'] : ['bringing', 'brought']
      await studio(`${path}/${step}`, mapping())
      const killedAt: number[] = []
      let victim = victims.shift()
      for (let at = apart(); ; await sleep(50)) {
        const now = await look()
        if (now?.state === done) break
        if (!victim || now?.state !== begun || now.linesDone < at) continue
        await house.kill(victim)
        killedAt.push(now.linesDone)
        at = now.linesDone + apart()
        victim = victims.shift()
      }
      return house.withPlatform(async ({ pool }) => {
        const { rows: refusals } = await pool.query<{ reason: string; n: number }>(
          'select reason, count(*)::int as n from fan_list_refusals where list_id = $1 group by reason',
          [id],
        )
        const { rows } = await pool.query(
          `select (select counts from fan_lists where id = $1) as counts, (select count(*)::int from fans) as fans,
            (select count(*)::int from subscriptions where state = 'active') as active, (select count(*)::int from consents) as consents`,
          [id],
        )
        return { ...rows[0], refused: Object.fromEntries(refusals.map(({ reason, n }) => [reason, n])), killedAt }
      })
    },
  }
}
