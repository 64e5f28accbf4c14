import { sql } from 'kysely'
import type { Db } from '../../../platform/database/index.ts'
import { newCode, newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { type Sender, senderColumns, senderId } from '../../identity/index.ts'

const LENGTH = 6

export type Door = {
  id: string
  code: string
  artistId: string | null
  labelId: string | null
  occasion: string
  gives: string | null
  closedAt: Date | null
}

const COLUMNS = ['id', 'code', 'artistId', 'labelId', 'occasion', 'gives', 'closedAt'] as const

export const doorPath = (code: string): string => `/q/${code}`

export async function makeDoor(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { sender, ...door }: { sender: Sender; occasion: string; gives: string | null; createdBy: string },
): Promise<string> {
  const id = newId()
  // 31^6 codes: two alike are rare, and tried again.
  for (let turn = 0; turn < 10; turn++) {
    const made = await db
      .insertInto('doors')
      .values({ ...door, ...senderColumns(sender), id, code: newCode(LENGTH), createdAt: now(), closedAt: null })
      .onConflict((conflict) => conflict.column('code').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (made) return made.id
  }
  throw new Error('No free code was found')
}

export async function closeDoor({ db, now }: Pick<Platform, 'db' | 'now'>, id: string): Promise<void> {
  await db.updateTable('doors').set({ closedAt: now() }).where('id', '=', id).where('closedAt', 'is', null).execute()
}

export const doorById = async (db: Db, id: string): Promise<Door | null> =>
  (await db.selectFrom('doors').select(COLUMNS).where('id', '=', id).executeTakeFirst()) ?? null

/** A code as somebody typed it from a wall: case counts for nothing. It is shut while its artist or label is on the way out. */
export const doorByCode = async (db: Db, code: string): Promise<Door | null> =>
  (await db
    .selectFrom('doors')
    .select(COLUMNS)
    .where('code', '=', code.toLowerCase())
    .where(({ exists, selectFrom, or }) =>
      or([
        exists(
          selectFrom('artists').select('id').whereRef('artists.id', '=', 'doors.artistId').where('goesAt', 'is', null),
        ),
        exists(
          selectFrom('labels').select('id').whereRef('labels.id', '=', 'doors.labelId').where('goesAt', 'is', null),
        ),
      ]),
    )
    .executeTakeFirst()) ?? null

export type DoorRow = Door & { came: number; confirmed: number }

/** The doors of an artist or label, newest first, with who came through each. */
export async function doorsOf(db: Db, sender: Sender): Promise<DoorRow[]> {
  const id = senderId(sender)
  const { rows } = await sql<DoorRow>`
    select d.id, d.code, d.artist_id as "artistId", d.label_id as "labelId", d.occasion, d.gives, d.closed_at as "closedAt",
      count(r.*) filter (where r.kind = 'sign-up')::int as came, count(r.*) filter (where r.kind = 'confirmation')::int as confirmed
    from doors d left join returns r on r.artist_id = ${id} and r.token = 'q.' || d.code and r.kind in ('sign-up', 'confirmation')
    where ${id} in (d.artist_id, d.label_id) group by d.id order by d.created_at desc`.execute(db)
  return rows
}
