import { sql } from 'kysely'
import type { SubjectFacts, SubjectSource, Subjects } from './subjects.ts'

type Row = { id: string; title: string; slug: string; publicAt: Date | null }

/** Whoever is on the way out has no page any more. */
const publicAt = sql`case when goes_at is null then created_at end`

/** Nobody gave them: what their pages bring is owed to the link that led there, or to nothing. */
const facts = (kind: string, rows: Row[]) =>
  new Map(
    rows.map(({ id, title, slug, publicAt }): [string, SubjectFacts] => [
      id,
      { artistId: id, title, path: `/${encodeURIComponent(slug)}`, givenAs: `${kind}:${id}`, publicAt },
    ]),
  )

const artists: SubjectSource = async (db, ids) => {
  const { rows } = await sql<Row>`
    select id, name as title, slug, ${publicAt} as "publicAt" from artists where id = any(${ids}::uuid[])`.execute(db)
  return facts('artist', rows)
}

const labels: SubjectSource = async (db, ids) => {
  const { rows } = await sql<Row>`
    select id, name as title, slug, ${publicAt} as "publicAt" from labels where id = any(${ids}::uuid[])`.execute(db)
  return facts('label', rows)
}

/** What `artist:` and `label:` ids are: the page of whoever gives. */
export const senderSubjects: Subjects = { artist: artists, label: labels }
