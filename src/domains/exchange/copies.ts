import type { Db } from '../../platform/database/index.ts'
import { describe, type Subject, type Subjects } from './subjects.ts'
import type { TokenReader } from './tokens.ts'

/** The name of what copies carry among the tokens (`?via=c.RELEASE.BATCH`). */
export const COPY_TOKENS = 'c'

/** A release's id in 22 letters, and which batch: `tags`, or year and month of the download. */
const COPY = /^([\w-]{22})\.(tags|\d{4}-\d{2})$/

/**
 * The address that a copy of a release carries with it, wherever it is passed on to: it says of which batch the copy is, and nothing of who took it.
 * @param batch `tags` for what the files themselves carry, else the month of the download, `YYYY-MM`
 */
export function wayHome(url: string, releaseId: string, batch: string): string {
  const home = new URL(url)
  const short = Buffer.from(releaseId.replaceAll('-', ''), 'hex').toString('base64url')
  home.searchParams.set('via', `${COPY_TOKENS}.${short}.${batch}`)
  return home.href
}

/** Reads `c.RELEASE.BATCH`: the release that a copy was of. */
export const copyTokens =
  ({ db }: { db: Db }, subjects: Subjects): TokenReader =>
  async (code) => {
    const [, short] = COPY.exec(code) ?? []
    if (!short) return null
    const id = Buffer.from(short, 'base64url').toString('hex')
    const subject: Subject = `release:${id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`
    const facts = (await describe(db, subjects, [subject])).get(subject)
    return facts ? { artistId: facts.artistId, givenAs: facts.givenAs, personId: null } : null
  }
