import type { Lang } from '../../../platform/i18n/index.ts'
import { formatMoney } from '../../../platform/money.ts'
import type { Estimates } from '../estimates/estimate.rules.ts'
import type { PublicProduct } from '../product.views.ts'
import { aboutWords } from './estimates.tsx'
import { words } from './words.ts'

/** What something costs, as a buyer reads it before choosing: "12,00 €", "from 5,00 €", "name your price", "free". */
export function priceWords(product: PublicProduct, lang: Lang, estimates?: Estimates): string {
  const { pricing, price, currency, variants } = product
  const amount = pricing === 'fixed' ? Math.min(...variants.map((variant) => variant.price)) : price
  const about = aboutWords({ amount, currency }, estimates, lang)
  return about ? `${ownWords(product, lang)} (${about})` : ownWords(product, lang)
}

function ownWords({ pricing, price, currency, variants, every }: PublicProduct, lang: Lang): string {
  const t = words(lang)
  if (every)
    return t(every === 'year' ? 'a_year' : 'a_month', { price: formatMoney({ amount: price, currency }, lang) })
  if (pricing === 'free') return t('free')
  if (pricing === 'named')
    return price === 0 ? t('name_your_price') : t('from', { price: formatMoney({ amount: price, currency }, lang) })
  const prices = variants.map((variant) => variant.price)
  const least = Math.min(...prices)
  const text = formatMoney({ amount: least, currency }, lang)
  return prices.every((each) => each === least) ? text : t('from', { price: text })
}
