import { isId } from '../../../platform/ids.ts'
import { readMoney } from '../../../platform/money.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { isSubject, type Offer } from '../../exchange/index.ts'
import type { Posted } from '../../identity/index.ts'
import type { ProductEdit, VariantEdit } from '../edit-product.ts'
import type { Pricing } from '../price.rules.ts'

/** What was typed for one variant, as it was typed. */
export type TypedVariant = { id: string; name: string; price: string; weight: string; stock: string }
/** A part of a bundle, as it was typed. */
export type TypedPart = { variantId: string; quantity: string }
/** What was typed, to be shown again when something of it is wrong. */
export type TypedProduct = {
  title: string
  description: string
  subject: string
  pricing: string
  every: string
  price: string
  suggested: string
  variants: TypedVariant[]
  parts: TypedPart[]
  customsName: string
  hsCode: string
  origin: string
  /** A day, as a field of dates sends it. */
  releasedOn: string
  /** Ids of tracks. */
  early: string[]
}

/** What is wrong with a field: a key of the words. */
export type FormProblems = Record<
  string,
  | 'title'
  | 'amount'
  | 'suggested'
  | 'subject'
  | 'weight'
  | 'stock'
  | 'named-zero'
  | 'tip-zero'
  | 'parts'
  | 'quantity'
  | 'day'
  | 'hs'
>

/** Chosen instead of one release: all that is published. */
export const EVERYTHING = 'all'

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
    every: posted.text('every'),
    price: posted.text('price'),
    suggested: posted.text('suggested'),
    variants: ids.map((id, index) => ({
      id,
      name: names[index] ?? '',
      price: prices[index] ?? '',
      weight: weights[index] ?? '',
      stock: stocks[index] ?? '',
    })),
    parts: column('p_variant').map((variantId, index) => ({
      variantId,
      quantity: column('p_quantity')[index] ?? '',
    })),
    releasedOn: posted.text('releasedOn'),
    ...{ customsName: posted.text('customsName'), hsCode: posted.text('hsCode'), origin: posted.text('origin') },
    early: column('early'),
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
  const isMembership = kind === 'membership'
  const pricing =
    kind === 'tip' ? 'named' : isMembership ? 'fixed' : (PRICINGS.find((known) => known === typed.pricing) ?? 'fixed')
  const amount = (name: string, text: string): number => {
    const money = readMoney(text, currency)
    if (!money) problems[name] = 'amount'
    return money?.amount ?? 0
  }
  const price = pricing === 'free' ? 0 : amount('price', typed.price === '' && pricing === 'named' ? '0' : typed.price)
  if (pricing === 'fixed' && price === 0 && !problems['price'])
    problems['price'] = isMembership ? 'amount' : 'named-zero'
  if (kind === 'tip' && price === 0 && !problems['price']) problems['price'] = 'tip-zero'
  const suggested = pricing === 'named' && typed.suggested ? amount('suggested', typed.suggested) : null
  if (suggested !== null && suggested < price && !problems['suggested']) problems['suggested'] = 'suggested'
  const subject =
    kind !== 'tip' && isSubject(typed.subject) && offers.some((offer) => offer.subject === typed.subject)
      ? typed.subject
      : null
  if (kind === 'download' && !subject) problems['subject'] = 'subject'
  const isFilled = ({ name, price, weight, stock }: TypedVariant) => Boolean(name || price || weight || stock)
  const isPlain =
    kind === 'download' || kind === 'bundle' || kind === 'tip' || isMembership || !typed.variants.some(isFilled)
  const variants = isPlain
    ? typed.variants.slice(0, 1).map(({ id }) => ({ id: id || null, name: '', price: null, weight: null, stock: null }))
    : typed.variants.flatMap((row, index) => (isFilled(row) ? [readVariant(row, index, { currency, problems })] : []))
  const parts = kind === 'bundle' ? readParts(typed.parts, problems) : []
  const releasedAt =
    kind === 'bundle' || kind === 'tip' || isMembership || !typed.releasedOn ? null : dayOf(typed.releasedOn)
  if (releasedAt && Number.isNaN(releasedAt.getTime())) problems['releasedOn'] = 'day'
  const early = typed.early.filter((id) =>
    offers.some((offer) => offer.subject === `track:${id}` && offer.within === subject),
  )
  // As tariffs print it: 8523.80.
  const hsCode = typed.hsCode.replace(/[\s.]/g, '')
  if (!/^(\d{6,10})?$/.test(hsCode)) problems['hsCode'] = 'hs'
  const customs = {
    ...{ customsName: typed.customsName.slice(0, 60), hsCode },
    origin: /^[A-Z]{2}$/.test(typed.origin) ? typed.origin : '',
  }
  const description = typed.description.slice(0, 5000)
  const renewed = {
    every: isMembership ? (typed.every === 'year' ? ('year' as const) : ('month' as const)) : null,
    givesAll: isMembership && typed.subject === EVERYTHING,
  }
  return Object.keys(problems).length > 0
    ? fail(problems)
    : ok({
        title,
        description,
        subject,
        pricing,
        price,
        suggested,
        variants,
        parts,
        releasedAt,
        early,
        ...customs,
        ...renewed,
      })
}

/** The moment at which a day begins, by the clock by which days are written here: UTC. What is no day is no moment. */
const dayOf = (text: string): Date => new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : Number.NaN)

/** Several things make a bundle: a row without one, or with none of it, is no part; the same thing twice is one part. */
function readParts(typed: TypedPart[], problems: FormProblems): { variantId: string; quantity: number }[] {
  const parts = new Map<string, number>()
  for (const [index, { variantId, quantity }] of typed.entries()) {
    if (!variantId || quantity === '0') continue
    const many = quantity === '' ? 1 : /^\d{1,2}$/.test(quantity) ? Number(quantity) : null
    if (many === null || !isId(variantId)) problems[`p_quantity_${index}`] = 'quantity'
    else parts.set(variantId, Math.min((parts.get(variantId) ?? 0) + many, 99))
  }
  const whole = [...parts].map(([variantId, quantity]) => ({ variantId, quantity }))
  if (whole.reduce((sum, { quantity }) => sum + quantity, 0) < 2 && Object.keys(problems).length === 0)
    problems['parts'] = 'parts'
  return whole
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
