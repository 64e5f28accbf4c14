import type { TableSale } from '../till/till.rules.ts'

/** A sale that the server does not have yet, or refused: then why. */
export type Kept = { tillId: string; sale: TableSale; refused: string | null }

// A place of its own for each sale: two tabs that keep one at the same time lose neither.
const PLACE = 'ritornello.till.'

/** Whether it is kept: a browser may keep nothing at all (private browsing, no room). */
export function keep(kept: Kept): boolean {
  try {
    localStorage.setItem(PLACE + kept.sale.id, JSON.stringify(kept))
    return localStorage.getItem(PLACE + kept.sale.id) !== null
  } catch {
    return false
  }
}

export function letGo(id: string): void {
  try {
    localStorage.removeItem(PLACE + id)
  } catch {
    // Where nothing is kept nothing can be let go.
  }
}

export function refuse(id: string, why: string): void {
  const kept = allKept().find(({ sale }) => sale.id === id)
  if (kept) keep({ ...kept, refused: why })
}

/** All that is kept here, in the order in which it was sold. */
export function allKept(): Kept[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PLACE))
      .map((key) => JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null)
      .filter((kept): kept is Kept => kept !== null)
      .toSorted((a, b) => (a.sale.soldAt < b.sale.soldAt ? -1 : 1))
  } catch {
    return []
  }
}
