import type { Lang } from '../../../platform/i18n/index.ts'
import { Sleeve } from '../../../ui/sleeve.tsx'
import { refine } from '../../../ui/type.ts'
import { type Cover, pictureOf } from '../../music/index.ts'
import type { PublicProduct } from '../product.views.ts'

/** The photographs of a thing: the first large, the others beside one another. Of a thing without any, the sleeve of its music. */
export const Photographs = ({ product, lang }: { product: PublicProduct; lang: Lang }) => {
  const { pictures, sleeve, variants } = product
  if (pictures.length === 0)
    return sleeve ? (
      <div class="photographs">
        <Sleeve picture={pictureOf(sleeve, '')} sizes={LARGE} first />
      </div>
    ) : null
  return (
    <div class="photographs">
      {pictures.map(({ picture, alt, variantId }, index) => {
        const name = variants.find(({ id }) => id === variantId)?.name
        return (
          <figure style={`--ratio:${picture.width}/${picture.height}`}>
            <Sleeve
              picture={pictureOf(picture, refine(alt, lang))}
              sizes={index === 0 ? LARGE : SMALL}
              first={index === 0}
            />
            {name && <figcaption>{name}</figcaption>}
          </figure>
        )
      })}
    </div>
  )
}

const LARGE = '(min-width: 42rem) 38rem, 92vw'
const SMALL = '(min-width: 42rem) 19rem, 46vw'

/** A small square picture of a thing in a row; where there is none, nothing. Without `alt`, the words beside it say what it is. */
export const ProductThumb = ({ cover, alt = '' }: { cover: Cover | null; alt?: string | undefined }) =>
  cover && <Sleeve picture={pictureOf(cover, alt)} sizes="5rem" class="photograph" />
