import { imageUrl } from '../../platform/images/index.ts'
import type { Picture } from '../../ui/sleeve.tsx'
import type { Cover } from './public.types.ts'

/** A stored picture in its widths, for `<picture>`. */
export function pictureOf({ sha256, width, height, widths }: Cover, alt: string): Picture {
  const sorted = [...widths].sort((a, b) => a - b)
  const set = (extension: 'avif' | 'webp' | 'jpg') =>
    sorted.map((w) => `${imageUrl(sha256, w, extension)} ${w}w`).join(', ')
  return {
    src: imageUrl(sha256, middle(sorted), 'jpg'),
    srcset: set('jpg'),
    width,
    height,
    alt,
    sources: [
      { type: 'image/avif', srcset: set('avif') },
      { type: 'image/webp', srcset: set('webp') },
    ],
  }
}

const middle = (widths: number[]) => widths.find((width) => width >= 640) ?? widths.at(-1) ?? 0
