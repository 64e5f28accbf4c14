import { rm } from 'node:fs/promises'
import { type Context, Hono } from 'hono'
import { csvLine } from '../../../platform/csv.ts'
import { receiveFile } from '../../../platform/http/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import {
  actorOf,
  audit,
  guard,
  readForm,
  senderAtDesk,
  senderColumns,
  senderHere,
  senderOf,
  senderThing,
  smallBody,
  type WebEnv,
} from '../../identity/index.ts'
import { CARRIERS } from './carrier.rules.ts'
import {
  type CarrierFile,
  carrierFileById,
  carrierFilesOf,
  plannedRows,
  readCarrierFile,
} from './carrier-file.views.ts'
import { CarrierFilePage, CarrierFilesPage, whatItDoes } from './carrier-file-pages.tsx'
import { takeNumbers } from './take-numbers.ts'
import { fileWords } from './words.ts'

const PATH = '/studio/parcels/numbers'
const ID = ':id{[0-9a-f-]{36}}'
const MOST_BYTES = 2_000_000
const NOT_RECEIVED = { none: 'file_missing', 'too-large': 'file_long', 'no-room': 'file_no_room' } as const

/** What carriers give back: a file with a number for each order, looked at and then taken in one press. */
export function carrierFileStudio(platform: Platform): Hono<WebEnv> {
  const { db, paths, now } = platform
  const atDesk = senderAtDesk('orders.handle')
  const found = (c: Context<WebEnv>) => carrierFileById(db, c.req.param('id') ?? '')
  const ofFile = guard('orders.handle', async (c) => {
    const file = await found(c)
    return file ? senderThing(senderOf(file)) : null
  })

  async function upload(c: Context<WebEnv>, error?: string) {
    const { sender } = senderHere(c)
    const files = await carrierFilesOf(db, sender)
    return c.html(<CarrierFilesPage {...{ c, sender, files, error }} />, error ? 422 : 200)
  }

  async function show(c: Context<WebEnv>, file: CarrierFile) {
    c.header('Cache-Control', 'private, no-store')
    return c.html(<CarrierFilePage {...{ c, file, rows: await plannedRows(db, file, now()) }} />)
  }

  return new Hono<WebEnv>()
    .get(PATH, atDesk, (c) => upload(c))
    .post(PATH, atDesk, async (c) => {
      const t = fileWords(c.var.page.lang)
      const received = await receiveFile(c.req.raw, paths.work, MOST_BYTES)
      if (!received.ok) return upload(c, t(NOT_RECEIVED[received.error]))
      const { path, name: fileName } = received.value
      const said = { sender: senderHere(c).sender, path, fileName, by: actorOf(c).accountId }
      const read = await readCarrierFile(platform, said).finally(() => rm(path, { force: true }))
      return read.ok ? c.redirect(`${PATH}/${read.value}`, 303) : upload(c, t(`file_${read.error}`))
    })
    .get(`${PATH}/${ID}`, ofFile, async (c) => show(c, (await found(c)) as CarrierFile))
    .post(`${PATH}/${ID}/columns`, ofFile, smallBody, async (c) => {
      const file = (await found(c)) as CarrierFile
      const posted = await readForm(c)
      const column = (name: string) => (/^\d{1,3}$/.test(posted.text(name)) ? Number(posted.text(name)) : null)
      await db
        .updateTable('carrierFiles')
        .set({
          columns: JSON.stringify({
            reference: column('reference'),
            tracking: column('tracking'),
            carrier: column('named'),
          }),
          hasHeading: posted.has('heading'),
          carrier: CARRIERS.find((known) => known === posted.text('carrier')) ?? '',
        })
        .where('id', '=', file.id)
        .execute()
      return c.redirect(`${PATH}/${file.id}#rows`, 303)
    })
    .post(`${PATH}/${ID}/take`, ofFile, smallBody, async (c) => {
      const file = (await found(c)) as CarrierFile
      const posted = await readForm(c)
      const corrects = new Set(posted.texts('correct').map(Number))
      const by = actorOf(c).accountId
      const done = await takeNumbers(platform, file, { corrects, tells: posted.has('tells'), by })
      await audit(db, {
        ...{ accountId: by, ...senderColumns(senderOf(file)) },
        ...{ action: 'parcels.numbers', subject: file.fileName, details: { file: file.id, ...done } },
      })
      return c.redirect(`${PATH}/${file.id}?sent=${done.sent}&corrected=${done.corrected}`, 303)
    })
    .get(`${PATH}/${ID}/refused.csv`, ofFile, async (c) => {
      const file = (await found(c)) as CarrierFile
      const { lang } = c.var.page
      const rows = (await plannedRows(db, file, now())).filter(({ plan }) => plan.does === 'refused')
      c.header('Content-Type', 'text/csv; charset=utf-8')
      c.header('Content-Disposition', 'attachment; filename="refused.csv"')
      c.header('Cache-Control', 'private, no-store')
      const lines = rows.map((row) => csvLine([String(row.line), whatItDoes(row, lang), ...row.cells]))
      return c.body(`\ufeff${csvLine(['line', 'reason', 'cells'])}${lines.join('')}`)
    })
}
