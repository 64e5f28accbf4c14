import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

type Place = { file: string; line: number; column: number }

/**
 * Has the traces of errors name the sources that a bundle was made of. Each map is read when a trace first needs it; Node's own
 * `--enable-source-maps` reads them all at the start, which doubles the time and takes 25 MB a process.
 */
export function traceSources(): void {
  const maps = new Map<string, SourceMap | null>()
  const mapOf = (file: string) => {
    const known = maps.get(file)
    if (known !== undefined) return known
    const read = readMap(file)
    maps.set(file, read)
    return read
  }
  Error.prepareStackTrace = (error, frames) =>
    [headline(error), ...frames.map((frame) => `    at ${named(frame, mapOf)}`)].join('\n')
}

function named(frame: NodeJS.CallSite, mapOf: (file: string) => SourceMap | null): string {
  const text = String(frame)
  const url = frame.getFileName()
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()]
  if (!url?.startsWith('file:') || !line || !column) return text
  const file = fileURLToPath(url)
  const source = sourceOf(mapOf(file), { file, line, column })
  return source ? text.replace(`${url}:${line}:${column}`, `${source.file}:${source.line}:${source.column}`) : text
}

function sourceOf(map: SourceMap | null, { file, line, column }: Place): Place | null {
  const origin = map?.findOrigin(line, column)
  if (!origin || !('fileName' in origin)) return null
  return { file: join(dirname(file), origin.fileName), line: origin.lineNumber, column: origin.columnNumber }
}

function readMap(file: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')))
  } catch {
    return null
  }
}

function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error)
  } catch {
    return 'Error'
  }
}
