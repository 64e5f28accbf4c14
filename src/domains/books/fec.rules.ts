import { ACCOUNT_PLAN, type AccountKind } from './account-plan.rules.ts'

/** A line of the books, as the accountant's file tells it. Amounts are minor units of the currency of the books, debit above zero. */
export type FecLine = {
  number: string
  /** What the entry tells, from which its journal follows. */
  kind: string
  bookedOn: string
  account: AccountKind
  of: string
  /** Who or what `of` is. */
  ofName: string
  reference: string
  label: string
  baseAmount: number
  numberedOn: string
  amount: number
  currency: string
}

/** The columns of article A47 A-1, VII, 1° of the livre des procédures fiscales, in their order. */
const FEC_COLUMNS = [
  ...['JournalCode', 'JournalLib', 'EcritureNum', 'EcritureDate', 'CompteNum', 'CompteLib', 'CompAuxNum', 'CompAuxLib'],
  ...['PieceRef', 'PieceDate', 'EcritureLib', 'Debit', 'Credit', 'EcritureLet', 'DateLet', 'ValidDate'],
  ...['Montantdevise', 'Idevise'],
]

const JOURNALS: Record<string, [code: string, name: string]> = {
  opening: ['AN', 'À-nouveaux'],
  sale: ['VE', 'Ventes'],
  refund: ['VE', 'Ventes'],
  payment: ['BQ', 'Banque et encaissements'],
  fee: ['BQ', 'Banque et encaissements'],
  exchange: ['BQ', 'Banque et encaissements'],
  dispute: ['BQ', 'Banque et encaissements'],
  payout: ['BQ', 'Banque et encaissements'],
  advance: ['BQ', 'Banque et encaissements'],
  cost: ['AC', 'Achats et frais'],
  distribution: ['OD', 'Opérations diverses'],
}
const OTHERS: [string, string] = ['OD', 'Opérations diverses']

const LABELS: Record<AccountKind, string> = {
  customers: 'Clients',
  clearing: 'Prestataires de paiement',
  bank: 'Banque',
  cash: 'Caisse',
  conversion: 'Conversion de devises',
  'sales-digital': 'Ventes de prestations numériques',
  'sales-goods': 'Ventes de marchandises',
  'sales-shipping': 'Ports facturés',
  deferred: 'Produits constatés d’avance',
  'vat-collected': 'TVA collectée',
  'vat-paid': 'TVA déductible',
  fees: 'Services bancaires et frais de paiement',
  'dispute-losses': 'Pertes sur litiges',
  'till-differences': 'Écarts de caisse',
  'exchange-differences': 'Pertes et gains de change',
  costs: 'Achats d’études et prestations',
  royalties: 'Redevances',
  payee: 'Ayants droit',
  advances: 'Avances aux ayants droit',
  owner: 'Compte de l’exploitant',
}

/** What is carried into a new year of the accounts of results: the result of those before it. */
export const RESULT = { number: '110000', label: 'Report à nouveau' }
export const isResult = (kind: AccountKind): boolean => /^[67]/.test(ACCOUNT_PLAN[kind].number)

const day = (text: string) => text.replaceAll('-', '')
/** A tab would be a column, an end of line another entry. */
const plain = (text: string) => text.replace(/[\t\r\n|]+/g, ' ').trim()

/** Minor units as the file writes them: a comma before the decimals, none for nothing. */
export function fecAmount(amount: number, digits: number): string {
  const text = String(Math.abs(amount)).padStart(digits + 1, '0')
  const sign = amount < 0 ? '-' : ''
  return digits === 0 ? `${sign}${text},00` : `${sign}${text.slice(0, -digits)},${text.slice(-digits)}`
}

export const fecHead = (): string => `${FEC_COLUMNS.join('\t')}\r\n`

/** One line of the file. `base` is the currency of the books, `digits` says how many decimals a currency has. */
export function fecLine(line: FecLine, base: string, digits: (currency: string) => number): string {
  const [code, journal] = JOURNALS[line.kind] ?? OTHERS
  const plan = line.kind === 'opening' && isResult(line.account) ? RESULT : null
  const side = (amount: number) => fecAmount(Math.max(0, amount), digits(base))
  const foreign = line.currency !== base
  return `${[
    ...[code, journal, line.number, day(line.bookedOn)],
    ...[plan?.number ?? ACCOUNT_PLAN[line.account].number, plan?.label ?? LABELS[line.account]],
    ...(line.of && !plan ? [plain(line.of), plain(line.ofName) || plain(line.of)] : ['', '']),
    ...[plain(line.reference) || line.number, day(line.bookedOn), plain(line.label) || journal],
    ...[side(line.baseAmount), side(-line.baseAmount), '', '', day(line.numberedOn)],
    ...(foreign ? [fecAmount(line.amount, digits(line.currency)), line.currency] : ['', '']),
  ].join('\t')}\r\n`
}

/** SIRENFECYYYYMMDD.txt, with the last day of the year. */
export const fecName = (siren: string, through: string): string => `${siren || '000000000'}FEC${day(through)}.txt`
