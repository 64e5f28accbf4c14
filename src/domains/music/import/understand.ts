import { parseBarcode, tidyCatalogueNumber } from '../identifiers.rules.ts'
import { type ReleaseArtists, releaseArtistsFromNames, releaseArtistsFromTags } from './artists.rules.ts'
import { chooseCover } from './cover.rules.ts'
import type { AudioFact, Facts, FileFact, PictureFact, TextFact } from './facts.rules.ts'
import { shownName } from './facts.rules.ts'
import { type FileName, readFileNames, stemOf } from './filenames.rules.ts'
import { isGeneralFolder } from './folders.rules.ts'
import { agreed, byFrequency, folded, naturalOrderOfSegments, saidByHalf, tidy } from './names.rules.ts'
import { groupByRelease, placeOf, type Surroundings, surroundings } from './places.rules.ts'
import type { BonusFile, ImportPlan, PlannedRelease, PlannedTrack, Problem, Said } from './plan.ts'
import { guessKind, parseDate, parseLicence } from './release.rules.ts'
import { planTracks, type TrackSources } from './tracks.rules.ts'

const DESCRIPTION_NAMES = new Set(['description', 'about', 'a propos', 'presentation', 'notes', 'liner notes', 'texte'])

/** Understands files as one release. Pure: everything it knows is in the facts. */
export function understand(facts: Facts): ImportPlan {
  const files = [...facts.files].sort((a, b) => naturalOrderOfSegments(a.segments, b.segments))
  const audio = files.filter((file): file is AudioFact => file.kind === 'audio')
  const places = audio.map(placeOf)
  const parent = facts.parentFolder && !isGeneralFolder(facts.parentFolder) ? facts.parentFolder : undefined
  const around = surroundings(places, facts.parentFolder)
  const fromTags = releaseArtistsFromTags(audio)
  // Tags that only differ suggest a compilation; a folder that names somebody knows better.
  const tagged = fromTags?.artist.from === 'guess' && around.artist ? null : fromTags
  const known = tagged ?? (around.artist ? releaseArtistsFromNames(around, [], parent) : null)
  const names = readNamesByFolder(audio, known && !known.various ? known.artist.name : undefined)
  const parentIsAlbum = places.every((place) => place.album === undefined)
  const by =
    tagged ??
    releaseArtistsFromNames(
      around,
      names.map((name) => name.artist),
      parentIsAlbum ? undefined : parent,
    )
  const texts = files.filter((file): file is TextFact => file.kind === 'text')
  const lyrics = lyricsBeside(audio, texts)
  const sources = audio.map((file, i): TrackSources => {
    const beside = lyrics.get(file)
    return {
      audio: file,
      place: places[i] ?? { key: '' },
      name: names[i] ?? { title: null },
      ...(beside ? { lyrics: beside } : {}),
    }
  })
  const { tracks, problems } = planTracks(sources, { artists: by.various ? [] : by.albumArtists, from: by.artist.from })
  const description = texts.find((text) => DESCRIPTION_NAMES.has(folded(stemOf(text.segments.at(-1) ?? ''))))
  const release = planRelease(audio, tracks, around, by, names, problems)
  if (!release.description && description) release.description = { value: description.text, from: 'file' }
  release.discs = discsOf(sources, tracks)
  const pictures = files.filter((file): file is PictureFact => file.kind === 'picture')
  const paths = new Set(audio.map((file) => file.path))
  const embedded = facts.embeddedCovers.find((picture) => paths.has(picture.path))
  const cover = chooseCover(pictures, embedded)
  const used = new Set<FileFact>([
    ...lyrics.values(),
    ...(release.description?.from === 'file' && description ? [description] : []),
  ])
  return {
    artist: by.artist,
    albumArtists: by.albumArtists,
    various: by.various,
    release,
    cover,
    tracks,
    bonus: bonusOf(files, used, cover),
    ignored: [...facts.ignored, ...files.filter((file) => file.kind === 'cue').map((file) => ignoredCue(file))],
    problems: [...facts.problems, ...problems, ...wholeProblems(audio, files, by)],
  }
}

/** Understands files as the releases they are: one plan per album folder, in natural order. */
export function understandAll(facts: Facts): ImportPlan[] {
  const groups = groupByRelease(facts.files)
  if (groups.length === 1) return [understand(facts)]
  // What concerns no release in particular is told once.
  return groups.map((files, i) =>
    understand(i === 0 ? { ...facts, files } : { ...facts, files, ignored: [], problems: [] }),
  )
}

function readNamesByFolder(audio: AudioFact[], knownArtist: string | undefined): FileName[] {
  const read = new Map<AudioFact, FileName>()
  for (const files of Map.groupBy(audio, (file) => file.segments.slice(0, -1).join('/')).values()) {
    const names = readFileNames(
      files.map((file) => file.segments.at(-1) ?? ''),
      knownArtist,
    )
    for (const [i, file] of files.entries()) read.set(file, names[i] ?? { title: null })
  }
  return audio.map((file) => read.get(file) ?? { title: null })
}

/** "01 - Song.txt" or ".lrc" beside "01 - Song.flac" holds its words. */
function lyricsBeside(audio: AudioFact[], texts: TextFact[]): Map<AudioFact, TextFact> {
  const key = (segments: string[]) => [...segments.slice(0, -1), stemOf(segments.at(-1) ?? '')].join('/')
  const byKey = new Map(texts.map((text) => [key(text.segments), text]))
  const found = new Map<AudioFact, TextFact>()
  for (const file of audio) {
    const text = byKey.get(key(file.segments))
    if (text) found.set(file, text)
  }
  return found
}

