import { parseArgs } from 'node:util'
import { Sentence } from '../platform/sentence.ts'

/**
 * Reads the arguments of a command: flags by name, and what is named without one. Null when help was asked for, and printed.
 * Throws a {@link Sentence} that shows the usage when they cannot be read.
 */
export function readArguments<F extends string>(
  args: string[],
  usage: string,
  { flags, positionals }: { flags: readonly F[]; positionals: number },
): { flags: Record<F, boolean>; values: string[] } | null {
  if (args.includes('--help') || args.includes('-h')) {
    console.log(usage)
    return null
  }
  try {
    const parsed = parseArgs({
      args,
      options: Object.fromEntries(flags.map((flag) => [flag, { type: 'boolean' as const, default: false }])),
      allowPositionals: true,
    })
    if (parsed.positionals.length !== positionals) throw new Error('wrong number of arguments')
    return { flags: parsed.values as Record<F, boolean>, values: parsed.positionals }
  } catch (error) {
    throw new Sentence(usage, { cause: error })
  }
}

/** A signal that a Ctrl-C, or an order to end, aborts; call `off` when the work is over. */
export function abortedBySignals(): { signal: AbortSignal; off(): void } {
  const stop = new AbortController()
  const abort = () => stop.abort()
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of names) process.on(name, abort)
  return {
    signal: stop.signal,
    off() {
      for (const name of names) process.off(name, abort)
    },
  }
}
