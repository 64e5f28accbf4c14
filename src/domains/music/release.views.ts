import { type RawBuilder, sql } from 'kysely'
import { type Db, prepared, type Tx } from '../../platform/database/index.ts'
import { type Gives, givesOf, maySee, type ReleaseState, visibilityAt } from './given.rules.ts'
import { cover, givenTo, recordingArtists, recordingCredits, releaseArtists, releaseCredits } from './json.fragments.ts'
import { releasePath } from './paths.rules.ts'
import type { Looking, PublicRelease, PublicTrack } from './public.types.ts'

type Row = Omit<PublicRelease, 'path' | 'tracks' | 'gives'> & {
  secretTokens: string[]
  givesStream: boolean
  givesDownload: boolean
  tracks: (Omit<PublicTrack, 'gives'> & { givesStream: boolean | null; givesDownload: boolean | null })[]
}

/** The address of a page, when the asked one is an earlier one. */
export type Moved = { moved: { artistSlug: string; releaseSlug: string; trackSlug?: string } }

/** The release at this address as this visitor may see it; where it went; or null. */
export async function releasePage(
  db: Db | Tx,
  asked: { artistSlug: string; releaseSlug: string } & Looking,
): Promise<PublicRelease | Moved | null> {
  const row = await releaseAt(db, asked, false)
  return settle(row, asked)
}

/** The same by its id, for players, embeds and files. */
export async function releaseById(
  db: Db | Tx,
  id: string,
  looking: Looking & { lyrics?: boolean },
): Promise<PublicRelease | null> {
  const row = await releaseOf(db, id, looking.lyrics ?? false)
  return row && seen(row, looking) ? publicRelease(row, looking.now) : null
}

export type TrackPage = {
  release: PublicRelease
  track: PublicTrack
  previous: PublicTrack | null
  next: PublicTrack | null
}

/** A track on its release, with its words. */
export async function trackPage(
  db: Db | Tx,
  asked: { artistSlug: string; releaseSlug: string; trackSlug: string } & Looking,
): Promise<TrackPage | Moved | null> {
  const row = await releaseAt(db, asked, true)
  const release = settle(row, asked)
  if (!release || !row) return null
  if ('moved' in release) return { moved: { ...release.moved, trackSlug: asked.trackSlug } }
  const index = release.tracks.findIndex((track) => track.slug === asked.trackSlug)
  const track = release.tracks[index]
  if (track)
    return { release, track, previous: release.tracks[index - 1] ?? null, next: release.tracks[index + 1] ?? null }
  const renamed = await db
    .selectFrom('trackSlugs')
    .innerJoin('tracks', 'tracks.id', 'trackSlugs.trackId')
    .select('tracks.slug')
    .where('trackSlugs.releaseId', '=', release.id)
    .where('trackSlugs.slug', '=', asked.trackSlug)
    .executeTakeFirst()
  if (!renamed) return null
  return { moved: { artistSlug: release.artist.slug, releaseSlug: release.slug, trackSlug: renamed.slug } }
}

/** What is told to everybody of a release for members: nothing that is on it. */
export type ReleaseTeaser = Pick<
  PublicRelease,
  'id' | 'path' | 'artist' | 'title' | 'kind' | 'artists' | 'date' | 'language' | 'cover' | 'teaser' | 'publishZone'
> & { plans: readonly string[]; publicAt: Date | null }

/** What everybody may know of the release at this address; null where there is nothing to know. */
export async function releaseTeaser(
  db: Db | Tx,
  asked: { artistSlug: string; releaseSlug: string },
): Promise<ReleaseTeaser | null> {
  const row = await releaseAt(db, asked, false)
  if (!row?.givenTo || !row.membersListed) return null
  const { id, artist, title, kind, artists, date, language, cover: sleeve, teaser, publishZone, givenTo: to } = row
  return {
    ...{ id, artist, title, kind, artists, date, language, teaser, publishZone, cover: sleeve },
    ...{ path: releasePath(artist.slug, row.slug), plans: to.plans, publicAt: row.publishAt },
  }
}

const seen = (row: Row, { now, token = null, preview, memberships }: Looking): boolean =>
  preview || maySee(stateOf(row), now, token, memberships)

function settle(
  row: Row | null,
  asked: { artistSlug: string; releaseSlug: string } & Looking,
): PublicRelease | Moved | null {
  if (!row || !seen(row, asked)) return null
  if (row.artist.slug !== asked.artistSlug || row.slug !== asked.releaseSlug)
    return { moved: { artistSlug: row.artist.slug, releaseSlug: row.slug } }
  return publicRelease(row, asked.now)
}

const releaseGives = (row: Row): Gives => ({ stream: row.givesStream, download: row.givesDownload })

