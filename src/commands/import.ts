import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { describeRelease, type ImportedRelease, importFolder, waitPrepared } from '../domains/audio/index.ts'
import { publishRelease } from '../domains/music/index.ts'
import type { Config } from '../platform/config.ts'
import { diskReason, prepareDataDir, secretKey } from '../platform/data-dir.ts'
import { openPlatform } from '../platform/open-platform.ts'
import type { Platform } from '../platform/platform.ts'
import { Sentence } from '../platform/sentence.ts'
import { abortedBySignals } from './arguments.ts'
import { type Outcome, outcomeJson, outcomeText, planText, problemLines, wholeProblem } from './import-words.ts'
import { bringUpToDate } from './migrate.ts'
import { onDatabase } from './on-database.ts'
import { whereServed } from './where-served.ts'

const USAGE = `Usage: ./ritornello import FOLDER [--artist NAME] [--publish] [--json]
Brings the album in FOLDER in as a draft release, or one for each album where FOLDER holds several (artists, albums). Files are copied, never changed.
  --artist   whose music it is, found by name or made; else what the tags and folders say
  --publish  makes it public once it can be heard
  --json     prints {"artist":{"url"},"release":{"url","tracks":[{"title","url","stream_url","duration_ms"}]},"problems":[{"file","message"}]}
             alone on standard output: one line for each release ("artist" and "release" are null where nothing could be made)
The same recordings again are recognised and not imported twice, so an interrupted import is run again to finish it.
Leaves with 0 when a release is there, 1 when nothing could be imported.`

type Asked = { folder: string; artist: string | undefined; publish: boolean; json: boolean }

/** `./ritornello import FOLDER`. */
export async function importCommand(config: Config, args: string[]): Promise<number> {
  const asked = read(args)
  if (!asked) return 0
  const paths = prepareDataDir(config.dataDir)
  secretKey(config.secretKey, paths)
  const { signal, off } = abortedBySignals()
  try {
    return await onDatabase(config, async (url, alone) => {
      await bringUpToDate(config, url)
      const platform = await openPlatform(whereServed(config), url, {
        name: 'import',
        connections: 4 + availableParallelism(),
      })
      try {
        return await importInto(platform, asked, { alone, signal })
      } finally {
        await platform.close()
      }
    })
  } catch (error) {
    throw asSentence(error, signal)
  } finally {
    off()
  }
}

/** The command on a platform that is open. Resolves with the exit code. */
export async function importInto(
  platform: Platform,
  { folder, artist, publish, json }: Asked,
  { alone, signal, out = say }: { alone: boolean; signal: AbortSignal; out?: (line: string) => void },
): Promise<number> {
  const tell = json ? () => undefined : out
  const meter = progressMeter()
  const imported = await importFolder(platform, folder, {
    artist,
    signal,
    onRead: (done, total) => meter.show(`Reading ${done} of ${total} files`),
    onUnderstood: (plan) => {
      meter.clear()
      if (plan.tracks.length > 0) tell(planText(plan))
    },
    onKept: (done, total) => meter.show(`Keeping ${done} of ${total} files`),
    onDone: () => meter.clear(),
  })
  if (!imported.ok) {
    const problem = wholeProblem(folder, imported.error)
    if (json) out(outcomeJson({ made: null, problems: [problem] }))
    else complain(problem.message)
    return 1
  }
  let some = false
  for (const one of imported.value) {
    const outcome = await finish(platform, folder, one, { publish, alone, signal, meter })
    some ||= outcome.made !== null
    for (const { file, message } of outcome.problems) complain(`${file}: ${message}`)
    if (json) out(outcomeJson(outcome))
    else if (outcome.made) out(outcomeText(outcome.made))
  }
  return some ? 0 : 1
}

type Work = { publish: boolean; alone: boolean; signal: AbortSignal; meter: ReturnType<typeof progressMeter> }

/** Waits until a release can be heard, publishes it when asked to, and says where it is. */
async function finish(
  platform: Platform,
  folder: string,
  one: ImportedRelease,
  { publish, alone, signal, meter }: Work,
): Promise<Outcome> {
  const problems = problemLines(folder, one.problems)
  if (!one.made) return { made: null, problems }
  const { releaseId, already } = one.made
  const prepared = await waitPrepared(platform, releaseId, {
    alone,
    concurrency: availableParallelism(),
    signal,
    onProgress: ({ ready, total, progress }) =>
      meter.show(`Preparing ${ready} of ${total} tracks, ${Math.floor(progress * 100)}%`),
  })
  meter.clear()
  if (prepared.failed > 0)
    problems.push({
      file: one.plan.release.title.value,
      message: `${prepared.failed} of ${prepared.total} tracks could not be prepared for listening. Their masters are kept; the studio says why.`,
    })
  if (publish && prepared.failed > 0)
    problems.push({ file: one.plan.release.title.value, message: 'It stays a draft: it cannot be heard whole.' })
  else if (publish) await publishRelease(platform, { releaseId, by: null })
  return { made: await describeRelease(platform, releaseId, already), problems }
}

function read(args: string[]): Asked | null {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(USAGE)
    return null
  }
  try {
    const { values, positionals } = parseArgs({
      args,
      options: {
        artist: { type: 'string' },
        publish: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    })
    const [folder] = positionals
    if (!folder || positionals.length > 1) throw new Error('wrong number of arguments')
    return { ...values, artist: values.artist?.trim() || undefined, folder: resolve(folder) }
  } catch (error) {
    throw new Sentence(USAGE, { cause: error })
  }
}

/** How far it is, on a terminal only: a line that is written over. */
function progressMeter() {
  const { stderr } = process
  let shown = false
  return {
    show(text: string) {
      if (!stderr.isTTY) return
      shown = true
      stderr.write(`\r\u001b[K${text}`)
    },
    clear() {
      if (shown) stderr.write('\r\u001b[K')
      shown = false
    },
  }
}

const say = (line: string) => void process.stdout.write(`${line}\n`)
const complain = (line: string) => void process.stderr.write(`${line}\n`)

function asSentence(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new Sentence('Stopped. Run the same import again to finish it.', { cause: error })
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EROFS')
    return new Sentence(
      `The import broke off: ${diskReason(error)}. Nothing was half made; mend that, then run it again.`,
      { cause: error },
    )
  return error
}
