import * as z from 'zod'
import { Sentence } from '../sentence.ts'

/** The archive's own names. Rows lie in `rows/`, files in `files/` under their storage keys. */
export const MANIFEST = 'manifest.json'
export const SUMS = 'SHA256SUMS'
export const JOBS = 'jobs.json'
export const SECRET_KEY = 'secret.key'
export const README = 'README.txt'

const FORMAT = 'ritornello-backup'
const FORMAT_VERSION = 1

const name = z.string().regex(/^[a-z][a-z0-9_]*$/)

const Manifest = z.object({
  format: z.literal(FORMAT),
  formatVersion: z.number(),
  id: z.string(),
  madeAt: z.string(),
  program: z.string(),
  /** Version of the server that the rows were read from. */
  postgres: z.string(),
  /** `rows`: without the files, as before a migration. */
  scope: z.enum(['all', 'rows']),
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  tables: z.array(
    z.object({
      name,
      columns: z.array(name),
      rows: z.number().int(),
      /** CSV (RFC 4180, with a header; an empty field without quotes is NULL), in order. */
      parts: z.array(z.string()),
    }),
  ),
  partitions: z.array(
    z.object({
      name,
      parent: name,
      bound: z.string().regex(/^(DEFAULT|FOR VALUES FROM \('[^'\\]*'\) TO \('[^'\\]*'\))$/),
    }),
  ),
  sequences: z.array(z.object({ name, value: z.string().regex(/^-?\d+$/) })),
  /** Jobs that were waiting, in jobs.json. */
  jobs: z.number().int(),
  leftOut: z.record(z.string(), z.string()),
  files: z.object({
    count: z.number().int(),
    bytes: z.number().int(),
    /** In the archive, but removed before the rows were read. */
    surplus: z.array(z.string()),
    /** Needed by a row, but not found in the storage. */
    missing: z.array(z.string()),
  }),
  /** Tells whether a key is the one of then, without telling the key. */
  keyFingerprint: z.string(),
})

export type Manifest = z.infer<typeof Manifest>

export const newManifest = (fields: Omit<Manifest, 'format' | 'formatVersion'>): Manifest => ({
  format: FORMAT,
  formatVersion: FORMAT_VERSION,
  ...fields,
})

/** Throws a {@link Sentence} when this is no manifest of ours, or one that only a newer version understands. */
export function parseManifest(text: string): Manifest {
  const parsed = Manifest.safeParse(json(text))
  const version = (json(text) as { formatVersion?: unknown } | null)?.formatVersion
  if (typeof version === 'number' && version > FORMAT_VERSION)
    throw new Sentence('This backup was made by a newer version of Ritornello. Install that version, then restore it.')
  if (!parsed.success)
    throw new Sentence(`This backup is damaged: ${MANIFEST} is not as it should be. Nothing was changed.`)
  return parsed.data
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What somebody finds who opens the archive without us. */
export const readme = `This is a backup of Ritornello, a place for music on the internet.

It is an ordinary tar archive:
  manifest.json   what is here: tables, columns, counts, the version that made it
  rows/           the database, one CSV file a table (long tables go on in TABLE.2.csv, and so on)
  files/          masters, pictures and everything else that people gave, by their storage keys
  jobs.json       work that was waiting
  secret.key      the key that signs links (absent when it was set by SECRET_KEY): keep this archive as safe as the place itself
  SHA256SUMS      "sha256sum -c SHA256SUMS" checks all of it

To bring it back: ./ritornello restore FILE, on an empty place.
`
