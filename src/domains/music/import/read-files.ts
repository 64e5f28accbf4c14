import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { checkImage, type ImageError } from '../../../platform/images/index.ts'
import type { Result } from '../../../platform/result.ts'
import { betrayed, classify } from './classify.rules.ts'
import { rankPictures } from './cover.rules.ts'
import type { AudioFact, EmbeddedCover, Facts, FileFact, PictureFact } from './facts.rules.ts'
import { shownName } from './facts.rules.ts'
import { naturalOrderOfSegments, tidyLines } from './names.rules.ts'
import { groupByRelease } from './places.rules.ts'
import type { Problem, ProblemCode } from './plan.ts'
import { readEmbeddedCover, readTags } from './read-tags.ts'
import type { SourceFile } from './walk.ts'

/** Whether a file really is sound, decided by the audio engine. */
export type Probe = (path: string) => Promise<Result<{ durationMs: number | null }, { code: string; detail: string }>>

export type ReadOptions = {
  /** A larger file is refused unread. 2 GiB unless told. */
  maxBytes?: number
  /** Called after each file: long recordings take time to check. */
  onProgress?: (done: number, total: number) => void
  signal?: AbortSignal
}

const MAX_BYTES = 2 ** 31
const MAX_TEXT_BYTES = 200_000

type Reading = { files: FileFact[]; problems: Problem[]; ignored: Facts['ignored'] }

/** Reads what files are, one after the other: memory does not depend on their size or number. Nothing is written. */
export async function readFiles(sources: SourceFile[], probe: Probe, options: ReadOptions = {}): Promise<Facts> {
  const reading: Reading = { files: [], problems: [], ignored: [] }
  let done = 0
  for (const source of sources) {
    options.signal?.throwIfAborted()
    await readOne(source, probe, options, reading)
    options.onProgress?.(++done, sources.length)
  }
  return { ...reading, embeddedCovers: await embeddedCovers(reading) }
}

async function readOne(source: SourceFile, probe: Probe, options: ReadOptions, reading: Reading): Promise<void> {
  const segments = segmentsOf(source.name)
  const found = classify(segments)
  if ('ignored' in found) {
    reading.ignored.push({ file: shownName(segments), reason: found.ignored })
    return
  }
  const refuse = (code: ProblemCode, values: Problem['values'] = {}) => {
    reading.problems.push({ file: shownName(segments), code, level: 'refused', values })
  }
  // Not blocking: a pipe with nobody at the other end would wait for ever.
  const file = await open(source.path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null)
  if (!file) return refuse('file-unreadable')
  try {
    const info = await file.stat()
    const limit = options.maxBytes ?? MAX_BYTES
    if (!info.isFile()) return refuse('file-unreadable')
    if (info.size === 0) return refuse('empty-file')
    if (info.size > limit) return refuse('file-too-large', { bytes: info.size, limit })
    const base = { path: source.path, segments, bytes: info.size }
    if (found.kind === 'audio') await readAudio(base, file, probe, reading, refuse)
    else if (found.kind === 'picture') await readPicture(base, reading)
    else if (found.kind === 'text') await readText(base, file, reading)
    else reading.files.push({ kind: found.kind, ...base })
  } finally {
    await file.close()
  }
}

type Base = { path: string; segments: string[]; bytes: number }
type Refuse = (code: ProblemCode, values?: Problem['values']) => void

async function readAudio(base: Base, file: FileHandle, probe: Probe, reading: Reading, refuse: Refuse): Promise<void> {
  const head = new Uint8Array(512)
  const { bytesRead } = await file.read(head, 0, head.length, 0)
  const lie = betrayed(head.subarray(0, bytesRead))
  if (lie) return refuse(lie)
  const probed = await probe(base.path)
  if (!probed.ok) return refuse(probeProblem(probed.error.code), { detail: probed.error.detail })
  const tags = await readTags(file, base.bytes, base.segments.at(-1) ?? '')
  if (!tags.ok && tags.error.code === 'unreadable') {
    reading.problems.push({
      file: shownName(base.segments),
      code: 'tags-unreadable',
      level: 'notice',
      values: { detail: tags.error.detail },
    })
  }
  reading.files.push({
    kind: 'audio',
    ...base,
    durationMs: probed.value.durationMs ?? 0,
    tags: tags.ok ? tags.value : null,
  })
}

