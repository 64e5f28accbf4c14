import { countryName } from '../../../platform/i18n/index.ts'
import { decimal } from '../../../platform/money.ts'
import type { Sheet } from '../../../platform/sheet.ts'

export type DeclaredLine = {
  name: string
  quantity: number
  grams: number
  worth: number
  hsCode: string
  /** ISO 3166-1, or empty. */
  origin: string
}

/** What customs are told of one parcel. `worth` and `postage` in minor units of `currency`. */
export type Declared = {
  form: 'CN 22' | 'CN 23'
  currency: string
  postage: number
  /** The number under which its VAT was paid already, or empty. */
  ioss: string
  lines: DeclaredLine[]
}

const kilograms = (grams: number) => (grams / 1000).toFixed(3)
/** As tariffs print it: 8523.80. */
const printedCode = (code: string) => code.replace(/^(\d{4})(\d{2})/, '$1.$2')

type People = { code: string; from: string[]; to: string[] }

/**
 * The declaration in the order of the Universal Postal Union's form. Its own words are French and English everywhere: those who read it are officers abroad. Date and signature
 * are written by hand: the sender answers for them.
 */
export function drawDeclaration(sheet: Sheet, declared: Declared, { code, from, to }: People): void {
  const { form, currency, lines, postage, ioss } = declared
  const money = (amount: number) => `${decimal({ amount, currency })} ${currency}`
  const isLong = form === 'CN 23'
  const say = isLong ? sheet.text : sheet.small
  if (isLong) sheet.title(form)
  sheet.heading(`${isLong ? '' : `${form} · `}Déclaration en douane / Customs declaration`)
  say('Peut être ouvert d’office / May be opened officially')
  if (isLong) {
    sheet.heading('De / From')
    sheet.text(from.join(', '))
    sheet.heading('À / To')
    sheet.text(to.join(', '))
  }
  say(`N° de référence / Reference: ${code}`)
  if (ioss) say(`Référence de l’importateur / Importer’s reference: IOSS ${ioss}`)
  say('Catégorie de l’envoi / Category of item: [X] Vente de marchandises / Sale of goods')
  sheet.table(
    isLong
      ? [
          { label: 'Description détaillée / Detailed description', weight: 4.6 },
          { label: 'Quantité / Quantity', weight: 1.4, numeric: true },
          { label: 'Poids net / Net weight (kg)', weight: 1.6, numeric: true },
          { label: 'Valeur / Value', weight: 1.8, numeric: true },
          { label: 'N° tarifaire SH / HS tariff number', weight: 1.8 },
          { label: 'Pays d’origine / Country of origin', weight: 1.8 },
        ]
      : [
          { label: 'Quantité, description / Quantity, description', weight: 4 },
          { label: 'Poids net / Net weight (kg)', weight: 2, numeric: true },
          { label: 'Valeur / Value', weight: 2.4, numeric: true },
          { label: 'N° SH, origine / HS no., origin', weight: 2.4 },
        ],
    lines.map(({ name, quantity, grams, worth, hsCode, ...line }) =>
      isLong
        ? [
            name,
            String(quantity),
            kilograms(grams),
            money(worth),
            printedCode(hsCode) || '—',
            line.origin ? countryName(line.origin, 'en') : '—',
          ]
        : [
            `${quantity} × ${name}`,
            kilograms(grams),
            money(worth),
            [printedCode(hsCode), line.origin].filter(Boolean).join(' ') || '—',
          ],
    ),
  )
  const sum = (of: (line: DeclaredLine) => number) => lines.reduce((total, line) => total + of(line), 0)
  say(`Poids total / Total weight: ${kilograms(sum(({ grams }) => grams))} kg`)
  say(`Valeur totale / Total value: ${money(sum(({ worth }) => worth))}`)
  if (isLong) sheet.text(`Frais de port / Postal charges: ${money(postage)}`)
  say(
    'Je certifie que les renseignements donnés dans la présente déclaration sont exacts et que cet envoi ne contient aucun objet dangereux ou interdit par la législation ou par la réglementation postale ou douanière. / I certify that the particulars given in this declaration are correct and that this item does not contain any dangerous article or articles prohibited by legislation or by postal or customs regulations.',
  )
  say('Date et signature de l’expéditeur / Date and sender’s signature:')
}
