import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { originalKey } from '../../platform/images/index.ts'
import { type Belongings, inLots, intoSight, type Leftover, type Owner, outOfSight } from '../identity/index.ts'
import { recordingArtists, recordingCredits, releaseArtists, releaseCredits } from './json.fragments.ts'
import { words } from './words.ts'

const LOT = 20

type Row = {
  id: string
  slug: string
  facts: Record<string, unknown>
  cover: string | null
  bonus: { key: string; name: string }[]
}

/** The folder of a release inside an archive. */
export const releaseFolder = (slug: string): string => `releases/${slug.replace(/[^\p{L}\p{N}_-]/gu, '-')}`

async function* releasesOf(db: Db | Tx, artistId: string): AsyncGenerator<Row> {
  for (let after: string | null = null; ; ) {
    const { rows }: { rows: Row[] } = await sql<Row>`
      select r.id, r.slug, (select i.sha256 from images i where i.id = r.cover_image_id) as cover,
        (select coalesce(json_agg(json_build_object('key', b.storage_key, 'name', b.file_name) order by b.position), '[]') from bonus_files b where b.release_id = r.id) as bonus,
        json_build_object('id', r.id, 'title', r.title, 'slug', r.slug, 'kind', r.kind, 'artists', ${releaseArtists(sql`r.id`)},
          'label', coalesce(l.name, r.label_name), 'date', r.release_date, 'description', r.description, 'language', r.language, 'licence', r.licence,
          'copyright', r.copyright, 'catalogueNumber', r.catalogue_number, 'barcode', r.barcode, 'genres', r.genres, 'tags', r.tags,
          'discTitles', r.disc_titles, 'musicbrainz', r.musicbrainz, 'visibility', r.visibility, 'publishAt', r.publish_at, 'publishedAt', r.published_at,
          'forMembers', r.for_members, 'membersAt', r.members_at, 'membersListed', r.members_listed, 'teaser', r.teaser,
          'removedAt', r.removed_at, 'givesStream', r.gives_stream, 'givesDownload', r.gives_download, 'credits', ${releaseCredits(sql`r.id`)},
          'tracks', (select coalesce(json_agg(json_build_object('id', t.id, 'disc', t.disc, 'position', t.position, 'slug', t.slug,
              'recording', rec.id, 'title', rec.title, 'version', rec.version, 'artists', ${recordingArtists(sql`rec.id`)}, 'isrc', rec.isrc,
              'language', rec.language, 'lyrics', rec.lyrics,
              'translations', (select coalesce(json_agg(json_build_object('language', x.language, 'text', x.text, 'name', x.name) order by x.made_at, x.id), '[]')
                from translations x where x.recording_id = rec.id), 'explicit', rec.is_explicit, 'bpm', rec.bpm, 'key', rec.musical_key,
              'musicbrainz', rec.musicbrainz, 'givesStream', t.gives_stream, 'givesDownload', t.gives_download,
              'credits', ${recordingCredits(sql`rec.id`)}) order by t.disc, t.position), '[]')
            from tracks t join recordings rec on rec.id = t.recording_id where t.release_id = r.id)) as facts
      from releases r left join labels l on l.id = r.label_id
      where r.artist_id = ${artistId} and (${after}::uuid is null or r.id > ${after}::uuid) order by r.id limit ${LOT}`.execute(
      db,
    )
    yield* rows
    after = rows.at(-1)?.id ?? null
    if (rows.length < LOT) return
  }
}

/** `x` is a recording: another artist's release plays it, or could again. Answers with that artist. */
export const playedElsewhere = sql<string | null>`(
  select r.artist_id from releases r where r.artist_id <> x.artist_id and (
    exists (select from tracks t where t.release_id = r.id and t.recording_id = x.id)
    or exists (select from removed_tracks t where t.release_id = r.id and t.recording_id = x.id))
  order by r.id limit 1)`

const counted = async (db: Db, { id }: Owner) => {
  const { rows } = await sql<{ releases: number; tracks: number; files: number }>`
    select count(*)::int as releases, coalesce(sum((select count(*) from tracks t where t.release_id = r.id)), 0)::int as tracks,
      coalesce(sum((select count(*) from bonus_files b where b.release_id = r.id)), 0)::int as files
    from releases r where r.artist_id = ${id} and r.removed_at is null`.execute(db)
  return rows[0] ?? { releases: 0, tracks: 0, files: 0 }
}

