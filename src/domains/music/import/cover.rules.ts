import type { EmbeddedCover, PictureFact } from './facts.rules.ts'
import { shownName } from './facts.rules.ts'
import { stemOf } from './filenames.rules.ts'
import { isArtworkFolder } from './folders.rules.ts'
import { folded, naturalOrderOfSegments } from './names.rules.ts'
import type { PlannedCover } from './plan.ts'

const COVER_NAMES =
  'cover|front|folder|pochette|couverture|jaquette|albumart|album art|artwork|sleeve|recto|devant|thumb'.split('|')
const NOT_THE_FRONT =
  /\b(?:back|rear|verso|dos|inside|inlay|tray|cd|disc|disque|booklet|livret|label|matrix|obi|spine|band|logo|portrait)\b/

/** The pictures that might be the sleeve, best first. Strong ones are named so, weak ones merely lie there. */
export function rankPictures(pictures: PictureFact[]): { strong: PictureFact[]; weak: PictureFact[] } {
  const scored = pictures
    .map((picture) => ({ picture, score: score(picture), square: squareness(picture) }))
    .filter(({ score }) => score >= 0)
    .sort(
      (a, b) =>
        b.score - a.score ||
        b.square - a.square ||
        b.picture.width * b.picture.height - a.picture.width * a.picture.height ||
        naturalOrderOfSegments(a.picture.segments, b.picture.segments),
    )
  const alone = pictures.length === 1
  return {
    strong: scored.filter(({ score }) => score >= 10).map(({ picture }) => picture),
    weak: scored.filter(({ score, square }) => score < 10 && (alone || square > 0.8)).map(({ picture }) => picture),
  }
}

function score(picture: PictureFact): number {
  const name = folded(stemOf(picture.segments.at(-1) ?? ''))
  const inArtwork = isArtworkFolder(picture.segments.at(-2) ?? '')
  const depth = picture.segments.length
  const index = COVER_NAMES.indexOf(name)
  if (index >= 0) return 40 - index / 10 - depth
  if (NOT_THE_FRONT.test(name)) return -1
  if (COVER_NAMES.some((word) => new RegExp(`\\b${word}\\b`).test(name))) return 20 - depth
  return (inArtwork ? 2 : 3) - depth / 100
}

const squareness = ({ width, height }: PictureFact): number => Math.min(width, height) / Math.max(width, height, 1)

/** A picture named as the cover, else the one inside the audio, else one that lies there alone or is square. */
export function chooseCover(pictures: PictureFact[], embedded: EmbeddedCover | undefined): PlannedCover | null {
  const { strong, weak } = rankPictures(pictures)
  const named = strong[0]
  if (named) return planned('file', named)
  if (embedded) return planned('embedded', embedded)
  return weak[0] ? planned('file', weak[0]) : null
}

const planned = (kind: PlannedCover['kind'], { path, segments, width, height }: EmbeddedCover): PlannedCover => ({
  kind,
  path,
  file: shownName(segments),
  width,
  height,
})
