/** Longest comment, in letters. */
export const MOST_COMMENT = 5_000

const LINK = /\b(?:https?:\/\/|www\.)\S/gi
const MARKUP = /<a\s|\[url\b|\[link\b/i

export type Reading = 'fine' | 'held' | 'spam'

/** What a machine can say of a comment: links wait for somebody to look at them, many of them or the markup of forums are bait. */
export function readingOf({ name, text }: { name: string; text: string }): Reading {
  const links = `${name}\n${text}`.match(LINK)?.length ?? 0
  if (MARKUP.test(text) || links > 3 || /https?:|www\./i.test(name)) return 'spam'
  return links > 0 ? 'held' : 'fine'
}

/** What a comment begins as. Whoever proved who they are, and wrote something that was shown before, need not wait. */
export function firstState(reading: Reading, author: { isConfirmed: boolean; wasShown: boolean }) {
  if (reading === 'spam') return 'spam' as const
  return reading === 'fine' && author.isConfirmed && author.wasShown ? ('shown' as const) : ('waiting' as const)
}

/** A text as it was typed: lines kept, no more than two empty ones, nothing invisible. */
export const tidyComment = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f\u200b\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
