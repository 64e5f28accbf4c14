/** Addresses of the player for other people's pages. They hold an id that never changes, and never change themselves. */
export const embedPath = (kind: 'release' | 'track', id: string): string => `/embed/${kind}/${id}`

/** The least and the most that an embed is worth: one line with its player, or the tracks below it. */
export const EMBED_SIZES = { small: { width: 400, height: 120 }, tall: { width: 400, height: 500 } } as const

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign)

/** The HTML that puts a player on a page. */
export const embedCode = ({
  src,
  title,
  width,
  height,
}: {
  src: string
  title: string
  width: number
  height: number
}) =>
  `<iframe src="${escaped(src)}" width="${width}" height="${height}" title="${escaped(title)}" ` +
  'style="border:0;max-width:100%" loading="lazy" allow="autoplay; encrypted-media"></iframe>'
