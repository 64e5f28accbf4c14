import { countryName, formats, type Lang } from '../../../platform/i18n/index.ts'
import { pdfOf, type Sheet } from '../../../platform/sheet.ts'
import { words as studioWords } from '../studio/words.ts'
import type { ParcelAddress } from '../tables.ts'
import { type Declared, drawDeclaration } from './customs-sheet.ts'
import { words } from './words.ts'

export type Sender = {
  legalName: string
  address: { lines?: string[]; postcode?: string; city?: string }
  country: string
}

/** What is printed for a parcel. `lang`: of who reads the slip, its buyer. */
export type Printed = {
  code: string
  placedAt: Date
  lang: Lang
  address: ParcelAddress
  sender: Sender
  lines: { title: string; variant: string; quantity: number; grams: number }[]
  /** Of what leaves the customs territory. */
  declared: Declared | null
}

/** The postal convention: the country in capitals, on the last line, and only when it is abroad. */
const lastLine = (country: string, from: string, lang: Lang) =>
  country === from ? [] : [countryName(country, lang).toLocaleUpperCase(lang)]

const senderLines = ({ legalName, address, country }: Sender, to: string, lang: Lang) => [
  legalName,
  ...(address.lines ?? []),
  [address.postcode, address.city].filter(Boolean).join(' '),
  ...lastLine(country, to, lang),
]

/** On a sheet of its own: it goes on the outside. */
function declare(sheet: Sheet, { code, address, sender }: Printed, declared: Declared): void {
  const { name, lines, postcode, city, region, country } = address
  const to = [name, ...lines, `${postcode} ${city}`.trim(), region, countryName(country, 'en')].filter(Boolean)
  sheet.page()
  drawDeclaration(sheet, declared, { code, from: senderLines(sender, country, 'en'), to })
}

/** The sheets of several, one after another, as of the latest order among them. */
function sheetsOf(
  parcels: Printed[],
  about: { lang: Lang; title: string; on?: 'label' },
  draw: (sheet: Sheet, one: Printed) => void,
): Promise<Buffer> {
  const made = new Date(Math.max(...parcels.map(({ placedAt }) => placedAt.getTime())))
  return pdfOf({ ...about, made }, (sheet) => {
    for (const [index, one] of parcels.entries()) {
      if (index > 0) sheet.page()
      draw(sheet, one)
    }
  })
}

const titleOf = (parcels: Printed[], one: string, several: string) => (parcels.length === 1 ? one : several)

/** Where each goes, large, and where from: labels of 100 by 150 mm, in the language of whoever sends them. What is declared to customs in short follows its label. */
export function labelsPdf(parcels: Printed[], lang: Lang): Promise<Buffer> {
  const t = studioWords(lang)
  const title = (code: string) => t('label_title', { code })
  const whole = titleOf(parcels, title(parcels[0]?.code ?? ''), words(lang)('labels_title'))
  return sheetsOf(parcels, { lang, title: whole, on: 'label' }, (sheet, one) => {
    const { code, address, sender } = one
    sheet.text(t('label_from', { sender: senderLines(sender, address.country, lang).join(', ') }))
    sheet.heading(t('label_to'))
    const { name, lines, postcode, city, region, country } = address
    for (const line of [
      name,
      ...lines,
      `${postcode} ${city}`.trim(),
      region,
      ...lastLine(country, sender.country, lang),
    ])
      if (line) sheet.large(line)
    sheet.text(title(code))
    if (one.declared?.form === 'CN 22') declare(sheet, one, one.declared)
  })
}

/** What goes into each parcel, for whoever packs it and for whoever opens it: no prices. Each in its buyer's language; `lang` names the whole. What is declared at length follows its slip. */
export function slipsPdf(parcels: Printed[], lang: Lang): Promise<Buffer> {
  const only = parcels.length === 1 ? parcels[0] : undefined
  const whole = only ? studioWords(only.lang)('slip_title', { code: only.code }) : words(lang)('slips_title')
  return sheetsOf(parcels, { lang: only?.lang ?? lang, title: whole }, (sheet, one) => {
    const { code, placedAt, address, sender, lines } = one
    const t = studioWords(one.lang)
    const { date, number } = formats(one.lang)
    sheet.speaks(one.lang)
    sheet.title(t('slip_title', { code }))
    sheet.text(t('slip_ordered', { date: date(placedAt) }))
    sheet.text(t('label_from', { sender: senderLines(sender, address.country, one.lang).join(', ') }))
    sheet.heading(t('label_to'))
    sheet.text(
      [address.name, ...address.lines, `${address.postcode} ${address.city}`.trim(), address.region]
        .filter(Boolean)
        .join(', '),
    )
    sheet.text(countryName(address.country, one.lang))
    sheet.table(
      [
        { label: t('what'), weight: 5 },
        { label: t('quantity'), weight: 1, numeric: true },
        { label: t('slip_weight'), weight: 1.4, numeric: true },
      ],
      lines.map((line) => [
        [line.title, line.variant].filter(Boolean).join(', '),
        number(line.quantity),
        t('grams', { n: line.grams }),
      ]),
    )
    sheet.text(t('slip_total', { n: lines.reduce((sum, line) => sum + line.grams, 0) }))
    if (one.declared?.form === 'CN 23') declare(sheet, one, one.declared)
  })
}
