import { createReadStream } from 'node:fs'
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { cellsOf, delimiterOf, encodingOf, linesOf, readAddress } from '../../fans/index.ts'
import {
  type Known,
  namedIn,
  type ReadLine,
  readHeading,
  readReport,
  recordsOf,
  rowOf,
  subjectFor,
} from './bandcamp.rules.ts'

const LOT = 1000

export type NewImport = { artistId: string; path: string; fileName: string; language: Lang; by: string }

/**
 * Reads a sales report, in one transaction: its things, matched to what is here where that is plain, and its lines. Opens nothing yet. `not-bandcamp`: it
 * lacks a column that every such report has.
 */
export async function readImport(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { artistId, path, fileName, language, by }: NewImport,
): Promise<Result<string, 'not-bandcamp' | 'empty'>> {
  const encoding = await encodingOf(createReadStream(path))
  const lines = await Array.fromAsync(linesOf(createReadStream(path), encoding))
  const delimiter = delimiterOf(lines.slice(0, 1))
  const [first, ...records] = recordsOf(lines)
  const heading = first && readHeading(cellsOf(first.text.replace(/^\ufeff/, ''), delimiter))
  if (!heading) return fail(first ? 'not-bandcamp' : 'empty')
  const rows = records.map(({ line, text }) => ({ line, text, row: rowOf(heading, cellsOf(text, delimiter)) }))
  const report = readReport(rows, readMail)
  if (report.lines.length === 0) return fail('empty')
  const rowAt = new Map(rows.map(({ line, row }) => [line, row]))
  const id = newId()
  await db.transaction().execute(async (tx) => {
    const known = await knownThings(tx, artistId)
    await tx
      .insertInto('purchaseImports')
      .values({
        id,
        artistId,
        fileName: fileName.slice(0, 200),
        state: 'read',
        language,
        createdBy: by,
        createdAt: now(),
        broughtAt: null,
        undoneAt: null,
      })
      .execute()
    for (let from = 0; from < report.items.length; from += LOT)
      await tx
        .insertInto('purchaseImportItems')
        .values(
          report.items.slice(from, from + LOT).map((item, index) => ({
            ...{
              importId: id,
              position: from + index + 1,
              kind: item.kind.slice(0, 40),
              title: item.title.slice(0, 300),
            },
            ...{ package: item.package.slice(0, 300), subject: subjectFor(item, known) },
          })),
        )
        .execute()
    for (let from = 0; from < report.lines.length; from += LOT)
      await tx
        .insertInto('purchaseImportLines')
        .values(
          report.lines
            .slice(from, from + LOT)
            .map((line) => ({ ...line, importId: id, text: line.text.replaceAll('\0', '').slice(0, 300) })),
        )
        .execute()
    const unknown = report.lines.flatMap((line) => {
      const row = line.problem === 'refund-unknown' && rowAt.get(line.line)
      return row ? [{ line, transactions: namedIn(row) }] : []
    })
    await findBefore(tx, { id, artistId }, unknown)
  })
  return ok(id)
}

const readMail = (text: string) => {
  const read = readAddress('mail', text)
  return read.ok ? { address: read.value.address, key: read.value.key } : null
}

type Unknown = { line: ReadLine; transactions: string[] }

/** Refunds of purchases that another report told. */
async function findBefore(
  tx: Tx,
  { id, artistId }: { id: string; artistId: string },
  unknown: Unknown[],
): Promise<void> {
  const named = [...new Set(unknown.flatMap(({ transactions }) => transactions))]
  if (named.length === 0) return
  const { rows } = await sql<{ transaction: string; key: string; amount: number | null }>`
    select distinct split_part(l.key, ' ', 1) as transaction, l.key, l.amount
    from purchase_import_lines l join purchase_imports m on m.id = l.import_id
    where m.artist_id = ${artistId} and l.import_id <> ${id} and l.problem is null and split_part(l.key, ' ', 1) = any(${named})`.execute(
    tx,
  )
  const byTransaction = Map.groupBy(rows, ({ transaction }) => transaction)
  for (const { line, transactions } of unknown) {
    const [of, other] = transactions.map((one) => byTransaction.get(one) ?? []).find(({ length }) => length > 0) ?? []
    if (!of || other) continue
    const isAll = of.amount === null || line.amount === null || Math.abs(line.amount) >= of.amount
    await tx
      .updateTable('purchaseImportLines')
      .set(isAll ? { problem: 'refund', key: of.key } : { problem: 'refund-part' })
      .where('importId', '=', id)
      .where('line', '=', line.line)
      .execute()
  }
}

/** What of an artist's may be opened. */
export async function knownThings(db: Db | Tx, artistId: string): Promise<Known> {
  const { rows: releases } = await sql<Known['releases'][number]>`
    select id, title, barcode from releases where artist_id = ${artistId} order by title, id`.execute(db)
  const { rows: tracks } = await sql<Known['tracks'][number]>`
    select t.id, r.title from tracks t join releases l on l.id = t.release_id join recordings r on r.id = t.recording_id
    where l.artist_id = ${artistId} order by r.title, t.id`.execute(db)
  return { releases, tracks }
}
