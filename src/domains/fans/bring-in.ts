import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import { type Sender, senderColumns } from '../identity/index.ts'
import type { ReadAddress } from './addresses.rules.ts'
import type { Deps } from './fans.store.ts'
import { addressHash } from './suppressions.ts'

export type Brought = {
  /** Which line of the list it is from: several addresses of one line are one fan's. */
  line: number
  address: ReadAddress
  name: string
  language: Lang
  country: string | null
  place: string
}
/** What became of one address: `left` and `suppressed` are never brought back by a list. */
export type BroughtOutcome = 'new' | 'known' | 'left' | 'suppressed'

type Row = { id: string; fanId: string; addressKey: string; channel: string }

/**
 * Brings in addresses by a list, whose owner declares where their consent comes from: they are active without a question. Who ever left them is
 * left alone, and so is every address that is to be left alone. Answers with the outcome of each, in order.
 */
export async function bringIn(
  tx: Tx,
  { signer, now }: Deps,
  to: Sender,
  list: Brought[],
  declaration: { wording: string; language: Lang; proof: Record<string, unknown> },
): Promise<BroughtOutcome[]> {
  if (!list.length) return []
  const at = now()
  const keyOf = ({ channel, key }: ReadAddress) => `${channel} ${key}`
  const known = new Map<string, string>()
  // A signature is dear, and asked for several times.
  const hashOf = (address: ReadAddress) => {
    const key = keyOf(address)
    const hash = known.get(key) ?? addressHash(signer, address.channel, address.key)
    known.set(key, hash)
    return hash
  }
  const hashes = list.map(({ address }) => hashOf(address))
  await byIndexes(tx)
  const { rows: suppressed } = await sql<{ hash: string }>`
    select w.hash from unnest(${list.map(({ address }) => address.channel)}::text[], ${hashes}::text[]) as w(channel, hash)
    cross join lateral (select from suppressions s where s.channel = w.channel and s.address_hash = w.hash limit 1) s`.execute(
    tx,
  )
  const alone = new Set(suppressed.map(({ hash }) => hash))
  const wanted = new Map<string, Brought>()
  for (const entry of list) {
    const key = keyOf(entry.address)
    if (!wanted.has(key) && !alone.has(hashOf(entry.address))) wanted.set(key, entry)
  }

  const addresses = [...wanted.values()].map(({ address }) => address)
  const before = await heldAddresses(tx, addresses)
  const missing = [...wanted].filter(([key]) => !before.has(key)).map(([, entry]) => entry)
  await makeMissing(tx, missing, list, before, { at, hashOf, keyOf })
  const held = missing.length ? await heldAddresses(tx, addresses) : before

  const { artistId, labelId } = senderColumns(to)
  const rows = JSON.stringify(
    [...held.values()].map(({ id, fanId, channel }) => ({ id: newId(at.getTime()), a: id, f: fanId, channel })),
  )
  // New ones, and those who asked and never left; whoever left once stays as they are.
  const { rows: active } = await sql<{ addressId: string }>`
    with input as (select * from json_to_recordset(${rows}::json) as t(id uuid, a uuid, f uuid, channel text)),
    past as (select i.a as address_id from input i cross join lateral (select from consents c where c.address_id = i.a
      and c.event = 'withdrawn' and c.artist_id is not distinct from ${artistId}::uuid and c.label_id is not distinct from ${labelId}::uuid limit 1) c),
    made as (
      insert into subscriptions as s (id, fan_id, address_id, artist_id, label_id, channel, state, asked_at, joined_at)
      select id, f, a, ${artistId}::uuid, ${labelId}::uuid, channel, 'active', ${at}::timestamptz, ${at}::timestamptz from input where a not in (select address_id from past)
      on conflict (address_id, artist_id, label_id) do update set state = 'active', joined_at = excluded.joined_at, asked_with = null
        where s.state = 'asked'
      returning s.*)
    insert into consents (id, fan_id, address_id, artist_id, label_id, channel, event, wording, language, source, proof, at)
    select overlay(gen_random_uuid()::text placing ${newId(at.getTime()).slice(0, BY_TIME)} from 1)::uuid, fan_id, address_id, artist_id, label_id, channel, 'imported', ${declaration.wording}, ${declaration.language}, 'import',
      ${JSON.stringify(declaration.proof)}::jsonb,
      greatest(${at}::timestamptz, (select max(c.at) + interval '1 millisecond' from consents c where c.address_id = made.address_id))
    from made returning address_id as "addressId"`.execute(tx)
  const fresh = new Set(active.map(({ addressId }) => addressId))

  const { rows: states } = await sql<{ addressId: string; state: string }>`
    select s.address_id as "addressId", s.state from subscriptions s where s.address_id = any(${[...held.values()].map(({ id }) => id)}::uuid[])
      and s.artist_id is not distinct from ${artistId}::uuid and s.label_id is not distinct from ${labelId}::uuid`.execute(
    tx,
  )
  const stateOf = new Map(states.map(({ addressId, state }) => [addressId, state]))
  return list.map((entry) => {
    if (alone.has(hashOf(entry.address))) return 'suppressed'
    const key = keyOf(entry.address)
    const row = held.get(key)
    if (!row) return 'known'
    if (fresh.has(row.id)) return wanted.get(key) === entry ? 'new' : 'known'
    return stateOf.get(row.id) === 'active' ? 'known' : 'left'
  })
}

