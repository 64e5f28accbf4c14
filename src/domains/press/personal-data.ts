import { sql } from 'kysely'
import type { PersonalData } from '../fans/index.ts'

/** Which pages for professionals somebody follows, by one address or another, and of which bursts they were told. It goes with the address, and with it alone. */
export const pressPersonalData: PersonalData = {
  tables: ['press_followers', 'press_tellings'],

  async know(db, { addressIds }) {
    const { rows: followed } = await sql<Record<string, unknown>>`
      select a.name as artist, d.address, f.asked_at as "askedAt", f.confirmed_at as "confirmedAt", f.language, f.wording,
        (select coalesce(json_agg(b.began_on::text order by b.began_on), '[]') from press_tellings t join press_bursts b on b.id = t.burst_id
         where t.address_id = f.address_id and b.artist_id = f.artist_id) as "toldOfDays"
      from press_followers f join artists a on a.id = f.artist_id join fan_addresses d on d.id = f.address_id
      where f.address_id = any(${addressIds}::uuid[]) order by f.asked_at`.execute(db)
    return { pagesForProfessionals: followed }
  },

  async ties(db, fanIds) {
    const { rows } = await sql<{ fanId: string }>`
      select distinct d.fan_id as "fanId" from press_followers f join fan_addresses d on d.id = f.address_id
      where d.fan_id = any(${fanIds}::uuid[]) and f.confirmed_at is not null`.execute(db)
    return rows.map(({ fanId }) => fanId)
  },

  async erase(tx, { addressIds }) {
    for (const table of ['press_tellings', 'press_followers'])
      await sql`delete from ${sql.table(table)} where address_id = any(${addressIds}::uuid[])`.execute(tx)
  },

  /** Each address goes on as it was. */
  merge: async (): Promise<void> => undefined,
}
