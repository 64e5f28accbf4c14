import { parseIsrc } from '../identifiers.rules.ts'
import { artistsFromTags } from './artists.rules.ts'
import type { AudioFact, TextFact } from './facts.rules.ts'
import { shownName } from './facts.rules.ts'
import { type FileName, stemOf } from './filenames.rules.ts'
import { folded, naturalOrderOfSegments, tidy } from './names.rules.ts'
import type { Place } from './places.rules.ts'
import type { NamedArtist, Origin, PlannedTrack, Problem } from './plan.ts'
import { isPlaceholderTitle, splitTitle } from './titles.rules.ts'

export type TrackSources = {
  audio: AudioFact
  place: Place
  name: FileName
  lyrics?: TextFact
}

type Numbered = { track: PlannedTrack; segments: string[]; said: boolean }

/** The tracks in their order, and what is doubtful about them. */
export function planTracks(
  sources: TrackSources[],
  releaseArtists: { artists: NamedArtist[]; from: Origin },
): { tracks: PlannedTrack[]; problems: Problem[] } {
  const problems: Problem[] = []
  const foldersAreDiscs = foldersTellDiscsApart(sources)
  const numbered = sources.map((source) => {
    const track = planTrack(source, releaseArtists, problems)
    const disc = (foldersAreDiscs ? source.place.disc : undefined) ?? source.audio.tags?.disc ?? source.place.disc
    track.disc = disc ?? source.name.disc ?? 1
    const said = source.audio.tags?.track ?? source.name.number
    track.number = said ?? 0
    return { track, segments: source.audio.segments, said: said !== undefined }
  })
  numbered.sort(
    (a, b) =>
      a.track.disc - b.track.disc ||
      Number(b.said) - Number(a.said) ||
      a.track.number - b.track.number ||
      naturalOrderOfSegments(a.segments, b.segments),
  )
  numberAll(numbered, problems)
  return { tracks: numbered.map(({ track }) => track), problems }
}

// Rippers often write "disc 1" in every file; then the folders CD1 and CD2 know better.
function foldersTellDiscsApart(sources: TrackSources[]): boolean {
  const byFolder = new Set(sources.map(({ place }) => place.disc))
  const byTag = new Set(sources.map(({ audio }) => audio.tags?.disc))
  return byFolder.size > 1 && byTag.size <= 1
}

/** A number said twice, or by none, cannot stand: that disc is counted again in the order found. */
function numberAll(numbered: Numbered[], problems: Problem[]): void {
  const discs = Map.groupBy(numbered, ({ track }) => track.disc)
  for (const tracks of discs.values()) {
    const seen = new Set<number>()
    let recount = false
    for (const { track, said } of tracks) {
      if (said && seen.has(track.number)) {
        problems.push(notice(track.file, 'number-duplicated', { number: track.number, disc: track.disc }))
      }
      recount ||= !said || track.number < 1 || seen.has(track.number)
      seen.add(track.number)
    }
    if (!recount) continue
    tracks.forEach(({ track }, i) => {
      if (track.number !== i + 1) track.numberFrom = 'guess'
      track.number = i + 1
    })
  }
}

function planTrack(
  { audio, name, lyrics }: TrackSources,
  release: { artists: NamedArtist[]; from: Origin },
  problems: Problem[],
): PlannedTrack {
  const file = shownName(audio.segments)
  const title = titleOf(audio, name)
  if (title.from === 'guess') problems.push(notice(file, 'title-missing', { title: title.value }))
  const parts = title.from === 'guess' ? { title: title.value, featured: [] } : splitTitle(title.value)
  const version = parts.version ?? audio.tags?.subtitle
  const artists = artistsOf(audio, name, release)
  const invited = parts.featured.filter((guest) => !artists.value.some((known) => folded(known.name) === folded(guest)))
  return {
    path: audio.path,
    file,
    bytes: audio.bytes,
    durationMs: audio.durationMs,
    disc: 1,
    number: 0,
    numberFrom: audio.tags?.track !== undefined ? 'tag' : name.number !== undefined ? 'filename' : 'guess',
    title: { value: parts.title, from: title.from },
    ...(version ? { version: { value: version, from: title.from } } : {}),
    artists: {
      ...artists,
      value: [...artists.value, ...invited.map((guest) => ({ name: guest, featured: true as const }))],
    },
    ...fromTags(audio, lyrics, file, problems),
  }
}

function titleOf(audio: AudioFact, name: FileName): { value: string; from: Origin } {
  const tagged = audio.tags?.title
  const number = audio.tags?.track ?? name.number
  if (tagged && (!isPlaceholderTitle(tagged) || isFigure(tagged, number))) return { value: tagged, from: 'tag' }
  if (name.title && !isPlaceholderTitle(name.title)) return { value: name.title, from: 'filename' }
  const stem = tidy(stemOf(audio.segments.at(-1) ?? ''))
  return { value: tagged ?? stem ?? '?', from: 'guess' }
}

/** "1979" is a title, "07" on the seventh track a number. */
const isFigure = (title: string, number: number | undefined): boolean =>
  /^\d+$/.test(title.trim()) && number !== undefined && Number(title) !== number

function artistsOf(
  audio: AudioFact,
  name: FileName,
  release: { artists: NamedArtist[]; from: Origin },
): PlannedTrack['artists'] {
  const tagged = audio.tags ? artistsFromTags(audio.tags) : []
  if (tagged.length > 0) return { value: tagged, from: 'tag' }
  if (name.artist) return { value: [{ name: name.artist }], from: 'filename' }
  return { value: release.artists, from: release.from }
}

function fromTags(
  { tags }: AudioFact,
  lyrics: TextFact | undefined,
  file: string,
  problems: Problem[],
): Pick<PlannedTrack, 'credits'> & Partial<PlannedTrack> {
  const found: Pick<PlannedTrack, 'credits'> & Partial<PlannedTrack> = { credits: tags?.credits ?? [] }
  if (tags?.lyrics) found.lyrics = { value: tags.lyrics, from: 'tag' }
  else if (lyrics) found.lyrics = { value: lyrics.text.replace(/^(?:\[[^\]\n]*\]\s*)+/gm, '').trim(), from: 'file' }
  if (!tags) return found
  if (tags.isrc) {
    const isrc = parseIsrc(tags.isrc)
    if (isrc.ok) found.isrc = { value: isrc.value, from: 'tag' }
    else problems.push(notice(file, 'isrc-invalid', { isrc: tags.isrc }))
  }
  if (tags.composers.length > 0) found.composers = { value: tags.composers, from: 'tag' }
  if (tags.language) found.language = { value: tags.language, from: 'tag' }
  if (tags.bpm) found.bpm = { value: tags.bpm, from: 'tag' }
  if (tags.key) found.key = { value: tags.key, from: 'tag' }
  const { recording, track, work } = tags.musicbrainz
  if (recording || track || work) {
    found.musicbrainz = { ...(recording ? { recording } : {}), ...(track ? { track } : {}), ...(work ? { work } : {}) }
  }
  return found
}

const notice = (file: string, code: Problem['code'], values: Problem['values']): Problem => ({
  file,
  code,
  level: 'notice',
  values,
})