const stateOf = (row: Row): ReleaseState => ({
  visibility: row.visibility,
  publishAt: row.publishAt,
  gives: releaseGives(row),
  secretTokens: row.secretTokens,
  givenTo: row.givenTo,
})

function publicRelease(row: Row, now: Date): PublicRelease {
  const { secretTokens, givesStream, givesDownload, tracks, ...release } = row
  const gives = releaseGives(row)
  return {
    ...release,
    path: releasePath(row.artist.slug, row.slug),
    visibility: visibilityAt(row, now),
    gives,
    tracks: tracks.map(({ givesStream: stream, givesDownload: download, ...track }) => ({
      ...track,
      gives: givesOf(gives, { stream, download }),
    })),
  }
}

/** Found by current and earlier addresses alike (`$1` the artist's, `$2` the release's); `settle` tells them apart. */
const BY_ADDRESS = sql`
  a.id = (select s.artist_id from slugs s where s.slug = $1)
  and r.id = coalesce(
    (select x.id from releases x where x.artist_id = a.id and x.slug = $2),
    (select o.release_id from release_slugs o where o.artist_id = a.id and o.slug = $2))`
const BY_ID = sql`r.id = $1`

const releaseQuery = (where: RawBuilder<unknown>, lyrics: boolean) => () =>
  sql<Row>`
    select r.id, r.slug, r.title, r.kind, r.release_date as date, r.description, r.language, r.licence, r.copyright,
      r.catalogue_number, r.barcode, r.genres, r.tags, r.disc_titles, r.gives_stream, r.gives_download, r.asks_address, r.visibility,
      r.publish_at, r.publish_zone, r.published_at, ${givenTo} as given_to, r.members_listed, r.teaser, r.musicbrainz, r.revision, r.version, r.updated_at,
      json_build_object('id', a.id, 'slug', a.slug, 'name', a.name, 'language', a.language, 'theme', a.theme) as artist,
      case when coalesce(l.name, r.label_name) is null then null
        else json_build_object('name', coalesce(l.name, r.label_name), 'slug', case when l.goes_at is null then l.slug end) end as label,
      ${releaseArtists(sql`r.id`)} as artists,
      ${releaseCredits(sql`r.id`)} as credits,
      ${cover(sql`r.cover_image_id`)} as cover,
      array(select k.token from secret_links k where k.release_id = r.id and k.revoked_at is null) as secret_tokens,
      (select coalesce(json_agg(json_build_object('id', b.id, 'fileName', b.file_name, 'storageKey', b.storage_key,
          'sha256', b.sha256, 'size', b.size, 'type', b.type) order by b.position), '[]')
        from bonus_files b where b.release_id = r.id) as bonus,
      (select coalesce(json_agg(json_build_object('id', t.id, 'recordingId', rec.id, 'slug', t.slug, 'disc', t.disc,
          'position', t.position, 'title', rec.title, 'version', rec.version, 'isrc', rec.isrc, 'language', rec.language,
          'lyrics', ${lyrics ? sql`rec.lyrics` : sql`null::text`}, 'hasLyrics', rec.lyrics <> '', 'isExplicit', rec.is_explicit,
          'bpm', rec.bpm, 'musicalKey', rec.musical_key, 'musicbrainz', rec.musicbrainz,
          'givesStream', t.gives_stream, 'givesDownload', t.gives_download,
          'artists', ${recordingArtists(sql`rec.id`)}, 'credits', ${recordingCredits(sql`rec.id`)}) order by t.disc, t.position), '[]')
        from tracks t join recordings rec on rec.id = t.recording_id where t.release_id = r.id) as tracks
    from releases r join artists a on a.id = r.artist_id left join labels l on l.id = r.label_id
    where r.removed_at is null and ${where}`

const find = {
  byAddress: { plain: prepared(releaseQuery(BY_ADDRESS, false)), lyrics: prepared(releaseQuery(BY_ADDRESS, true)) },
  byId: { plain: prepared(releaseQuery(BY_ID, false)), lyrics: prepared(releaseQuery(BY_ID, true)) },
}

async function releaseAt(
  db: Db | Tx,
  { artistSlug, releaseSlug }: { artistSlug: string; releaseSlug: string },
  lyrics: boolean,
): Promise<Row | null> {
  const read = find.byAddress[lyrics ? 'lyrics' : 'plain']
  return (await read(db, artistSlug.normalize('NFC'), releaseSlug.normalize('NFC')))[0] ?? null
}

const releaseOf = async (db: Db | Tx, id: string, lyrics: boolean): Promise<Row | null> =>
  (await find.byId[lyrics ? 'lyrics' : 'plain'](db, id))[0] ?? null
