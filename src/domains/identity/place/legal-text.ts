import type { Config } from '../../../platform/config.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { SiteSettings } from '../site-settings.ts'
import { words } from './legal-words.ts'

export type LegalKind = 'legal' | 'privacy'
/** What the pages say of how this place runs. */
type Place = Pick<Config, 'baseUrl' | 'keepReceivedDays'>
export type Block = { kind: 'heading' | 'paragraph'; text: string }

/**
 * The legal notice or the privacy page as blocks: the host's own text when there is one, else the template filled in with what
 * the host said and what the program does.
 */
export function legalBlocks(kind: LegalKind, settings: SiteSettings, lang: Lang, place: Place): Block[] {
  const own = settings[`${kind}${lang === 'fr' ? 'Fr' : 'En'}`]
  return readBlocks(own || fromTemplate(kind, settings, lang, place))
}

function fromTemplate(
  kind: LegalKind,
  settings: SiteSettings,
  lang: Lang,
  { baseUrl, keepReceivedDays }: Place,
): string {
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
    report: `${baseUrl}/report`,
    visitor: `${baseUrl}/visitor`,
    receivedDays: keepReceivedDays,
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