/** Locks, in one order for everybody, those of these addresses that are here already. */
async function heldAddresses(tx: Tx, addresses: ReadAddress[]): Promise<Map<string, Row>> {
  const { rows } = await sql<Row>`
    select a.id, a.fan_id as "fanId", a.address_key as "addressKey", a.channel from fan_addresses a
    where a.removed_at is null and a.id = any(array(
      select found.id from unnest(${addresses.map(({ channel }) => channel)}::text[], ${addresses.map(({ key }) => key)}::text[]) as w(channel, key)
      cross join lateral (select f.id from fan_addresses f
        where f.channel = w.channel and f.address_key = w.key and f.removed_at is null limit 1) found))
    order by a.id for update`.execute(tx)
  return new Map(rows.map((row) => [`${row.channel} ${row.addressKey}`, row] as const))
}

/** So much of an identifier is the time and the version: rows of one lot lie together. */
const BY_TIME = 15

/**
 * A lot is some rows of tables that grow with every lot, while their statistics are those of before the list: what looked cheapest then, reading all
 * of a table or of an index, costs more with each. So for this transaction no table is read whole, and what is joined to a lot is looked up
 * row by row (`lateral … limit 1` leaves no choice).
 */
const byIndexes = (tx: Tx) => sql`set local enable_seqscan = off`.execute(tx)

type Making = { at: Date; hashOf: (a: ReadAddress) => string; keyOf: (a: ReadAddress) => string }

/** Makes addresses and their fans: all of one line are one fan's, the one who is known if one of them is. */
async function makeMissing(
  tx: Tx,
  missing: Brought[],
  list: Brought[],
  held: Map<string, Row>,
  { at, hashOf, keyOf }: Making,
): Promise<void> {
  if (!missing.length) return
  const fanOfLine = new Map<number, string>()
  for (const { line, address } of list) {
    const row = held.get(keyOf(address))
    if (row && !fanOfLine.has(line)) fanOfLine.set(line, row.fanId)
  }
  const fans: object[] = []
  for (const { line, name, language, country, place, address } of missing) {
    if (fanOfLine.has(line)) continue
    const id = newId(at.getTime())
    fanOfLine.set(line, id)
    fans.push({ id, p: newId(at.getTime()), name, language, country: country ?? address.country, place })
  }
  await sql`
    insert into fans (id, person_id, name, language, country, place, created_at)
    select id, p, name, language, country, place, ${at}::timestamptz from json_to_recordset(${JSON.stringify(fans)}::json)
      as t(id uuid, p uuid, name text, language text, country text, place text)`.execute(tx)
  const addresses = missing
    .map((entry) => ({
      id: newId(at.getTime()),
      f: fanOfLine.get(entry.line),
      channel: entry.address.channel,
      address: entry.address.address,
      k: entry.address.key,
      h: hashOf(entry.address),
    }))
    .sort((a, b) => (a.k < b.k ? -1 : 1))
  const { numAffectedRows: made } = await sql`
    insert into fan_addresses (id, fan_id, channel, address, address_key, address_hash, created_at)
    select id, f, channel, address, k, h, ${at}::timestamptz from json_to_recordset(${JSON.stringify(addresses)}::json)
      as t(id uuid, f uuid, channel text, address text, k text, h text)
    on conflict (channel, address_key) where removed_at is null do nothing`.execute(tx)
  // Somebody else was first for all addresses of a line: its fan is nobody.
  if (Number(made) < addresses.length)
    await sql`
    delete from fans f where f.id in (select id from json_to_recordset(${JSON.stringify(fans)}::json) as t(id uuid))
      and not exists (select from fan_addresses a where a.fan_id = f.id)`.execute(tx)
}
