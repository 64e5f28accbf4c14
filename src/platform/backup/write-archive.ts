import { createHash } from 'node:crypto'
import pg from 'pg'
import { newId } from '../ids.ts'
import { FileMissing, type Storage } from '../storage/index.ts'
import { copyOut } from './copy.ts'
import type { Inventory } from './inventory.ts'
import { JOBS, MANIFEST, type Manifest, newManifest, README, readme, SECRET_KEY, SUMS } from './manifest.ts'
import { PLAIN_SETTINGS, partitionsOf, quoted, sequencesOf, tablesOf } from './schema.ts'
import { tarEnd, tarEntry } from './tar.ts'
import { waitingJobs } from './waiting-jobs.ts'

export type ArchiveSource = {
  databaseUrl: string
  inventory: Inventory
  /** Null: rows alone. */
  storage: Storage | null
  /** The key kept in DATA_DIR; null when the environment holds it. */
  secretKey: string | null
  keyFingerprint: string
  program: string
}

/** A long table is cut in parts of about this size: the size of an entry must be known before its content, and a part waits in memory. */
const PART_BYTES = 8 * 1024 * 1024
const TRIES = 5

/**
 * The archive, as a stream of bytes; when it has ended, `done` has received its manifest.
 *
 * Files come first, for they take long: all those that rows need now. Then rows are read in one snapshot, then the files that this snapshot
 * needs and that came since. A file that was removed in that short while, with its row, makes the rows be read again. So every
 * row in the archive has its files, while nothing was held back for longer than the rows took.
 */