/** Releases with all that is written of them. What others' releases play is handed to those, the sound with it (audio comes before). */
export const musicBelongings: Belongings = {
  tables: ['releases', 'release_slugs', 'release_artists', 'recordings', 'recording_artists', 'appearances'],

  async goes(db, owner, lang) {
    if (owner.kind === 'label') return []
    const { releases, tracks, files } = await counted(db, owner)
    return releases ? [words(lang)('goes', { releases, tracks, files })] : []
  },

  async othersLose(db, { kind, id }, lang) {
    const t = words(lang)
    if (kind === 'label') {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from releases where label_id = ${id}`.execute(
        db,
      )
      const n = rows[0]?.n ?? 0
      return n ? [t('lose_label', { n })] : []
    }
    const { rows } = await sql<{ title: string; artist: string }>`
      select r.title, a.name as artist from releases r join artists a on a.id = r.artist_id
      where r.artist_id <> ${id} and r.removed_at is null and (
        exists (select from release_artists x where x.release_id = r.id and x.artist_id = ${id})
        or exists (select from tracks t join recording_artists x on x.recording_id = t.recording_id where t.release_id = r.id and x.artist_id = ${id}))
      order by a.name, r.title limit 50`.execute(db)
    return rows.map((row) => t('lose_named', row))
  },

  async *pack(db, { kind, id }, { extensionOf }) {
    if (kind === 'label') {
      const { rows } = await sql<Record<string, unknown>>`
        select r.title, a.name as artist, r.release_date as date, r.catalogue_number as "catalogueNumber", r.barcode
        from releases r join artists a on a.id = r.artist_id where r.label_id = ${id} order by r.catalogue_number, r.title`.execute(
        db,
      )
      yield { path: 'catalogue.json', text: `${JSON.stringify(rows, null, 2)}\n` }
      return
    }
    for await (const { slug, facts, cover, bonus } of releasesOf(db, id)) {
      const folder = releaseFolder(slug)
      yield { path: `${folder}/release.json`, text: `${JSON.stringify(facts, null, 2)}\n` }
      if (cover) yield { path: `${folder}/cover${await extensionOf(cover)}`, key: originalKey(cover) }
      for (const { key, name } of bonus) yield { path: `${folder}/bonus/${name}`, key }
    }
  },

  explain: ({ kind }, { lang }) =>
    kind === 'label' ? [['catalogue.json', words(lang)('readme_catalogue')]] : [['releases/', words(lang)('readme')]],

  hide: async (tx, owner) => (owner.kind === 'label' ? undefined : outOfSight(tx, 'releases', owner)),
  show: (tx, _, kept) => intoSight(tx, 'releases', kept),

  async remove({ db }, owner, { leave }) {
    const { kind, id, name } = owner
    if (kind === 'label') {
      // What was on it stays written as it was.
      await sql`update releases set label_name = coalesce(label_name, ${name}), label_id = null where label_id = ${id}`.execute(
        db,
      )
      return
    }
    await sql`
      update recordings x set artist_id = ${playedElsewhere} where x.artist_id = ${id} and ${playedElsewhere} is not null`.execute(
      db,
    )
    await inLots(db, async (tx) => {
      const { rows: releases } = await sql<{ id: string; cover: string | null }>`
        select id, cover_image_id as cover from releases where artist_id = ${id} order by id limit ${LOT} for update`.execute(
        tx,
      )
      if (!releases.length) return 0
      const ids = releases.map((release) => release.id)
      const { rows: led } = await sql<Leftover>`
        select distinct 'file' as kind, storage_key as key from bonus_files where release_id = any(${ids}::uuid[])`.execute(
        tx,
      )
      const covers = releases.flatMap(({ cover }) => (cover ? [{ kind: 'image' as const, key: cover }] : []))
      await leave(tx, [...led, ...covers])
      await sql`delete from releases where id = any(${ids}::uuid[])`.execute(tx)
      return ids.length
    })
    await sql`delete from recordings where artist_id = ${id}`.execute(db)
  },
}
