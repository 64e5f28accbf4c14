import { nextPublication } from '../domains/music/index.ts'
import type { Site } from './site.ts'

/** When a scheduled release opens by time alone, which no event announces: no page is kept past that moment. */
export const nextOpening = ({ platform, pages }: Site): Promise<Date | null> =>
  pages
    .remember('next opening', async () => ({ at: await nextPublication(platform.db, platform.now()) }))
    .then(({ at }) => (at && at > platform.now() ? at : at && nextPublication(platform.db, platform.now())))
