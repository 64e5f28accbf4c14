import { raw } from 'hono/html'

/**
 * A picture in its widths. `sources` go from the best format to the plainest (AVIF, WebP); `src` is the JPEG that everything
 * can show. `width` and `height` are the picture's own, and reserve its place.
 */
export type Picture = {
  src: string
  srcset?: string | undefined
  width: number
  height: number
  alt: string
  sources: { type: string; srcset: string }[]
}

type SleeveProps = {
  picture: Picture
  /** How wide it will stand, in the words of the `sizes` attribute. */
  sizes: string
  /** The one picture that the page opens with: fetched first. The others wait until they are near. */
  first?: boolean | undefined
  /** A name shared by a sleeve and its page, so that one opens into the other. Letters, figures and hyphens. */
  transition?: string | undefined
  class?: string | undefined
}

/** A picture with its place reserved. Empty `alt` where words beside it already say what it is. */
export const Sleeve = ({ picture, sizes, first, transition, class: extra }: SleeveProps) => (
  <div class={extra ? `sleeve ${extra}` : 'sleeve'} style={transition && `view-transition-name:sleeve-${transition}`}>
    <picture>
      {picture.sources.map(({ type, srcset }) => (
        <source type={type} srcset={srcset} sizes={sizes} />
      ))}
      <img
        src={picture.src}
        srcset={picture.srcset}
        sizes={picture.srcset && sizes}
        width={picture.width}
        height={picture.height}
        alt={picture.alt}
        fetchpriority={first ? 'high' : undefined}
        loading={first ? undefined : 'lazy'}
        decoding={first ? undefined : 'async'}
      />
    </picture>
  </div>
)

/** The sleeve of what has none: a cover set from its title, drawn in place. */
export const DrawnSleeve = ({ svg, transition, class: extra }: DrawnSleeveProps) => (
  <div
    class={extra ? `sleeve ${extra}` : 'sleeve'}
    style={transition && `view-transition-name:sleeve-${transition}`}
    aria-hidden="true"
  >
    {raw(svg)}
  </div>
)

type DrawnSleeveProps = { svg: string; transition?: string | undefined; class?: string | undefined }
