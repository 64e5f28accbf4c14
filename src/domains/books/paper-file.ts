import type { Db } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { numberFor } from './number-entries.ts'
import { paperNumber } from './paper.rules.ts'
import { paperById, paperByKey } from './paper.views.ts'
import { paperPdf } from './paper-pdf.ts'

type PaperFile = { name: string; bytes: Uint8Array<ArrayBuffer> }

/** An invoice or credit note of a seller as a file; one that waits for its number gets it now. Null when there is no such paper. */
export async function paperFile(
  { db }: Pick<Platform, 'db'>,
  sellerId: string,
  key: string,
): Promise<PaperFile | null> {
  let paper = await paperByKey(db, sellerId, key)
  if (paper?.number === null) {
    await numberFor({ db }, sellerId)
    paper = await paperByKey(db, sellerId, key)
  }
  return paper ? fileOf(db, paper) : null
}

/** The same by its id, once it has its number. */
export async function numberedFile(db: Db, sellerId: string, id: string): Promise<PaperFile | null> {
  const paper = await paperById(db, id)
  return paper?.sellerId === sellerId ? fileOf(db, paper) : null
}

async function fileOf(db: Db, paper: NonNullable<Awaited<ReturnType<typeof paperById>>>): Promise<PaperFile | null> {
  const { number, series, sellerId, content } = paper
  if (number === null) return null
  const first = content.corrects ? await paperByKey(db, sellerId, content.corrects) : undefined
  const corrected = first?.number ? paperNumber(first.series, first.number) : null
  const bytes = await paperPdf({ ...paper, number }, corrected)
  return { name: `${paperNumber(series, number)}.pdf`, bytes: new Uint8Array(bytes) }
}

/** Gives it to whoever asked; what is about somebody's purchase is kept by nobody on the way. */
export const asDownload = ({ name, bytes }: PaperFile): Response =>
  new Response(bytes, {
    headers: {
      'Content-Type': 'application/pdf',
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'private, no-store',
    },
  })
