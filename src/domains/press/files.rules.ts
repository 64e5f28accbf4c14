/** 20 MB, in decimal units as people are told: a rider has drawings, no film. */
export const MAX_RIDER_BYTES = 20_000_000
/** The most pictures of one artist: whoever prints one looks through all. */
export const MOST_PICTURES = 12
export const LONGEST_CAPTION = 200

const PDF = Buffer.from('%PDF-')

/** Whether a file begins as a PDF does (ISO 32000-2, 7.5.2). Readers bear something before the header; whoever prints would rather not. */
export const isPdf = (head: Uint8Array): boolean => PDF.equals(head.subarray(0, PDF.length))
