import { type Selectable, sql } from 'kysely'
import type { Db, Tables } from '../../../platform/database/index.ts'

export type PurchaseImport = Selectable<Tables['purchaseImports']>

export const importsOf = (db: Db, artistId: string): Promise<PurchaseImport[]> =>
  db
    .selectFrom('purchaseImports')
    .selectAll()
    .where('artistId', '=', artistId)
    .orderBy('createdAt', 'desc')
    .limit(100)
    .execute()

export async function importById(db: Db, id: string): Promise<PurchaseImport | null> {
  return (await db.selectFrom('purchaseImports').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export type ImportItem = {
  position: number
  kind: string
  title: string
  package: string
  subject: string | null
  bought: number
}

/** The things of a report, those that were bought most first. */
export async function itemsOf(db: Db, importId: string): Promise<ImportItem[]> {
  const { rows } = await sql<ImportItem>`
    select i.position, i.kind, i.title, i.package, i.subject,
      (select count(*)::int from purchase_import_lines l where l.import_id = i.import_id and l.item = i.position) as bought
    from purchase_import_items i where i.import_id = ${importId} order by bought desc, i.title, i.position`.execute(db)
  return rows
}

/**
 * What becomes of a line. 'opens': a library gets it, or got it, by this line; 'known': another line told of the same purchase; 'refunded'; 'nothing': what it
 * bought is not here; else why it is no purchase, as bandcamp.rules.ts says it.
 */
export const OUTCOMES = [
  ...(['opens', 'known', 'nothing', 'refunded', 'refund', 'refund-part', 'refund-unknown'] as const),
  ...(['no-mail', 'mail-wrong', 'no-sale'] as const),
]
export type Outcome = (typeof OUTCOMES)[number]

const outcomes = (of: PurchaseImport) => sql`
  select l.line, l.mail, l.mail_key, l.text, i.title, case
      when l.problem is not null then l.problem
      when exists (
        select from purchase_import_lines back join purchase_imports b on b.id = back.import_id
        where back.key = l.key and back.problem = 'refund' and b.artist_id = ${of.artistId} and (b.state = 'brought' or b.id = l.import_id)
      ) then 'refunded'
      when i.subject is null then 'nothing'
      when exists (
        select from purchase_import_lines p join purchase_imports m on m.id = p.import_id
        where p.key = l.key and p.problem is null and m.artist_id = ${of.artistId}
          and (p.import_id = l.import_id and p.line < l.line or m.id <> l.import_id and m.state = 'brought' and m.created_at < ${of.createdAt})
      ) then 'known'
      else 'opens'
    end as outcome
  from purchase_import_lines l left join purchase_import_items i on i.import_id = l.import_id and i.position = l.item
  where l.import_id = ${of.id}`

export type Counted = { outcome: Outcome; lines: number; people: number }

export async function countOutcomes(db: Db, of: PurchaseImport): Promise<Counted[]> {
  const { rows } = await sql<Counted>`
    select outcome, count(*)::int as lines, count(distinct nullif(mail_key, ''))::int as people from (${outcomes(of)}) o group by 1`.execute(
    db,
  )
  return OUTCOMES.flatMap((outcome) => rows.filter((row) => row.outcome === outcome))
}

export type ShownLine = { line: number; outcome: Outcome; mail: string; title: string | null; text: string }

const LOT = 2000

/** Every line with what became of it, in lots. */
export async function* linesWithOutcomes(db: Db, of: PurchaseImport, lot = LOT): AsyncGenerator<ShownLine[]> {
  for (let last = 0; ; ) {
    const { rows }: { rows: ShownLine[] } = await sql<ShownLine>`
      select line, outcome, mail, title, text from (${outcomes(of)} and l.line > ${last} order by l.line limit ${lot}) o order by line`.execute(
      db,
    )
    if (!rows.length) return
    yield rows
    last = rows.at(-1)?.line ?? last
  }
}

/** How many of an import's buyers were told, and how many may be. */
export async function toldOf(db: Db, of: PurchaseImport): Promise<{ told: number; untold: number }> {
  const { rows } = await sql<{ told: number; untold: number }>`
    select count(*) filter (where p.mail_key is not null)::int as told, count(*) filter (where p.mail_key is null)::int as untold
    from (select distinct l.mail_key from purchase_import_lines l where l.import_id = ${of.id} and l.problem is null) l
      left join purchase_mails p on p.artist_id = ${of.artistId} and p.mail_key = l.mail_key
    where exists (
      select from holdings h where h.mail_key = l.mail_key and h.artist_id = ${of.artistId} and h.source = 'import' and h.revoked_at is null)`.execute(
    db,
  )
  return rows[0] ?? { told: 0, untold: 0 }
}
