import { readMoney } from '../../../platform/money.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { isSubject, type Offer } from '../../exchange/index.ts'
import type { Posted } from '../../identity/index.ts'
import type { ProductEdit, VariantEdit } from '../edit-product.ts'
import type { Pricing } from '../price.rules.ts'

/** What was typed for one variant, as it was typed. */
export type TypedVariant = { id: string; name: string; price: string; weight: string; stock: string }
/** What was typed, to be shown again when something of it is wrong. */
export type TypedProduct = {
  title: string
  description: string
  subject: string
  pricing: string
  price: string
  suggested: string
  variants: TypedVariant[]
}

/** What is wrong with a field: a key of the words. */
export type FormProblems = Record<
  string,
  'title' | 'amount' | 'suggested' | 'subject' | 'weight' | 'stock' | 'named-zero' | 'tip-zero'
>

const PRICINGS: readonly Pricing[] = ['fixed', 'named', 'free']

export function typedProduct(posted: Posted): TypedProduct {
  const column = (name: string) => posted.texts(name)
  const [ids, names, prices, weights, stocks] = ['v_id', 'v_name', 'v_price', 'v_weight', 'v_stock'].map(column) as [
    string[],
    string[],
    string[],
    string[],
    string[],
  ]
  return {
    title: posted.text('title'),
    description: posted.text('description'),
    subject: posted.text('subject'),
    pricing: posted.text('pricing'),
    price: posted.text('price'),
    suggested: posted.text('suggested'),
    variants: ids.map((id, index) => ({
      id,
      name: names[index] ?? '',
      price: prices[index] ?? '',
      weight: weights[index] ?? '',
      stock: stocks[index] ?? '',
    })),
  }
}

/** Reads what was typed. A variant's row that is empty is none, unless all are: then there is one, without a name of its own. */
export function readProduct(
  typed: TypedProduct,
  { currency, kind, offers }: { currency: string; kind: string; offers: Offer[] },
): Result<ProductEdit, FormProblems> {
  const problems: FormProblems = {}
  const title = typed.title.slice(0, 200)
  if (!title) problems['title'] = 'title'
  const pricing = kind === 'tip' ? 'named' : (PRICINGS.find((known) => known === typed.pricing) ?? 'fixed')
  const amount = (name: string, text: string): number => {
    const money = readMoney(text, currency)
    if (!money) problems[name] = 'amount'
    return money?.amount ?? 0
  }
  const price = pricing === 'free' ? 0 : amount('price', typed.price === '' && pricing === 'named' ? '0' : typed.price)
  if (pricing === 'fixed' && price === 0 && !problems['price']) problems['price'] = 'named-zero'
  if (kind === 'tip' && price === 0 && !problems['price']) problems['price'] = 'tip-zero'
  const suggested = pricing === 'named' && typed.suggested ? amount('suggested', typed.suggested) : null
  if (suggested !== null && suggested < price && !problems['suggested']) problems['suggested'] = 'suggested'
  const subject =
    kind !== 'tip' && isSubject(typed.subject) && offers.some((offer) => offer.subject === typed.subject)
      ? typed.subject
      : null
  if (kind === 'download' && !subject) problems['subject'] = 'subject'
  const isFilled = ({ name, price, weight, stock }: TypedVariant) => Boolean(name || price || weight || stock)
  const isPlain = kind === 'download' || kind === 'bundle' || kind === 'tip' || !typed.variants.some(isFilled)
  const variants = isPlain
    ? typed.variants.slice(0, 1).map(({ id }) => ({ id: id || null, name: '', price: null, weight: null, stock: null }))
    : typed.variants.flatMap((row, index) => (isFilled(row) ? [readVariant(row, index, { currency, problems })] : []))
  return Object.keys(problems).length > 0
    ? fail(problems)
    : ok({ title, description: typed.description.slice(0, 5000), subject, pricing, price, suggested, variants })
}

function readVariant(
  { id, name, price, weight, stock }: TypedVariant,
  index: number,
  { currency, problems }: { currency: string; problems: FormProblems },
): VariantEdit {
  const own = price ? readMoney(price, currency) : null
  if (price && !own) problems[`v_price_${index}`] = 'amount'
  const whole = (text: string, most: number) => (/^\d{1,7}$/.test(text) && Number(text) <= most ? Number(text) : null)
  const grams = weight ? whole(weight, 50_000) : null
  if (weight && !grams) problems[`v_weight_${index}`] = 'weight'
  const count = stock ? whole(stock, 1_000_000) : null
  if (stock && count === null) problems[`v_stock_${index}`] = 'stock'
  return { id: id || null, name: name.slice(0, 100), price: own?.amount ?? null, weight: grams, stock: count }
}
