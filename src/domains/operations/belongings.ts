import { sql } from 'kysely'
import { csvTable } from '../../platform/csv.ts'
import type { Db, Tx } from '../../platform/database/index.ts'
import { originalKey } from '../../platform/images/index.ts'
import { type Belongings, inLots, type Leftover, type Packed as PackedFile } from '../identity/index.ts'
import { words } from './words.ts'

type Packed = { id: string; slug: string; facts: Record<string, unknown> }
type PackedEntry = Record<string, unknown> & {
  id: string
  sha256: string | null
  fileName?: string | null
  fileKey?: string | null
  /** The picture of what was taken down. */
  heldKey?: string | null
}

/** What each mission asked and gave, and what people did with their pictures. */
async function* packMissions(
  db: Db | Tx,
  artistId: string,
  extensionOf: (sha256: string) => Promise<string>,
): AsyncGenerator<PackedFile> {
  const { rows } = await sql<Packed>`
    select o.id, o.slug, json_build_object('title', o.title, 'words', o.words, 'language', o.language, 'state', o.state, 'openedAt', o.opened_at,
        'endsAt', o.ends_at, 'timeZone', o.time_zone, 'closedAt', o.closed_at, 'followUp', o.follow_up, 'followUpWords', o.follow_up_words,
        'thanksWords', m.thanks_words, 'thanksSubject', m.thanks_subject, 'thanksCodes', m.thanks_batch,
        'thanked', (select count(*) from mission_thanks g where g.operation_id = o.id and g.given_at is not null),
        'tasks', (select coalesce(json_agg(json_build_object('id', t.id, 'kind', t.kind, 'words', t.words, 'times', t.times, 'of', t.subject,
          'into', t.language, 'thanksWords', t.thanks_words, 'thanksSubject', t.thanks_subject, 'thanksCodes', t.thanks_batch)
          order by t.place), '[]') from mission_tasks t where t.operation_id = o.id)) as facts
    from operations o join missions m on m.operation_id = o.id where o.artist_id = ${artistId} order by o.created_at, o.id`.execute(
    db,
  )
  for (const { id: operationId, slug, facts } of rows) {
    const folder = `missions/${slug}`
    yield { path: `${folder}/mission.json`, text: `${JSON.stringify(facts, null, 2)}\n` }
    const { rows: done } = await sql<PackedEntry>`
      select c.id, c.task_id as task, c.at, c.name, c.text, c.link, c.town, c.alt, c.people as "peopleWhoCame", c.state, c.reason, c.accepted, i.sha256, h.storage_key as "heldKey"
      from mission_contributions c left join images i on i.id = c.image_id left join held_pictures h on h.of_id = c.id
      where c.operation_id = ${operationId} and c.confirmed_at is not null order by c.at, c.id`.execute(db)
    const listed: Record<string, unknown>[] = []
    for (const { sha256, heldKey, ...one } of done) {
      if (heldKey) yield { path: `${folder}/pictures/taken-down/${one.id}`, key: heldKey }
      const picture = sha256 && `${one.id}${await extensionOf(sha256)}`
      if (picture) yield { path: `${folder}/pictures/${picture}`, key: originalKey(sha256) }
      listed.push({ ...one, picture: picture && `pictures/${picture}` })
    }
    const columns = ['id', 'task', 'at', 'name', 'text', 'link', 'town', 'alt', 'peopleWhoCame', 'state', 'reason']
    yield { path: `${folder}/contributions.csv`, text: csvTable([...columns, 'accepted', 'picture'], inOne(listed)) }
  }
}

async function* inOne<Row>(rows: Row[]): AsyncGenerator<Row[]> {
  yield rows
}