function probeProblem(code: string): ProblemCode {
  const known: Record<string, ProblemCode> = {
    empty: 'empty-file',
    missing: 'file-unreadable',
    'not-audio': 'audio-unreadable',
    playlist: 'playlist',
    unsupported: 'audio-unsupported',
    protected: 'audio-protected',
    'too-long': 'audio-too-long',
    truncated: 'audio-truncated',
    damaged: 'audio-damaged',
  }
  return known[code] ?? 'audio-check-failed'
}

async function readPicture(base: Base, reading: Reading): Promise<void> {
  const checked = await checkImage(base.path)
  if (checked.ok)
    reading.files.push({ kind: 'picture', ...base, width: checked.value.width, height: checked.value.height })
  else reading.problems.push(pictureProblem(shownName(base.segments), checked.error))
}

function pictureProblem(file: string, { code, values }: ImageError): Problem {
  const codes: Record<ImageError['code'], ProblemCode> = {
    empty: 'empty-file',
    svg: 'cover-svg',
    'too-large': 'cover-too-large',
    'too-many-bytes': 'file-too-large',
    'not-an-image': 'cover-unreadable',
    broken: 'cover-unreadable',
  }
  return { file, code: codes[code], level: 'refused', values }
}

async function readText(base: Base, file: FileHandle, reading: Reading): Promise<void> {
  const bytes = new Uint8Array(Math.min(base.bytes, MAX_TEXT_BYTES))
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
  const text = tidyLines(decodeText(bytes.subarray(0, bytesRead)))
  if (text) reading.files.push({ kind: 'text', ...base, text })
  else reading.ignored.push({ file: shownName(base.segments), reason: 'unknown' })
}

function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Pictures inside the audio are read only where no file is named as the cover, up to the first that is usable. */
async function embeddedCovers(reading: Reading): Promise<EmbeddedCover[]> {
  const found: EmbeddedCover[] = []
  for (const files of groupByRelease(reading.files)) {
    const pictures = files.filter((file): file is PictureFact => file.kind === 'picture')
    if (rankPictures(pictures).strong.length > 0) continue
    const audio = files.filter((file): file is AudioFact => file.kind === 'audio' && file.tags !== null)
    audio.sort((a, b) => naturalOrderOfSegments(a.segments, b.segments))
    const cover = await firstEmbedded(audio, reading.problems)
    if (cover) found.push(cover)
  }
  return found
}

async function firstEmbedded(audio: AudioFact[], problems: Problem[]): Promise<EmbeddedCover | null> {
  for (const { path, segments, bytes } of audio) {
    const picture = await embeddedCover(path, bytes, segments.at(-1) ?? '')
    if (!picture) continue
    const checked = await checkImage(picture)
    if (checked.ok) return { path, segments, width: checked.value.width, height: checked.value.height }
    problems.push({ ...pictureProblem(shownName(segments), checked.error), level: 'notice' })
  }
  return null
}

/** The picture inside one audio file, or null: what `cover.kind === 'embedded'` points at. */
export async function embeddedCover(path: string, bytes: number, name = path): Promise<Uint8Array | null> {
  const file = await open(path, 'r')
  try {
    return await readEmbeddedCover(file, bytes, name)
  } finally {
    await file.close()
  }
}

// Whatever the browser or the system put between: never an empty, "." or ".." segment.
function segmentsOf(name: string): string[] {
  const segments = name
    .normalize('NFC')
    .split(/[/\\]/)
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
  return segments.length > 0 ? segments : ['?']
}
