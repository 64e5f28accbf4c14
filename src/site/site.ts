import type { Subjects } from '../domains/exchange/index.ts'
import type { PageCache } from '../platform/http/index.ts'
import type { Platform } from '../platform/platform.ts'

/** What the public pages are served from. */
export type Site = { platform: Platform; pages: PageCache; subjects: Subjects }

/** How addresses of public pages are told apart by the page cache: see platform/http/page-cache. */
export const PAGE_ADDRESSES = {
  channel: 'pages_changed',
  parts: { theme: ['light', 'dark'] },
  bypass: ['key', 'preview', 'pass', 'q', 'desk'],
} as const

/** A component as text. */
export const htmlOf = async (page: unknown): Promise<string> =>
  String(await (page as { toString(): string }).toString())
