import { sql } from 'kysely'
import { encode } from 'uqr'
import type { Db } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { rasteriseOwnSvg, renditionKey } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { MM, openPdf } from '../../../platform/sheet.ts'
import { drawCover } from '../../../ui/cover/draw.ts'
import type { Subject } from '../../exchange/index.ts'
import { codeShown } from './code.rules.ts'
import { words } from './words.ts'

export type Cards = {
  lang: Lang
  /** What a code gives, and by whom. */
  title: string
  artist: string
  /** JPEG. */
  sleeve: Buffer
  /** Each with its number in the batch, which the card says. */
  codes: { code: string; position: number }[]
  /** Where a code is redeemed: `https://place.example`. */
  baseUrl: string
  made: Date
}

const CARD = { width: 85 * MM, height: 55 * MM }
const [COLUMNS, ROWS] = [2, 5]
const PAD = 4 * MM
const SLEEVE = 38 * MM
const GAP = 4 * MM
const RIGHT = CARD.width - 2 * PAD - SLEEVE - GAP
/** Modules of quiet around a QR code are the card's own white. */
const QR = 28 * MM
const MARK = 4 * MM
const LEAST_SIZE = 5

/** Cards of 85 by 55 mm, ten on a sheet of A4, with marks to cut along: the sleeve, the code, and the same as a QR code. */
export async function cardsPdf({ lang, title, artist, sleeve, codes, baseUrl, made }: Cards): Promise<Buffer> {
  const t = words(lang)
  const about = { lang, title: `${title}, ${artist}`, made, margin: 0, autoFirstPage: false }
  const { doc, root, finish } = await openPdf(about)
  // As an address it is put into the file once, as bytes once a card.
  const picture = `data:image/jpeg;base64,${sleeve.toString('base64')}`
  const where = `${baseUrl.replace(/^https?:\/\//, '')}/code`

  /** One line, made smaller where it would be too long; what is still too long is cut, and a code never is. */
  const line = (text: string, face: 'regular' | 'bold', size: number, x: number, y: number, width: number) => {
    const wide = doc.font(face).fontSize(size).widthOfString(text)
    const fitting = Math.max(LEAST_SIZE, Math.min(size, (size * width) / wide))
    doc.fontSize(fitting)
    let cut = text
    while (doc.widthOfString(cut) > width + 0.01) cut = `${cut.replace(/…$/, '').slice(0, -1).trimEnd()}…`
    root.add(doc.struct('P', {}, () => void doc.text(cut, x, y + (size - fitting) / 2, { lineBreak: false })))
  }

  const drawCard = ({ code, position }: Cards['codes'][number], left: number, top: number) => {
    const [x, y] = [left + PAD, top + PAD]
    doc.markContent('Artifact')
    doc.save().rect(x, y, SLEEVE, SLEEVE).clip()
    doc.image(picture, x, y, { cover: [SLEEVE, SLEEVE], align: 'center', valign: 'center' }).restore()
    doc.endMarkedContent()
    line(title, 'bold', 9, x, y + SLEEVE + 4, SLEEVE)
    line(artist, 'regular', 7.5, x, y + SLEEVE + 15.5, SLEEVE)
    const column = x + SLEEVE + GAP
    doc.markContent('Artifact')
    drawQr(`${baseUrl}/code/${codeShown(code)}`, column, y, QR)
    doc.endMarkedContent()
    line(String(position), 'regular', 6.5, column + QR + MARK / 2, y, RIGHT - QR - MARK / 2)
    line(codeShown(code), 'bold', 12.5, column, y + QR + 7, RIGHT)
    line(where, 'regular', 7.5, column, y + QR + 22.5, RIGHT)
    line(t('card_gives'), 'regular', 6.5, column, y + SLEEVE + 16, RIGHT)
  }

  function drawQr(text: string, left: number, top: number, side: number) {
    const { data, size } = encode(text, { ecc: 'M', border: 0 })
    const unit = side / size
    data.forEach((row, y) => {
      for (let x = 0; x < size; x++) {
        if (!row[x]) continue
        const from = x
        while (row[x + 1]) x++
        doc.rect(left + from * unit, top + y * unit, (x + 1 - from) * unit, unit)
      }
    })
    doc.fill('#000')
  }

  const sheet = COLUMNS * ROWS
  for (let from = 0; from < codes.length; from += sheet) {
    doc.addPage()
    const [left, top] = [(doc.page.width - COLUMNS * CARD.width) / 2, (doc.page.height - ROWS * CARD.height) / 2]
    doc.markContent('Artifact')
    for (let n = 0; n <= COLUMNS; n++)
      for (const y of [top - MARK - 2, top + ROWS * CARD.height + 2])
        doc.moveTo(left + n * CARD.width, y).lineTo(left + n * CARD.width, y + MARK)
    for (let n = 0; n <= ROWS; n++)
      for (const x of [left - MARK - 2, left + COLUMNS * CARD.width + 2])
        doc.moveTo(x, top + n * CARD.height).lineTo(x + MARK, top + n * CARD.height)
    doc.lineWidth(0.4).stroke('#555').fillColor('#000')
    doc.endMarkedContent()
    for (const [n, code] of codes.slice(from, from + sheet).entries())
      drawCard(code, left + (n % COLUMNS) * CARD.width, top + Math.floor(n / COLUMNS) * CARD.height)
  }
  return finish()
}

/** The sleeve of what a code gives, or the one that is drawn where there is none. */
export async function sleeveOf(
  { db, storage }: { db: Db } & Pick<Platform, 'storage'>,
  { subject, title, artist }: { subject: Subject; title: string; artist: string },
): Promise<Buffer> {
  const [kind, id = ''] = subject.split(':')
  const release = kind === 'track' ? sql`(select release_id from tracks where id = ${id})` : sql`${id}::uuid`
  const { rows } = await sql<{ id: string; sha256: string | null; widths: number[] | null; album: string }>`
    select r.id, r.title as album, i.sha256, i.widths from releases r left join images i on i.id = r.cover_image_id where r.id = ${release}`.execute(
    db,
  )
  const [found] = rows
  if (found?.sha256 && found.widths) {
    const width = found.widths.find((one) => one >= 640) ?? Math.max(...found.widths)
    const key = renditionKey(found.sha256, width, 'jpg')
    const opened = (await storage.stat(key)) && (await storage.open(key))
    if (opened) return Buffer.concat(await Array.fromAsync(opened as AsyncIterable<Buffer>))
  }
  const svg = drawCover({ title: found?.album ?? title, artist, seed: found?.id ?? subject })
  return Buffer.from((await rasteriseOwnSvg(svg, { width: 640, height: 640 }, 'jpeg')).bytes)
}
