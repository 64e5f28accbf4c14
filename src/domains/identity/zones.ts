import type { Context } from 'hono'
import { formats, type Lang } from '../../platform/i18n/index.ts'
import type { Option } from '../../ui/forms.tsx'
import type { WebEnv } from './guard.ts'

/** "Europe/Paris", "America/New York". */
export const zoneName = (zone: string): string => zone.replaceAll('_', ' ')

/** Every time zone that this program knows, UTC first. */
export const zoneOptions = (): Option[] =>
  ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')].map((zone) => ({
    value: zone,
    label: zoneName(zone),
  }))

/** The zone's own name when this program knows it (browsers and old lists have other ones for some), else null. */
export function readZone(text: string): string | null {
  try {
    return text ? new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone : null
  } catch {
    return null
  }
}

/** Where somebody is who has not said it: as this machine has it, else where their language is at home. */
function likelyZone(language: Lang): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  return own && own !== 'UTC' && own !== 'Etc/UTC' ? own : language === 'fr' ? 'Europe/Paris' : 'UTC'
}

/** The zone in which an artist's or a label's days are counted and their moments said. */
export const zoneOf = ({ timeZone, language }: { timeZone: string | null; language: Lang }): string =>
  timeZone ?? likelyZone(language)

/** The same, of an artist or a label whom the signed-in person works for; of nobody in particular, of whom they work for now. */
export function zoneAt(c: Context<WebEnv>, senderId: string): string {
  const { artists, labels, current } = c.get('desk')
  const sender =
    [...artists, ...labels].find(({ id }) => id === senderId) ??
    (current && (current.kind === 'artist' ? current.artist : current.label))
  return sender ? zoneOf(sender) : likelyZone(c.get('page').lang)
}

/** Writes moments as the clocks of that artist or label show them, in the language of the page. */
export function clockAt(c: Context<WebEnv>, senderId: string | null): (at: Date) => string {
  const zone = zoneAt(c, senderId ?? '')
  return (at) => formats(c.get('page').lang).dateTime(at, zone)
}
