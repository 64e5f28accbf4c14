import type { Lang } from '../../../platform/i18n/index.ts'
import { imageUrl } from '../../../platform/images/index.ts'
import { decimal } from '../../../platform/money.ts'
import type { PageCard } from '../../fans/index.ts'
import type { Cover } from '../../music/index.ts'
import { productPath, shopPath } from '../paths.rules.ts'
import { pictureOfVariant } from '../pictures.views.ts'
import type { PublicProduct, PublicVariant } from '../product.views.ts'
import { priceWords } from './price-words.ts'
import { words } from './words.ts'

/** What others are told of a shop; nothing while it offers nothing. */
export function shopCard(products: PublicProduct[], lang: Lang): PageCard | null {
  const [first] = products
  if (!first) return null
  const path = shopPath(first.artistSlug)
  return {
    path,
    description: words(lang)('card_shop', {
      name: first.artistName,
      things: products
        .slice(0, 5)
        .map(({ title }) => title)
        .join(', '),
    }),
    image: imageOf(pictureOfVariant(first, null), first.artistName),
    jsonLd: (base) => ({
      '@context': 'https://schema.org',
      '@type': 'ItemList',
      '@id': base + path,
      url: base + path,
      name: words(lang)('shop_of', { name: first.artistName }),
      numberOfItems: products.length,
      itemListElement: products.map(({ title, slug, artistSlug }, index) => ({
        '@type': 'ListItem',
        position: index + 1,
        name: title,
        url: base + productPath(artistSlug, slug),
      })),
    }),
  }
}

/** What others are told of one thing, in the words of schema.org/Product. A tip is a gesture and no product. */
export function productCard(product: PublicProduct, lang: Lang): PageCard {
  const path = productPath(product.artistSlug, product.slug)
  const { title, artistName, description, kind } = product
  const line = words(lang)('card_product', {
    ...{ title, name: artistName, price: priceWords(product, lang) },
    kind: words(lang)(`kind_${kind}`),
  })
  return {
    path,
    description: description || line,
    image: imageOf(pictureOfVariant(product, null), product.pictures[0]?.alt || title),
    jsonLd: (base) =>
      kind === 'tip'
        ? { '@context': 'https://schema.org', '@type': 'WebPage', '@id': base + path, url: base + path, name: title }
        : productJsonLd(product, base, description || line),
  }
}

function productJsonLd(product: PublicProduct, base: string, description: string): Record<string, unknown> {
  const { title, artistName, artistSlug, slug, releasedAt, pictures, sleeve, variants } = product
  const url = base + productPath(artistSlug, slug)
  const images = (pictures.length > 0 ? pictures.map(({ picture }) => picture) : sleeve ? [sleeve] : []).map(
    (picture) => base + imageOf(picture, '').src,
  )
  const offers = variants.map((variant) => offerOf(product, variant, url))
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    '@id': url,
    url,
    name: title,
    description,
    ...(images.length > 0 && { image: images }),
    brand: { '@type': 'Brand', name: artistName },
    ...(releasedAt && { releaseDate: releasedAt.toISOString().slice(0, 10) }),
    offers: offers.length === 1 ? offers[0] : offers,
  }
}

/** A price that its buyer names is the least that is taken: Google reads `price`, schema.org has `minPrice` besides. */
function offerOf(product: PublicProduct, variant: PublicVariant, url: string): Record<string, unknown> {
  const { currency, pricing, every, releasedAt, artistName, title } = product
  const amount = pricing === 'free' ? 0 : pricing === 'named' ? product.price : variant.price
  const price = decimal({ amount, currency })
  const isGone = variant.left !== null && variant.left <= 0
  return {
    '@type': 'Offer',
    url,
    ...(variant.name && { name: `${title}, ${variant.name}` }),
    price,
    priceCurrency: currency,
    ...(pricing === 'named' && {
      priceSpecification: { '@type': 'PriceSpecification', minPrice: price, priceCurrency: currency },
    }),
    ...(every && {
      priceSpecification: {
        ...{ '@type': 'UnitPriceSpecification', price, priceCurrency: currency },
        billingDuration: every === 'year' ? 'P1Y' : 'P1M',
      },
    }),
    availability: `https://schema.org/${isGone ? 'SoldOut' : releasedAt ? 'PreOrder' : 'InStock'}`,
    ...(releasedAt && { availabilityStarts: releasedAt.toISOString() }),
    itemCondition: 'https://schema.org/NewCondition',
    seller: { '@type': 'MusicGroup', name: artistName },
  }
}

const CARD_WIDTH = 1200

/** The JPEG that a card shows: about as wide as such places want it. */
function imageOf(cover: Cover, alt: string): NonNullable<PageCard['image']>
function imageOf(cover: Cover | null, alt: string): PageCard['image']
function imageOf(cover: Cover | null, alt: string): PageCard['image'] {
  if (!cover) return null
  const sorted = cover.widths.toSorted((a, b) => a - b)
  const width = sorted.find((one) => one >= CARD_WIDTH) ?? sorted.at(-1) ?? cover.width
  const height = Math.round((cover.height * width) / cover.width)
  return { src: imageUrl(cover.sha256, width, 'jpg'), width, height, type: 'image/jpeg', alt }
}
