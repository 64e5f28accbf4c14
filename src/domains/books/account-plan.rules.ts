/**
 * The plan of accounts. Each kind has the number of the French plan comptable général (2026 edition of règlement ANC 2014-03) that the accountant's
 * file uses, and the side on which it usually stands. Elsewhere the numbers are merely ours; the kinds are what code speaks of.
 */
export const ACCOUNT_PLAN = {
  customers: { number: '411000', side: 'debit' },
  /** What a payment provider or a till holds until it pays out; `of` names it. */
  clearing: { number: '517000', side: 'debit' },
  bank: { number: '512000', side: 'debit' },
  cash: { number: '530000', side: 'debit' },
  /** Between two currencies: what came in one and left in the other. */
  conversion: { number: '588000', side: 'debit' },
  /** Downloads, memberships, tips. */
  'sales-digital': { number: '706000', side: 'credit' },
  'sales-goods': { number: '707000', side: 'credit' },
  'sales-shipping': { number: '708500', side: 'credit' },
  /** Paid for what is not given yet: pre-orders, memberships. */
  deferred: { number: '487000', side: 'credit' },
  /** VAT collected; `of` is country and rate in hundredths of a percent, 'FR:2000'. */
  'vat-collected': { number: '445710', side: 'credit' },
  'vat-paid': { number: '445660', side: 'debit' },
  fees: { number: '627000', side: 'debit' },
  'dispute-losses': { number: '658000', side: 'debit' },
  /** Missing from the box of a table, or too much in it, when it was counted. */
  'till-differences': { number: '658800', side: 'debit' },
  /** Gained or lost by rates of exchange. */
  'exchange-differences': { number: '666000', side: 'debit' },
  /** Spent on a project; `of` is the project. */
  costs: { number: '604000', side: 'debit' },
  /** What is due to people out of what was sold. */
  royalties: { number: '651000', side: 'debit' },
  /** What one person is owed; `of` is the person. */
  payee: { number: '467000', side: 'credit' },
  /** Paid to one person before it was earned; `of` is the person. */
  advances: { number: '409100', side: 'debit' },
  /** The artist's own, put in or taken out. */
  owner: { number: '108000', side: 'credit' },
} as const satisfies Record<string, { number: string; side: 'debit' | 'credit' }>

export type AccountKind = keyof typeof ACCOUNT_PLAN
