import { library } from './engine.ts'
import { MAX_PIXELS } from './limits.ts'
import type { Rendition } from './renditions.ts'

/**
 * Draws an SVG that this program wrote itself (a typographic sleeve, an icon). Never give it a file or a text that came
 * from someone: those go through `inspectImage`, which refuses SVG. Throws when the drawing is wrong, since that is a bug.
 */
export async function rasteriseOwnSvg(
  svg: string,
  size: { width: number; height: number },
  format: 'png' | 'jpeg' = 'png',
): Promise<Rendition> {
  const sharp = await library()
  const drawn = sharp(Buffer.from(svg), { limitInputPixels: MAX_PIXELS })
    .resize(size.width, size.height, { fit: 'fill' })
    .toColourspace('srgb')
  const encoded =
    format === 'png'
      ? drawn.png({ compressionLevel: 9 })
      : drawn.flatten({ background: '#ffffff' }).jpeg({ quality: 90, progressive: true, mozjpeg: true })
  const { data, info } = await encoded.toBuffer({ resolveWithObject: true })
  return { format, type: `image/${format}`, width: info.width, height: info.height, bytes: data }
}
