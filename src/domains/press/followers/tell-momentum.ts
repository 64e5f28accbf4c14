import '../tables.ts'
import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { type Burst, burstOf } from '../../exchange/index.ts'
import { zoneOf } from '../../identity/index.ts'
import { enqueueOne } from '../../reach/index.ts'
import { linkPath } from '../links.store.ts'
import { pressPath } from '../paths.ts'
import { isSameBurst } from './burst.rules.ts'
import { lockPage } from './follow-press.ts'
import { isTold } from './followers.views.ts'
import { momentumMail } from './mails.ts'

const LOT = 200

type Deps = Pick<Platform, 'db' | 'now' | 'config' | 'signer' | 'log'>

/** Every hour: where something is happening, those who follow are told, each once of each burst. */
export async function tellMomentum(platform: Deps): Promise<void> {
  const { db, now, log } = platform
  const artists = await db
    .selectFrom('pressPages')
    .innerJoin('artists', 'artists.id', 'pressPages.artistId')
    .select(['artists.id', 'artists.name', 'artists.slug', 'artists.timeZone', 'artists.language'])
    .where('tellsMomentum', '=', true)
    .where('artists.goesAt', 'is', null)
    .where((row) =>
      row.exists(
        row
          .selectFrom('pressFollowers')
          .select('pressFollowers.id')
          .whereRef('pressFollowers.artistId', '=', 'artists.id')
          .where('confirmedAt', 'is not', null),
      ),
    )
    .orderBy('artists.id')
    .execute()
  for (const artist of artists) {
    try {
      await tellOf(platform, artist, await burstOf(db, artist.id, now(), zoneOf(artist)))
    } catch (error) {
      // One artist's trouble is not the others'; the next hour tries again.
      log.error({ err: error, artistId: artist.id }, 'momentum could not be told')
    }
  }
}

type Artist = { id: string; name: string; slug: string }

async function tellOf(platform: Deps, artist: Artist, burst: Burst | null): Promise<void> {
  while (burst) {
    const told = await platform.db.transaction().execute((tx) => tellSome(tx, platform, artist, burst))
    if (told < LOT) return
  }
}

/** Tells as many as go into one transaction; how many it were. */
async function tellSome(tx: Tx, platform: Deps, artist: Artist, burst: Burst): Promise<number> {
  if (!(await lockPage(tx, artist.id))) return 0
  const now = platform.now()
  const found = await foundBurst(tx, artist.id, burst, now)
  const { rows: people } = await sql<To>`
    select f.id, f.address_id as "addressId", a.address, f.language, l.id as "linkId", p.is_public as "isPublic"
    from press_followers f join fan_addresses a on a.id = f.address_id and a.removed_at is null join press_pages p on p.artist_id = f.artist_id
      left join press_links l on l.id = f.link_id
    where f.artist_id = ${artist.id} and f.confirmed_at <= ${found.foundAt} and ${isTold(now)}
      and not exists (select from press_tellings t where t.burst_id = ${found.id} and t.address_id = f.address_id)
    order by f.id limit ${LOT}`.execute(tx)
  for (const { isPublic, linkId, address, ...to } of people) {
    const path = linkId && !isPublic ? linkPath(platform.signer, linkId) : pressPath(artist.slug)
    const deliveryId = await enqueueOne(tx, {
      ...{ kind: 'notice', channel: 'mail', artistId: artist.id, addressId: to.addressId, address },
      language: to.language,
      message: momentumMail(platform, { ...to, artist: artist.name, burst: found, path }),
      dueAt: now,
      once: `press-momentum:${found.id}:${to.addressId}`,
    })
    await tx.insertInto('pressTellings').values({ burstId: found.id, addressId: to.addressId, deliveryId }).execute()
  }
  return people.length
}

type To = { id: string; addressId: string; address: string; language: Lang; linkId: string | null; isPublic: boolean }

/** The burst to which a day belongs, as it was when it was found; written down when it is a new one. */
async function foundBurst(
  tx: Tx,
  artistId: string,
  burst: Burst,
  now: Date,
): Promise<Burst & { id: string; foundAt: Date }> {
  const { day, listens, usual } = burst
  const known = await tx
    .selectFrom('pressBursts')
    .select(['id', 'beganOn as day', 'lastOn', 'listens', 'usual', 'foundAt'])
    .where('artistId', '=', artistId)
    .orderBy('lastOn', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (known && isSameBurst(known.lastOn, day)) {
    if (day > known.lastOn)
      await tx.updateTable('pressBursts').set({ lastOn: day }).where('id', '=', known.id).execute()
    return known
  }
  const row = { id: newId(), artistId, beganOn: day, lastOn: day, listens, usual, foundAt: now }
  await tx.insertInto('pressBursts').values(row).execute()
  return { ...burst, id: row.id, foundAt: now }
}
