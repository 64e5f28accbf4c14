import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../../platform/root.ts'
import { type CallName, type Calls, type ProcessOptions, runEngine } from './engine/process.ts'

/** The engine's child as the build made it; from the sources, the engine finds its own. */
const BUNDLED = join(ROOT, 'dist', 'server', 'audio-child.js')
const fromBundle = import.meta.url.includes('/dist/') && existsSync(BUNDLED)

/** One call of the audio engine, in a process of its own. */
export const engine = <K extends CallName>(
  call: K,
  input: Calls[K]['input'],
  options: Partial<ProcessOptions> = {},
): Promise<Calls[K]['result']> =>
  runEngine(call, input, { ...options, ...(fromBundle ? { childEntry: pathToFileURL(BUNDLED) } : {}) })
