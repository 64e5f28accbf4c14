import type { Asides } from '../../exchange/index.ts'
import { announceWords } from '../words.ts'
import { ByChannel } from './pages/progress-page.tsx'
import { progressOf } from './progress.views.ts'

/** What the page of a gift says of an announcement: what became of its messages. */
export const reachAsides: Asides = {
  announcement: async (db, id, lang) => {
    const channels = await progressOf(db, id)
    if (!channels.length) return null
    return (
      <section>
        <h2>{announceWords(lang)('messages')}</h2>
        <ByChannel lang={lang} channels={channels} />
      </section>
    )
  },
}
