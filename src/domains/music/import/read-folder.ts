import { fail, ok, type Result } from '../../../platform/result.ts'
import type { Facts } from './facts.rules.ts'
import { groupByRelease, placeOf } from './places.rules.ts'
import type { ImportPlan } from './plan.ts'
import { type Probe, type ReadOptions, readFiles } from './read-files.ts'
import { understand, understandAll } from './understand.ts'
import { type SourceFile, walkFolder } from './walk.ts'

/** Understands a folder on this machine as one release, and says so when it seems to hold several. */
export async function readFolder(
  path: string,
  probe: Probe,
  options: ReadOptions = {},
): Promise<Result<ImportPlan, 'missing' | 'not-a-folder'>> {
  const facts = await readWalk(path, probe, options)
  return facts.ok ? ok(asOne(facts.value)) : facts
}

/** Understands a folder on this machine as the releases that it holds, one per album folder. */
export async function readReleases(
  path: string,
  probe: Probe,
  options: ReadOptions = {},
): Promise<Result<ImportPlan[], 'missing' | 'not-a-folder'>> {
  const facts = await readWalk(path, probe, options)
  return facts.ok ? ok(understandAll(facts.value)) : facts
}

/** Understands files that arrived one by one (an upload): each has its place on disk and the name it was sent with. */
export async function readUploads(files: SourceFile[], probe: Probe, options: ReadOptions = {}): Promise<ImportPlan[]> {
  return understandAll(await readFiles(files, probe, options))
}

async function readWalk(
  path: string,
  probe: Probe,
  options: ReadOptions,
): Promise<Result<Facts, 'missing' | 'not-a-folder'>> {
  const walk = await walkFolder(path)
  if (!walk.ok) return fail(walk.error)
  const { files, parentFolder, problems } = walk.value
  const facts = await readFiles(files, probe, options)
  return ok({ ...facts, parentFolder, problems: [...problems, ...facts.problems] })
}

function asOne(facts: Facts): ImportPlan {
  const plan = understand(facts)
  const groups = groupByRelease(facts.files)
  if (groups.length < 2) return plan
  const names = groups.map((files) => files.map((file) => placeOf(file).album).find(Boolean) ?? '?')
  const values = { count: groups.length, names: names.join(', ') }
  return { ...plan, problems: [{ file: null, code: 'several-releases', level: 'notice', values }, ...plan.problems] }
}
