import type { Subject } from './subjects.ts'

/** What the token of a link says: which gift it came with, and whose it is when that fan agreed to be recognised. */
export type TokenFacts = {
  artistId: string
  givenAs: Subject
  personId: string | null
  /** Who passed it on. */
  broughtBy?: string
}

/**
 * Reads the tokens of one kind of link (`?via=KIND.REST`). Answers `machine` when what follows the link is no person, null when the token is
 * none of theirs. `visitor` is whom this browser is known as, if it is.
 */
export type TokenReader = (rest: string, visitor: string | null) => Promise<TokenFacts | 'machine' | null>

/** By kind; filled in `app.ts`. */
export type TokenReaders = Record<string, TokenReader>

export async function readToken(
  readers: TokenReaders,
  token: string,
  visitor: string | null,
): Promise<TokenFacts | 'machine' | null> {
  const dot = token.indexOf('.')
  const kind = token.slice(0, dot)
  // A stranger writes these: `constructor` is in every object.
  if (dot < 1 || !Object.hasOwn(readers, kind)) return null
  return (await readers[kind]?.(token.slice(dot + 1), visitor)) ?? null
}
