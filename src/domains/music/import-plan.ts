import type { Tx } from '../../platform/database/index.ts'
import type { Credit, ImportPlan, NamedArtist, PlannedTrack } from './import/index.ts'
import { labelOf } from './labels.store.ts'
import { licenceTerms } from './licences.rules.ts'
import { type CreditInput, type NameInput, setArtists } from './names.store.ts'
import { renumber } from './order.rules.ts'
import { insertRelease } from './release.store.ts'
import type { MusicBrainzIds } from './tables.ts'
import { insertTrack, type NewTrack } from './track.store.ts'

export type Imported = {
  releaseId: string
  slug: string
  /** In the order of the release. `path` is the file of the plan that the recording comes from. */
  tracks: { trackId: string; recordingId: string; path: string }[]
}

/**
 * Makes a draft release of what was understood from a folder: recordings, tracks, artists, credits, identifiers, licence. Files
 * are not touched; the caller keeps the masters and the bonus files, and has kept the cover already.
 */
export async function importPlan(
  tx: Tx,
  { artistId, plan, coverImageId }: { artistId: string; plan: ImportPlan; coverImageId: string | null },
): Promise<Imported> {
  const artist = await tx.selectFrom('artists').select('name').where('id', '=', artistId).executeTakeFirstOrThrow()
  const { release } = plan
  const label = release.label ? await labelOf(tx, artistId, release.label.value) : null
  const made = await insertRelease(tx, {
    artistId,
    title: release.title.value,
    kind: release.kind.value,
    releaseDate: release.date?.value ?? null,
    genres: release.genres?.value ?? [],
    description: release.description?.value ?? '',
    licence: release.licence && licenceTerms(release.licence.value) ? release.licence.value : 'all-rights-reserved',
    copyright: release.copyright?.value ?? null,
    labelId: label,
    labelName: label ? null : (release.label?.value ?? null),
    catalogueNumber: release.catalogueNumber?.value ?? null,
    barcode: release.barcode?.value ?? null,
    language: commonLanguage(plan.tracks),
    musicbrainz: release.musicbrainz ?? {},
    discTitles: Object.fromEntries(release.discs.filter((d) => d.title).map((d) => [d.number, d.title as string])),
    coverImageId,
  })
  const albumArtists = artistsOf(plan, artist.name)
  await setArtists(tx, { releaseId: made.id }, albumArtists)

  const tracks: Imported['tracks'] = []
  for (const { disc, position, track } of inOrder(plan)) {
    const values = plannedTrack(plan, track, albumArtists)
    tracks.push({
      ...(await insertTrack(tx, { artistId, releaseId: made.id, disc, position, ...values })),
      path: track.path,
    })
  }
  return { releaseId: made.id, slug: made.slug, tracks }
}

/** The tracks of a plan with the places that they get: discs and positions from 1, without holes. */
export const inOrder = ({ tracks }: ImportPlan) =>
  renumber(tracks.map((track, i) => ({ id: String(i), disc: track.disc, position: track.number, track })))

/** What a planned track says of itself. `others`: the release's artists, for a track of which nothing certain is said. */
export function plannedTrack(
  plan: ImportPlan,
  track: PlannedTrack,
  others: NameInput[],
): Omit<NewTrack, 'artistId' | 'releaseId' | 'disc' | 'position'> {
  const guessed = plan.artist.confidence === 'low' && !plan.various
  return {
    title: track.title.value,
    version: track.version?.value ?? null,
    artists: guessed && track.artists.from !== 'tag' ? others : track.artists.value.map(nameInput),
    credits: creditsOf(track),
    isrc: track.isrc?.value ?? null,
    language: track.language?.value ?? null,
    lyrics: track.lyrics?.value ?? '',
    bpm: track.bpm && track.bpm.value > 0 && track.bpm.value < 1000 ? track.bpm.value : null,
    musicalKey: track.key?.value ?? null,
    musicbrainz: (track.musicbrainz ?? {}) as MusicBrainzIds,
  }
}

/** A name that was only guessed from a folder gives way to the artist for whom one imports. */
function artistsOf(plan: ImportPlan, ownName: string): NameInput[] {
  if (plan.artist.confidence === 'low' || plan.albumArtists.length === 0) {
    if (!plan.various) return [{ name: ownName }]
  }
  return plan.albumArtists.map(nameInput)
}

const nameInput = ({ name, featured, musicbrainz }: NamedArtist): NameInput => ({
  name,
  isFeatured: featured ?? false,
  musicbrainz: musicbrainz ?? null,
})

function creditsOf(track: PlannedTrack): CreditInput[] {
  const composers: Credit[] = (track.composers?.value ?? []).map((name) => ({ role: 'composer', name }))
  const seen = new Set<string>()
  return [...composers, ...track.credits]
    .filter(({ role, name, detail = '' }) => {
      const key = `${role}\n${name.toLowerCase()}\n${detail.toLowerCase()}`
      return !seen.has(key) && seen.add(key)
    })
    .map(({ role, name, detail }) => ({ role, name, detail: detail ?? null }))
}

function commonLanguage(tracks: PlannedTrack[]): string | null {
  const languages = new Set(tracks.map((track) => track.language?.value ?? null))
  return languages.size === 1 ? ([...languages][0] ?? null) : null
}