export async function* writeArchive(
  source: ArchiveSource,
  done: (manifest: Manifest) => void,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void> {
  const sums: string[] = []
  const client = new pg.Client({ connectionString: source.databaseUrl, application_name: 'ritornello backup' })
  client.on('error', () => undefined)
  await client.connect()

  async function* add(name: string, content: Buffer): AsyncGenerator<Buffer, void> {
    sums.push(`${createHash('sha256').update(content).digest('hex')}  ${name}`)
    yield* tarEntry({ name, size: content.length }, [content])
  }

  try {
    await client.query(PLAIN_SETTINGS)
    yield* add(README, Buffer.from(readme))
    const files = filesIn(source, sums, signal)
    yield* files.add(await filesNeeded(client, source))
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted()
      const folder = attempt === 1 ? 'rows' : `rows-${attempt}`
      await client.query('begin isolation level repeatable read, read only')
      const facts = await factsOf(client)
      const tables: Manifest['tables'] = []
      for (const table of await tablesOf(client)) {
        if (table.name in source.inventory.leftOut) continue
        const parts: string[] = []
        let rows = 0
        for await (const part of tableParts(client, table)) {
          signal?.throwIfAborted()
          const name = `${folder}/${table.name}${parts.length ? `.${parts.length + 1}` : ''}.csv`
          parts.push(name)
          rows += part.rows
          yield* add(name, part.csv)
        }
        tables.push({ ...table, rows, parts })
      }
      const jobs = await waitingJobs(client)
      const needed = await filesNeeded(client, source)
      await client.query('commit')
      yield* files.add(needed)
      const absent = needed.filter(({ key }) => !files.has(key)).map(({ key }) => key)
      const stillNeeded = new Set(absent.length ? (await filesNeeded(client, source)).map(({ key }) => key) : [])
      if (attempt < TRIES && absent.some((key) => !stillNeeded.has(key))) continue

      yield* add(JOBS, Buffer.from(`${JSON.stringify(jobs, null, 1)}\n`))
      if (source.secretKey !== null) yield* add(SECRET_KEY, Buffer.from(`${source.secretKey}\n`))
      const manifest = newManifest({
        id: newId(),
        madeAt: new Date().toISOString(),
        program: source.program,
        scope: source.storage ? 'all' : 'rows',
        ...facts,
        tables,
        jobs: jobs.length,
        leftOut: source.inventory.leftOut,
        files: files.summary(needed, absent),
        keyFingerprint: source.keyFingerprint,
      })
      yield* add(MANIFEST, Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`))
      const list = Buffer.from(`${sums.join('\n')}\n`)
      yield* tarEntry({ name: SUMS, size: list.length }, [list])
      yield tarEnd()
      done(manifest)
      return
    }
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function factsOf(client: pg.Client) {
  const { rows: migrations } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from migrations order by name',
  )
  const { rows: version } = await client.query<{ server_version: string }>('show server_version')
  return {
    migrations,
    postgres: version[0]?.server_version ?? '',
    partitions: await partitionsOf(client),
    sequences: await sequencesOf(client),
  }
}

/** One table as CSV, each part with the header. An empty table has one part, with the header alone. */
async function* tableParts(
  client: pg.Client,
  { name, columns }: { name: string; columns: string[] },
): AsyncGenerator<{ csv: Buffer; rows: number }, void> {
  const header = Buffer.from(`${columns.join(',')}\n`)
  const list = columns.map(quoted).join(', ')
  let held: Buffer[] = []
  let size = 0
  let first = true
  for await (const batch of copyOut(client, `copy (select ${list} from ${quoted(name)}) to stdout (format csv)`)) {
    held.push(batch)
    size += batch.length
    if (size < PART_BYTES) continue
    yield part(header, held)
    first = false
    held = []
    size = 0
  }
  if (first || size) yield part(header, held)
}

function part(header: Buffer, batches: Buffer[]): { csv: Buffer; rows: number } {
  const csv = Buffer.concat([header, ...batches])
  return { csv, rows: csvRows(csv) - 1 }
}

/** Line ends that are not inside a quoted field. */
function csvRows(csv: Buffer): number {
  let rows = 0
  let inQuotes = false
  for (const byte of csv) {
    if (byte === 0x22) inQuotes = !inQuotes
    else if (byte === 0x0a && !inQuotes) rows++
  }
  return rows
}

type Needed = { key: string; size: number | null }

async function filesNeeded(client: pg.Client, { inventory, storage }: ArchiveSource): Promise<Needed[]> {
  if (!storage) return []
  const needed = new Map<string, Needed>()
  for (const query of Object.values(inventory.files)) {
    const { rows } = await client.query<Needed>(query)
    for (const row of rows) needed.set(row.key, row)
  }
  return [...needed.values()]
}

/** Copies files into the archive, each once, those that are not there passed over. */
function filesIn({ storage }: ArchiveSource, sums: string[], signal?: AbortSignal) {
  const sizes = new Map<string, number>()
  async function* add(needed: Needed[]): AsyncGenerator<Buffer, void> {
    if (!storage) return
    for (const { key } of needed) {
      signal?.throwIfAborted()
      if (sizes.has(key)) continue
      const opened = await openWhole(storage, key)
      if (!opened) continue
      const hash = createHash('sha256')
      const name = `files/${key}`
      try {
        yield* tarEntry({ name, size: opened.size, modifiedAt: opened.modifiedAt }, hashing(opened.body, hash))
      } finally {
        opened.body.destroy()
      }
      sums.push(`${hash.digest('hex')}  ${name}`)
      sizes.set(key, opened.size)
    }
  }
  return {
    add,
    has: (key: string) => sizes.has(key),
    summary(needed: Needed[], missing: string[]): Manifest['files'] {
      const keys = new Set(needed.map(({ key }) => key))
      const kept = [...sizes].filter(([key]) => keys.has(key))
      return {
        count: kept.length,
        bytes: kept.reduce((total, [, size]) => total + size, 0),
        surplus: [...sizes.keys()].filter((key) => !keys.has(key)),
        missing,
      }
    },
  }
}

async function openWhole(storage: Storage, key: string) {
  const found = await storage.stat(key)
  if (!found) return null
  try {
    return { ...found, body: await storage.open(key) }
  } catch (error) {
    if (error instanceof FileMissing) return null
    throw error
  }
}

async function* hashing(body: AsyncIterable<Buffer>, hash: { update(chunk: Buffer): unknown }) {
  for await (const chunk of body) {
    hash.update(chunk)
    yield chunk
  }
}
