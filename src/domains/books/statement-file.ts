import type { Context } from 'hono'
import type { WebEnv } from '../identity/index.ts'
import type { Statement } from './statement.views.ts'
import { statementCsv } from './statement-csv.ts'
import { statementPdf } from './statement-pdf.ts'

/** The statement as a file, in the language of whom it is for. */
export async function giveStatement(
  c: Context<WebEnv>,
  statement: Statement | null,
  kind: 'csv' | 'pdf',
): Promise<Response> {
  if (!statement) return c.notFound()
  const { content, language } = statement
  const name = `${language === 'fr' ? 'releve' : 'statement'}-${content.number}.${kind}`
  const body = kind === 'csv' ? statementCsv(content, language) : new Uint8Array(await statementPdf(content, language))
  return c.body(body, 200, {
    'Content-Type': kind === 'csv' ? 'text/csv; charset=utf-8' : 'application/pdf',
    'Content-Disposition': `attachment; filename="${name}"`,
    'Cache-Control': 'private, no-store',
  })
}
