import { basename } from 'node:path'
import type { DescribedRelease } from '../domains/audio/index.ts'
import { describeProblem, type ImportPlan, type Problem } from '../domains/music/index.ts'
import { formats } from '../platform/i18n/index.ts'

export type Line = { file: string; message: string }
export type Outcome = { made: DescribedRelease | null; problems: Line[] }

const { duration } = formats('en')
const UNKNOWN_ARTIST = 'Nothing says for certain whose music this is. Say it with --artist NAME.'

/** One release as the contract's JSON, on one line. */
export function outcomeJson({ made, problems }: Outcome): string {
  return JSON.stringify({
    artist: made && { url: made.artist.url },
    release: made && {
      url: made.url,
      tracks: made.tracks.map(({ title, url, streamUrl, durationMs }) => ({
        title,
        url,
        stream_url: streamUrl,
        duration_ms: durationMs,
      })),
    },
    problems,
  })
}

/** What was understood of one album, before anything is kept. */
export function planText(plan: ImportPlan): string {
  const { release, tracks, cover, bonus } = plan
  const artists = plan.albumArtists.map(({ name }) => name).join(', ')
  const several = new Set(tracks.map((track) => track.disc)).size > 1
  const about = [
    release.kind.value,
    release.date?.value,
    release.label?.value,
    release.genres?.value.join(', '),
    cover ? `cover ${cover.width} × ${cover.height}` : 'no cover',
    bonus.length > 0 ? `${bonus.length} bonus` : null,
  ].filter(Boolean)
  const number = (track: ImportPlan['tracks'][number]) =>
    `${several ? `${track.disc}-` : ''}${String(track.number).padStart(2, '0')}`
  return [
    `“${release.title.value}”${artists ? ` by ${artists}` : ''} (${about.join('; ')})`,
    ...tracks.map(
      (track) =>
        `  ${number(track)}  ${track.title.value}${track.version ? ` (${track.version.value})` : ''}  ${duration(track.durationMs)}`,
    ),
  ].join('\n')
}

export function outcomeText(made: DescribedRelease): string {
  const { title, artist, already, visibility, url, studioUrl } = made
  const what = already
    ? `“${title}” by ${artist.name} is here already, with these very recordings: nothing was imported twice.`
    : `“${title}” is in the catalogue of ${artist.name}.`
  return `${what}\n${visibility === 'public' ? `It is public: ${url}` : `It is a ${visibility === 'draft' ? 'draft' : `${visibility} release`}: ${studioUrl}`}`
}

/** Problems by file, as its path inside the folder that was named; what concerns the whole is said of the folder. */
export const problemLines = (folder: string, problems: Problem[]): Line[] =>
  problems.map((problem) => ({
    file: inside(folder, problem.file) ?? basename(folder),
    message: problem.code === 'artist-unknown' ? UNKNOWN_ARTIST : describeProblem(problem, 'en'),
  }))

const inside = (folder: string, file: string | null) =>
  file?.startsWith(`${basename(folder)}/`) ? file.slice(basename(folder).length + 1) : file

export const wholeProblem = (folder: string, error: 'missing' | 'not-a-folder'): Line => ({
  file: basename(folder),
  message: error === 'missing' ? `There is no folder ${folder}.` : `${folder} is not a folder.`,
})