/** Series, missions with what people did, and contests with what people sent in. Who sent it is known to who knows the fans; approvals leave as they were counted. */
export const operationsBelongings: Belongings = {
  tables: ['operations'],

  async goes(db, { kind, id }, lang) {
    if (kind === 'label') return []
    const { rows } = await sql<{ n: number; entries: number }>`
      select count(*)::int as n, coalesce(sum((select count(*) from contest_entries e where e.operation_id = o.id)
        + (select count(*) from mission_contributions c where c.operation_id = o.id)), 0)::int as entries
      from operations o where artist_id = ${id}`.execute(db)
    const [{ n, entries } = { n: 0, entries: 0 }] = rows
    return n ? [words(lang)('goes', { n, entries })] : []
  },

  async *pack(db, { kind, id }, { extensionOf }) {
    if (kind === 'label') return
    const { rows: series } = await sql<Packed>`
      select o.id, o.slug, json_build_object('title', o.title, 'words', o.words, 'language', o.language, 'state', o.state, 'openedAt', o.opened_at,
          'timeZone', o.time_zone, 'closedAt', o.closed_at, 'followUp', o.follow_up, 'followUpWords', o.follow_up_words, 'unit', s.unit,
          'every', s.every, 'firstDay', s.first_day, 'hour', s.hour, 'count', s.count,
          'items', (select coalesce(json_agg(json_build_object('number', i.number, 'givenAt', i.given_at, 'release', i.release_id, 'post', i.post_id,
            'laidInAt', i.laid_at) order by i.number, i.place), '[]') from series_items i where i.operation_id = o.id)) as facts
      from operations o join series s on s.operation_id = o.id where o.artist_id = ${id} order by o.created_at, o.id`.execute(
      db,
    )
    for (const { slug, facts } of series)
      yield { path: `series/${slug}.json`, text: `${JSON.stringify(facts, null, 2)}\n` }
    yield* packMissions(db, id, extensionOf)
    const { rows } = await sql<Packed>`
      select o.id, o.slug, json_build_object('title', o.title, 'words', o.words, 'language', o.language, 'state', o.state, 'openedAt', o.opened_at,
          'entriesUntil', c.entries_until, 'endsAt', o.ends_at, 'timeZone', o.time_zone, 'closedAt', o.closed_at, 'followUp', o.follow_up,
          'followUpWords', o.follow_up_words, 'thanksWords', o.thanks_words, 'sort', c.sort, 'juryWeight', c.jury_weight, 'winner', c.winner_id,
          'results', c.results, 'rules', (select coalesce(json_agg(json_build_object('version', r.version, 'language', r.language, 'text', r.text)
            order by r.version, r.language), '[]') from contest_rules r where r.operation_id = o.id)) as facts
      from operations o join contests c on c.operation_id = o.id where o.artist_id = ${id} order by o.created_at, o.id`.execute(
      db,
    )
    for (const { id: operationId, slug, facts } of rows) {
      const folder = `contests/${slug}`
      yield { path: `${folder}/contest.json`, text: `${JSON.stringify(facts, null, 2)}\n` }
      const { rows: entries } = await sql<PackedEntry>`
        select e.id, e.at, e.name, e.title, e.text, e.alt, e.state, e.reason, e.rules_version as "rulesVersion", e.rules_language as "rulesLanguage",
          e.accepted, i.sha256, f.file_name as "fileName", f.storage_key as "fileKey", f.captions, h.storage_key as "heldKey",
          v.approvals, v.aside as "approvalsSetAside"
        from contest_entries e left join images i on i.id = e.image_id left join entry_files f on f.id = e.file_id
          left join held_pictures h on h.of_id = e.id
          cross join lateral (
            select (count(*) filter (where set_aside_id is null))::int as approvals, (count(*) filter (where set_aside_id is not null))::int as aside
            from contest_votes where entry_id = e.id and withdrawn_at is null and merged_at is null) v
        where e.operation_id = ${operationId} and e.confirmed_at is not null order by e.at, e.id`.execute(db)
      const listed: Record<string, unknown>[] = []
      for (const { sha256, fileName, fileKey, heldKey, ...entry } of entries) {
        if (heldKey) yield { path: `${folder}/entries/taken-down/${entry.id}`, key: heldKey }
        const picture = sha256 && `${entry.id}${await extensionOf(sha256)}`
        if (picture) yield { path: `${folder}/entries/${picture}`, key: originalKey(sha256) }
        const file = fileKey && `${entry.id}.${/\.([A-Za-z0-9]{1,8})$/.exec(fileName ?? '')?.[1] ?? 'bin'}`
        if (file) yield { path: `${folder}/entries/${file}`, key: fileKey }
        listed.push({ ...entry, picture: picture && `entries/${picture}`, file: file && `entries/${file}` })
      }
      const columns = ['id', 'at', 'name', 'title', 'text', 'alt', 'picture', 'file', 'captions', 'state', 'reason']
      yield {
        path: `${folder}/entries.csv`,
        text: csvTable(
          [...columns, 'approvals', 'approvalsSetAside', 'rulesVersion', 'rulesLanguage', 'accepted'],
          inOne(listed),
        ),
      }
    }
  },

  explain: ({ kind }, { lang }) =>
    kind === 'label'
      ? []
      : [
          ['contests/', words(lang)('readme')],
          ['missions/', words(lang)('readme_missions')],
          ['series/', words(lang)('readme_series')],
        ],

  async hide(tx, { kind, id }) {
    if (kind === 'label') return []
    const { rows } = await sql<{ id: string }>`
      update operations set hidden_at = now() where artist_id = ${id} and hidden_at is null returning id`.execute(tx)
    return rows.map((row) => row.id)
  },

  async show(tx, _, kept) {
    await sql`update operations set hidden_at = null where id = any(${Array.isArray(kept) ? kept : []}::uuid[])`.execute(
      tx,
    )
  },

  async remove({ db }, { kind, id }, { leave }) {
    if (kind === 'label') return
    await inLots(db, async (tx) => {
      const { rows } = await sql<{ id: string }>`
        select id from operations where artist_id = ${id} order by id limit 1 for update`.execute(tx)
      const ids = rows.map((row) => row.id)
      if (!ids.length) return 0
      const { rows: led } = await sql<Leftover>`
        select distinct 'image' as kind, image_id::text as key from contest_entries where operation_id = any(${ids}::uuid[]) and image_id is not null
        union select 'file', storage_key from held_pictures where operation_id = any(${ids}::uuid[])
        union select 'file', storage_key from entry_files where operation_id = any(${ids}::uuid[])
        union select 'file', s.storage_key from entry_streams s join entry_files f on f.id = s.file_id where f.operation_id = any(${ids}::uuid[])
        union select 'image', poster_image_id::text from entry_files where operation_id = any(${ids}::uuid[]) and poster_image_id is not null
        union select 'image', image_id::text from mission_contributions where operation_id = any(${ids}::uuid[]) and image_id is not null
        union select 'fan', fan_id::text from operation_people where operation_id = any(${ids}::uuid[])`.execute(tx)
      await leave(tx, led)
      await sql`delete from operations where id = any(${ids}::uuid[])`.execute(tx)
      return ids.length
    })
  },
}
