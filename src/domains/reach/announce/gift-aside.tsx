import type { Asides, Subjects } from '../../exchange/index.ts'
import { announceWords } from '../words.ts'
import { announcementById } from './announcement.store.ts'
import { ByThing } from './pages/by-thing.tsx'
import { ByChannel } from './pages/progress-page.tsx'
import { afterEach, progressOf } from './progress.views.ts'

/** What the page of a gift says of an announcement: what became of its messages, and what came back for each thing that it gave. */
export const reachAsides = (subjects: Subjects): Asides => ({
  announcement: async (db, id, lang) => {
    const t = announceWords(lang)
    const channels = await progressOf(db, id)
    const things = (await announcementById(db, id))?.things ?? []
    // Those in whose books this gift stands.
    const theirs = things.filter(({ givenBy }) => givenBy === things[0]?.givenBy)
    if (!channels.length) return null
    return (
      <>
        {theirs.length > 1 && (
          <section>
            <h2>{t('things_given')}</h2>
            <ByThing lang={lang} things={await afterEach(db, subjects, theirs)} />
          </section>
        )}
        <section>
          <h2>{t('messages')}</h2>
          <ByChannel lang={lang} channels={channels} />
        </section>
      </>
    )
  },
})
