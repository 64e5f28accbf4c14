import type { OfferSource, Subjects } from '../domains/exchange/index.ts'
import { nextPost } from '../domains/journal/index.ts'
import { type Members, nextPublication } from '../domains/music/index.ts'
import { nextProductRelease } from '../domains/shop/index.ts'
import type { PageCache, PageCacheOptions } from '../platform/http/index.ts'
import type { Platform } from '../platform/platform.ts'

/** What the public pages are served from. */
export type Site = { platform: Platform; pages: PageCache; subjects: Subjects; offers: OfferSource; members: Members }

/** How public pages are kept: which addresses are one page, and what changes them. See platform/http/page-cache. */
export const pageKeeping = ({ db, now }: Pick<Platform, 'db' | 'now'>): PageCacheOptions => ({
  channel: 'pages_changed',
  nextChange: async () => {
    const due = await Promise.all([nextPublication(db, now()), nextPost(db, now()), nextProductRelease(db, now())])
    const [first] = due.filter((at) => at !== null).sort((a, b) => a.getTime() - b.getTime())
    return first ?? null
  },
  parts: { theme: ['light', 'dark'] },
  // Feeds: a browser shows them only as XML without a name of its own.
  hasForm: (path) => path.endsWith('.xml') || path.endsWith('.atom'),
  bypass: ['key', 'preview', 'pass', 'q', 'desk', 'before', 'translations'],
})

/** A component as text. */
export const htmlOf = async (page: unknown): Promise<string> =>
  String(await (page as { toString(): string }).toString())
