import { sql } from 'kysely'
import { csvTable } from '../../platform/csv.ts'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { type Belongings, inLots, type Owner, ownerColumn } from '../identity/index.ts'
import { logConsent } from './consents.store.ts'
import { eraseFan } from './erase-fan.ts'
import type { PersonalData } from './personal-data.ts'
import { everySubscription } from './studio/list.views.ts'
import { words } from './words.ts'

const LOT = 100

type ConsentRow = {
  id: string
  fan: string
  address: string | null
  at: Date
  channel: string
  event: string
  source: string
  language: string
  wording: string
}

async function* consentsOf(db: Db | Tx, owner: Owner): AsyncGenerator<ConsentRow[]> {
  for (let after: string | null = null; ; ) {
    const { rows }: { rows: ConsentRow[] } = await sql<ConsentRow>`
      select c.id, c.fan_id as fan, a.address, c.at, c.channel, c.event, c.source, c.language, c.wording
      from consents c left join fan_addresses a on a.id = c.address_id and a.channel <> 'push'
      where c.${ownerColumn(owner)} = ${owner.id} and (${after}::uuid is null or c.id > ${after}::uuid) order by c.id limit 2000`.execute(
      db,
    )
    if (!rows.length) return
    yield rows
    after = rows.at(-1)?.id ?? null
  }
}

/** Fans and what they agreed to. It comes last of those that know of fans: who is nobody else's fan is erased. */
export const fansBelongings = (registry: PersonalData[]): Belongings => ({
  tables: ['subscriptions', 'consents', 'keywords', 'doors', 'fan_lists', 'takings'],

  async goes(db, owner, lang) {
    const { rows } = await sql<{ fans: number; alone: number }>`
      select count(*)::int as fans, (count(*) filter (where not exists (
        select from subscriptions o where o.fan_id = f.fan_id and coalesce(o.artist_id, o.label_id) <> ${owner.id})))::int as alone
      from (select distinct fan_id from subscriptions where ${ownerColumn(owner)} = ${owner.id}) f`.execute(db)
    const [{ fans, alone } = { fans: 0, alone: 0 }] = rows
    return fans ? [words(lang)('goes', { fans, alone })] : []
  },

  async *pack(db, owner, { may }) {
    if (!may('fans.edit')) return
    yield {
      path: 'fans/fans.csv',
      text: csvTable(
        [
          'name',
          'address',
          'channel',
          'state',
          'cadence',
          'language',
          'country',
          'place',
          'askedAt',
          'joinedAt',
          'leftAt',
        ],
        everySubscription(db, owner.kind === 'artist' ? { artistId: owner.id } : { labelId: owner.id }),
      ),
    }
    yield {
      path: 'fans/consents.csv',
      text: csvTable(
        ['fan', 'address', 'at', 'channel', 'event', 'source', 'language', 'wording'],
        consentsOf(db, owner),
      ),
    }
  },

  explain: (_, { lang, may }) => (may('fans.edit') ? [['fans/', words(lang)('readme')]] : []),

  async remove(platform, owner, { leave, left, settle }) {
    const { db } = platform
    const lists = await sql<{ key: string }>`
      select storage_key as key from fan_lists where ${ownerColumn(owner)} = ${owner.id}`.execute(db)
    await db.transaction().execute(async (tx) => {
      await leave(
        tx,
        lists.rows.map(({ key }) => ({ kind: 'file', key })),
      )
      await tx
        .deleteFrom('fanLists')
        .where(owner.kind === 'artist' ? 'artistId' : 'labelId', '=', owner.id)
        .execute()
    })
    await inLots(db, async (tx) => {
      const few = await tx
        .selectFrom('subscriptions')
        .select(['id', 'fanId', 'addressId', 'artistId', 'labelId', 'channel'])
        .where(owner.kind === 'artist' ? 'artistId' : 'labelId', '=', owner.id)
        .orderBy('id')
        .limit(LOT)
        .execute()
      if (!few.length) return 0
      for (const { id: _, ...about } of few) await logConsent(tx, about, 'erased', gone(owner), platform.now())
      await leave(
        tx,
        few.flatMap(({ fanId, addressId }) => [
          { kind: 'fan' as const, key: fanId },
          { kind: 'address' as const, key: addressId },
        ]),
      )
      await tx
        .deleteFrom('subscriptions')
        .where(
          'id',
          'in',
          few.map(({ id }) => id),
        )
        .execute()
      return few.length
    })
    await inLots(db, async (tx) => {
      const fans = await left(tx, 'fan', LOT)
      const staying = await withTies(tx, registry, fans)
      for (const fanId of fans)
        if (!staying.has(fanId)) await eraseFan(tx, platform, registry, { ...gone(owner), fanId, suppress: false })
      await settle(tx, 'fan', fans)
      return fans.length
    })
    // Somebody stays, by another address.
    await inLots(db, async (tx) => {
      const addresses = await left(tx, 'address', LOT)
      if (addresses.length)
        await sql`
          delete from fan_addresses a where a.id = any(${addresses}::uuid[]) and not exists (select from subscriptions s where s.address_id = a.id)`.execute(
          tx,
        )
      await settle(tx, 'address', addresses)
      return addresses.length
    })
  },
})

/** How the log says that what somebody agreed to ended with whom they agreed to it with. */
const gone = ({ name, language }: Owner) => ({
  wording: words(language)('removal_wording', { name }),
  language: language satisfies Lang,
  source: 'studio' as const,
  proof: { removal: true },
})

/** Those of these fans with whom somebody else here has still to do. */
async function withTies(tx: Tx, registry: PersonalData[], fanIds: string[]): Promise<Set<string>> {
  const found = await Promise.all(registry.map(({ ties }) => (fanIds.length && ties ? ties(tx, fanIds) : [])))
  return new Set(found.flat())
}
