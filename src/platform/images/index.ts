export type { ImageError, ImageFacts, ImageInput } from './engine.ts'
export { checkImage, inspectImage, maxImageBytes, type Pixels, pixels } from './intake.ts'
export { rasteriseOwnSvg } from './own-svg.ts'
export { coverJpeg, ICON_SIZES, icons, type Rendition, renditions, widthsFor } from './renditions.ts'
export { SNIFF_BYTES, sniffPicture } from './sniff.rules.ts'
export {
  dropImage,
  IMAGE_TYPES,
  type ImageExtension,
  imageUrl,
  originalKey,
  renditionKey,
  type StoredImage,
  storeImage,
} from './store.ts'