function planRelease(
  audio: AudioFact[],
  tracks: PlannedTrack[],
  around: Surroundings,
  by: ReleaseArtists,
  names: FileName[],
  problems: Problem[],
): PlannedRelease {
  const tags = audio.map((file) => file.tags)
  const title = releaseTitle(
    tags.map((tag) => tag?.album),
    around,
    names,
    tracks,
  )
  const release: PlannedRelease = {
    title,
    kind: guessKind({
      declared: tags.find((tag) => tag && tag.releaseTypes.length > 0)?.releaseTypes ?? [],
      compilation: tags.some((tag) => tag?.compilation),
      various: by.various,
      title: title.value,
      versions: tracks.map((track) => track.version?.value),
      durationsMs: tracks.map((track) => track.durationMs),
    }),
    discs: [],
  }
  const dates = tags.map((tag) => tag?.date)
  const tagDate = parseDate((around.date ? saidByHalf(dates) : agreed(dates)) ?? undefined)
  const date = tagDate ?? parseDate(agreed(tags.map((tag) => tag?.originalDate)) ?? undefined)
  if (date) release.date = { value: date, from: 'tag' }
  else if (around.date) release.date = { value: around.date, from: 'folder' }
  const genres = byFrequency(tags.flatMap((tag) => tag?.genres ?? [])).map(({ value }) => value)
  if (genres.length > 0) release.genres = { value: genres.slice(0, 10), from: 'tag' }
  for (const field of ['label', 'description', 'copyright'] as const) {
    const value = agreed(tags.map((tag) => tag?.[field]))
    if (value) release[field] = { value, from: 'tag' }
  }
  const catalogue = agreed(tags.map((tag) => tag?.catalogueNumber)) ?? around.catalogueNumber
  const tidied = catalogue ? tidyCatalogueNumber(catalogue) : null
  if (tidied) release.catalogueNumber = { value: tidied, from: catalogue === around.catalogueNumber ? 'folder' : 'tag' }
  readBarcode(agreed(tags.map((tag) => tag?.barcode)), release, problems)
  const licence = agreed(tags.map((tag) => (tag ? parseLicence(tag.licence, tag.copyright) : null)))
  if (licence) release.licence = { value: licence, from: 'tag' }
  const id = agreed(tags.map((tag) => tag?.musicbrainz.release))
  const group = agreed(tags.map((tag) => tag?.musicbrainz.releaseGroup))
  if (id || group) release.musicbrainz = { ...(id ? { release: id } : {}), ...(group ? { releaseGroup: group } : {}) }
  return release
}

function readBarcode(text: string | null, release: PlannedRelease, problems: Problem[]): void {
  if (!text) return
  const barcode = parseBarcode(text)
  if (barcode.ok) release.barcode = { value: barcode.value.digits, from: 'tag' }
  else problems.push({ file: null, code: 'barcode-invalid', level: 'notice', values: { barcode: text } })
}

function releaseTitle(
  albums: (string | undefined)[],
  around: Surroundings,
  names: FileName[],
  tracks: PlannedTrack[],
): Said<string> {
  const album = around.title ? saidByHalf(albums) : agreed(albums)
  if (album) return { value: album, from: 'tag' }
  if (around.title) return { value: around.title, from: 'folder' }
  const inNames = tidy(agreed(names.map((name) => name.album)))
  if (inNames) return { value: inNames, from: 'filename' }
  const only = tracks[0]
  if (only && tracks.length === 1) return { value: only.title.value, from: only.title.from }
  return { value: tidy(around.general) ?? only?.title.value ?? '', from: 'guess' }
}

function discsOf(sources: TrackSources[], tracks: PlannedTrack[]): PlannedRelease['discs'] {
  const titles = new Map<string, string>()
  for (const { audio, place } of sources) {
    const title = audio.tags?.discTitle ?? place.discTitle
    if (title) titles.set(audio.path, title)
  }
  const numbers = [...new Set(tracks.map((track) => track.disc))].sort((a, b) => a - b)
  return numbers.map((number) => {
    const title = agreed(tracks.filter((track) => track.disc === number).map((track) => titles.get(track.path)))
    return title ? { number, title } : { number }
  })
}

function bonusOf(files: FileFact[], used: Set<FileFact>, cover: ImportPlan['cover']): BonusFile[] {
  return files
    .filter((file) => file.kind !== 'audio' && file.kind !== 'cue' && !used.has(file))
    .filter((file) => !(cover?.kind === 'file' && cover.path === file.path))
    .map(({ path, segments, bytes }) => ({ path, file: shownName(segments), bytes }))
}

const ignoredCue = (file: FileFact): ImportPlan['ignored'][number] => ({
  file: shownName(file.segments),
  reason: 'rip-record',
})

const LONG_ENOUGH_FOR_AN_ALBUM_MS = 15 * 60_000

function wholeProblems(audio: AudioFact[], files: FileFact[], by: ReleaseArtists): Problem[] {
  const whole = (code: Problem['code'], level: Problem['level']): Problem => ({ file: null, code, level, values: {} })
  if (audio.length === 0) return [whole('no-audio', 'refused')]
  const problems: Problem[] = []
  if (by.artist.name === '') problems.push(whole('artist-unknown', 'notice'))
  const [only] = audio
  const cue = files.find((file) => file.kind === 'cue')
  if (cue && only && audio.length === 1 && only.durationMs > LONG_ENOUGH_FOR_AN_ALBUM_MS) {
    problems.push({ file: shownName(only.segments), code: 'cue-not-split', level: 'notice', values: {} })
  }
  return problems
}
