/** A picture of more pixels is refused before it is decoded: a few kilobytes can announce gigabytes. */
export const MAX_PIXELS = 50_000_000
/** Longest side. Beyond it even a thin picture costs too much in some decoders. */
export const MAX_SIDE = 20_000
export const MAX_BYTES = 40_000_000
/** Where decoding or resizing takes longer than this, in seconds, it is given up. */
export const MAX_SECONDS = 20
/** Operations at once in one process; others wait their turn. */
export const AT_ONCE = 2
