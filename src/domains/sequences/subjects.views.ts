import type { SubjectFacts, SubjectSource } from '../exchange/index.ts'
import { giveSubject, sequencePath } from './paths.rules.ts'

const gives: SubjectSource = async (db, ids) => {
  const rows = await db
    .selectFrom('sequenceGives')
    .innerJoin('sequences', 'sequences.id', 'sequenceId')
    .select(['sequenceGives.id', 'sequences.id as sequenceId', 'artistId', 'labelId', 'givenBy', 'title', 'name'])
    .where('sequenceGives.id', 'in', ids)
    .execute()
  return new Map(
    rows.map(({ id, sequenceId, artistId, labelId, givenBy, title, name }): [string, SubjectFacts] => [
      id,
      {
        artistId: givenBy ?? artistId ?? labelId ?? '',
        // In an artist's books: what a label calls it is the label's.
        title: givenBy ? title : [title, name].filter(Boolean).join(' · '),
        path: sequencePath(sequenceId, 'people'),
        givenAs: giveSubject(id),
        publicAt: null,
      },
    ]),
  )
}

/** How the exchange learns what `give:` ids are: it is read where it was sent, its page is its makers'. */
export const sequencesSubjects = { give: gives }
