import { join } from 'node:path'
import type { Lang } from './i18n/index.ts'
import { ROOT } from './root.ts'

/** What is drawn on a sheet of paper, from above to below; each piece is tagged, so that it is read aloud as what it is (ISO 32000-1, 14.8). */
export type Sheet = {
  title(text: string): void
  heading(text: string): void
  text(text: string): void
  /** What has to be said and is looked at rarely, or where there is little room. */
  small(text: string): void
  /** What is read from afar: an address on a parcel. */
  large(text: string): void
  /** What follows stands on a new one. */
  page(): void
  /** What follows is read aloud in this language, another than that of the whole. */
  speaks(lang: Lang): void
  /** Columns share the width by `weight`; figures are set to the right. */
  table(columns: { label: string; weight: number; numeric?: boolean }[], rows: string[][]): void
}

const FONT = (weight: 'regular' | 'bold') => join(ROOT, 'src', 'ui', 'fonts', 'print', `instrument-${weight}.ttf`)
/** The faces have no narrow no-break space. */
const set = (text: string) => text.replaceAll('\u202f', '\u00a0')

const TAGS: Record<Lang, string> = { fr: 'fr-FR', en: 'en-GB' }
export const MM = 72 / 25.4
/** Paper, and the label of 100 by 150 mm that printers of labels take. */
const SIZES = { a4: { size: 'A4', margin: 56 }, label: { size: [100 * MM, 150 * MM], margin: 6 * MM } } as const

type About = { lang: Lang; title: string; made: Date }

/**
 * An empty PDF of A4 unless told, tagged and in its language, with the faces `regular` and `bold`; what is read aloud goes into `root`. `made`: the moment
 * that it says it is of, so that the same paper has the same bytes.
 */
export async function openPdf({
  lang,
  title,
  made,
  ...page
}: About & Omit<PDFKit.PDFDocumentOptions, 'lang' | 'info'>) {
  // A large library, read only where a paper is made.
  const { default: PDFDocument } = await import('pdfkit')
  const doc = new PDFDocument({
    ...{ size: 'A4', tagged: true, pdfVersion: '1.7', displayTitle: true, ...page },
    lang: TAGS[lang],
    info: { Title: title, Creator: 'Ritornello', CreationDate: made },
  })
  const chunks: Buffer[] = []
  const whole = new Promise<Buffer>((done, failed) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => done(Buffer.concat(chunks)))
    doc.on('error', failed)
  })
  doc.registerFont('regular', FONT('regular'))
  doc.registerFont('bold', FONT('bold'))
  const root = doc.struct('Document')
  doc.addStructure(root)
  const finish = () => {
    root.end()
    doc.end()
    return whole
  }
  return { doc, root, finish }
}

/** A PDF of one sheet after another, on A4 unless told. */
export async function pdfOf(
  { on = 'a4', ...about }: About & { on?: keyof typeof SIZES },
  draw: (sheet: Sheet) => void,
): Promise<Buffer> {
  const { margin: MARGIN, size } = SIZES[on]
  const paper = typeof size === 'string' ? size : [...size]
  const { doc, root, finish } = await openPdf({ ...about, size: paper, margin: MARGIN, bufferPages: true })
  const width = doc.page.width - 2 * MARGIN
  let part = root
  const close = () => void (part === root || part.end())
  const bottom = () => doc.page.height - MARGIN
  const say = (tag: 'H1' | 'H2' | 'P', text: string, font: 'regular' | 'bold', size: number, above: number) => {
    doc.font(font).fontSize(size)
    if (doc.y + above + doc.heightOfString(set(text), { width }) > bottom()) doc.addPage()
    else doc.y += above
    part.add(
      doc.struct(
        tag,
        {},
        () => void doc.font(font).fontSize(size).text(set(text), MARGIN, doc.y, { width, lineGap: 2 }),
      ),
    )
  }

  draw({
    page: () => void doc.addPage(),
    speaks(lang) {
      close()
      part = doc.struct('Sect', { lang: TAGS[lang] })
      root.add(part)
    },
    title: (text) => say('H1', text, 'bold', 20, 0),
    heading: (text) => say('H2', text, 'bold', 12, 16),
    text: (text) => say('P', text, 'regular', 9.5, 6),
    small: (text) => say('P', text, 'regular', 7, 3),
    large: (text) => say('P', text, 'bold', 15, 4),
    table(columns, rows) {
      const sum = columns.reduce((total, { weight }) => total + weight, 0)
      const gap = 8
      const wide = columns.map(({ weight }) => (width * weight) / sum)
      const table = doc.struct('Table')
      part.add(table)
      const line = (cells: string[], isHead: boolean) => {
        const font = isHead ? 'bold' : 'regular'
        doc.font(font).fontSize(8.5)
        const height = Math.max(
          ...cells.map((cell, n) => doc.heightOfString(set(cell) || ' ', { width: (wide[n] ?? 0) - gap })),
        )
        if (doc.y + height + 8 > bottom()) doc.addPage()
        const y = doc.y + 5
        const row = doc.struct('TR')
        table.add(row)
        let x = MARGIN
        for (const [n, cell] of cells.entries()) {
          const [left, room] = [x, (wide[n] ?? 0) - gap]
          const align = columns[n]?.numeric ? 'right' : 'left'
          row.add(
            doc.struct(isHead ? 'TH' : 'TD', {}, () => {
              doc
                .font(font)
                .fontSize(8.5)
                .text(set(cell) || ' ', left, y, { width: room, align })
            }),
          )
          x += wide[n] ?? 0
        }
        row.end()
        doc.y = y + height
        doc.markContent('Artifact')
        doc
          .moveTo(MARGIN, doc.y + 3)
          .lineTo(MARGIN + width, doc.y + 3)
          .lineWidth(isHead ? 0.8 : 0.3)
          .stroke('#888')
        doc.endMarkedContent()
        doc.fillColor('#000')
      }
      doc.y += 6
      line(
        columns.map(({ label }) => label),
        true,
      )
      for (const row of rows) line(row, false)
      table.end()
      doc.x = MARGIN
      doc.y += 6
    },
  })
  close()
  return finish()
}
