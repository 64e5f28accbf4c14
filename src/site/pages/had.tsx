import { downloadFormats } from '../../domains/audio/index.ts'
import { type PublicProduct, TakeOffers } from '../../domains/shop/index.ts'
import type { Page } from '../../ui/page.ts'
import { formatName } from '../words.ts'

/** What can be bought of it, with the formats of its download as the site names them. */
export const Had = ({ page, products = [] }: { page: Page; products?: PublicProduct[] | undefined }) => (
  <TakeOffers
    page={page}
    products={products}
    formatNames={downloadFormats.map((format) => formatName(format, page.lang))}
  />
)
