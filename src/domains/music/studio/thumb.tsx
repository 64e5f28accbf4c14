import { imageUrl } from '../../../platform/images/index.ts'
import type { Cover } from '../public.types.ts'

/** A small square picture, or its empty place. */
export const Thumb = ({ cover }: { cover: Cover | null }) => {
  const width = cover?.widths.find((w) => w >= 160) ?? cover?.widths.at(-1)
  return (
    <span class="sleeve thumb" aria-hidden="true">
      {cover && width && (
        <img
          src={imageUrl(cover.sha256, width, 'jpg')}
          width={cover.width}
          height={cover.height}
          alt=""
          loading="lazy"
        />
      )}
    </span>
  )
}
