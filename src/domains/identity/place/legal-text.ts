import type { Lang } from '../../../platform/i18n/index.ts'
import type { SiteSettings } from '../site-settings.ts'
import { words } from './legal-words.ts'

export type LegalKind = 'legal' | 'privacy'
export type Block = { kind: 'heading' | 'paragraph'; text: string }

/**
 * The legal notice or the privacy page as blocks: the host's own text when there is one, else the template filled in with what
 * the host said. `base` is the origin of the addresses that they name.
 */
export function legalBlocks(kind: LegalKind, settings: SiteSettings, lang: Lang, base: string): Block[] {
  const own = settings[`${kind}${lang === 'fr' ? 'Fr' : 'En'}`]
  return readBlocks(own || fromTemplate(kind, settings, lang, base))
}

function fromTemplate(kind: LegalKind, settings: SiteSettings, lang: Lang, base: string): string {
  const t = words(lang)
  const said = (value: string) => value || t('unsaid')
  return t(kind, {
    name: settings.name,
    hostName: said(settings.hostName),
    hostAddress: said(settings.hostAddress.replaceAll('\n', ', ')),
    hostContact: said(settings.hostContact),
    publisher: said(settings.publisher || settings.hostName),
    provider: said(settings.provider || settings.hostName),
    privacyContact: said(settings.privacyContact || settings.hostContact),
    report: `${base}/report`,
    visitor: `${base}/visitor`,
  })
}

/** Paragraphs stand apart by a blank line; a line that begins with # is a heading. */
export const readBlocks = (text: string): Block[] =>
  text
    .split(/\n\s*\n|\n(?=#)|(?<=^#.*)\n/m)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) =>
      part.startsWith('#') ? { kind: 'heading', text: part.replace(/^#+\s*/, '') } : { kind: 'paragraph', text: part },
    )
