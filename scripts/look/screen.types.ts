import type { Lang } from '../../src/platform/i18n/index.ts'
import type { Page } from '../../src/ui/page.ts'
import type { Themes } from './samples.ts'

export type Look = { lang: Lang; assets: Page['assets']; themes: Themes }
export type Screen = { name: string; render: (look: Look) => unknown; size?: { width: number; height: number } }
