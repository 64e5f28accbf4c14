/** What a month came to, minor units of the currency of the books. */
export type Month = {
  gross: number
  tax: number
  fees: number
  refunds: number
  costs: number
  quantity: number
  /** How many sales. */
  sales: number
  bySubject: { subject: string; net: number; quantity: number }[]
  byCountry: { country: string; net: number }[]
}

export const leftOf = ({ gross, tax, fees, costs }: Month): number => gross - tax - fees - costs

export type Trend = 'first' | 'none' | 'more' | 'less' | 'same'

/** How a month went beside the one before: the key of a sentence, and by how many percent. */
export function trendOf(now: Month, before: Month): { trend: Trend; percent: number } {
  const [a, b] = [leftOf(now), leftOf(before)]
  if (now.sales === 0) return { trend: 'none', percent: 0 }
  if (b <= 0) return { trend: 'first', percent: 0 }
  const percent = Math.round(((a - b) / b) * 100)
  return { trend: percent > 2 ? 'more' : percent < -2 ? 'less' : 'same', percent: Math.abs(percent) }
}
