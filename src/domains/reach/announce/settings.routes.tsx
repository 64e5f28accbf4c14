import { type Context, Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { isZone } from '../../../platform/zones.ts'
import { senderAtDesk, senderHere, type WebEnv, zoneAt } from '../../identity/index.ts'
import { announceWords } from '../words.ts'
import { type SettingsForm, SettingsPage } from './pages/settings-page.tsx'
import { type QuietHours, quietHoursOf } from './quiet.rules.ts'
import { type AnnouncementSettings, announcementSettings, saveAnnouncementSettings } from './settings.store.ts'
import { posted } from './things.ts'

const PATH = '/studio/announcements/settings'

/** Limits of an artist or label: how often, at which hours, which day of the week. */
export function settingsRoutes({ db }: Pick<Platform, 'db'>): Hono<WebEnv> {
  const may = senderAtDesk('announce.send')
  return new Hono<WebEnv>()
    .get(PATH, may, async (c) => {
      const { id, sender } = senderHere(c)
      const settings = await announcementSettings(db, sender)
      return c.html(<SettingsPage c={c} sender={sender} form={formOf(settings, zoneAt(c, id))} errors={{}} />)
    })
    .post(PATH, may, async (c) => {
      const { sender } = senderHere(c)
      const { text } = await posted(c)
      const form = Object.fromEntries(FIELDS.map((name) => [name, text(name)]))
      const { settings, errors } = read(c, form)
      if (Object.keys(errors).length)
        return c.html(<SettingsPage c={c} sender={sender} form={form} errors={errors} />, 422)
      await db.transaction().execute((tx) => saveAnnouncementSettings(tx, sender, settings))
      return c.redirect(`${PATH}?done=saved`, 303)
    })
}

const FIELDS = [
  'cap',
  'cap_days',
  'digest_day',
  'digest_hour',
  'digest_zone',
  ...(['fr', 'all'] as const).flatMap((place) => [
    `from_${place}`,
    `to_${place}`,
    `sundays_${place}`,
    `holidays_${place}`,
  ]),
]

function formOf(settings: AnnouncementSettings, zone: string): SettingsForm {
  const hours = (place: string, { from, to, sundays, holidays }: QuietHours) => ({
    [`from_${place}`]: String(from),
    [`to_${place}`]: String(to),
    [`sundays_${place}`]: sundays ? 'on' : '',
    [`holidays_${place}`]: holidays ? 'on' : '',
  })
  return {
    cap: settings.capMost === null ? '' : String(settings.capMost),
    cap_days: String(settings.capDays),
    digest_day: String(settings.digestDay),
    digest_hour: String(settings.digestHour),
    digest_zone: settings.digestZone ?? zone,
    ...hours('fr', quietHoursOf('FR', settings.quiet)),
    ...hours('all', quietHoursOf(null, settings.quiet)),
  }
}

function read(
  c: Context<WebEnv>,
  form: SettingsForm,
): { settings: AnnouncementSettings; errors: Record<string, string> } {
  const t = announceWords(c.get('page').lang)
  const errors: Record<string, string> = {}
  const whole = (name: string, least: number, most: number): number | null => {
    const value = /^\d{1,4}$/.test(form[name] ?? '') ? Number(form[name]) : Number.NaN
    return value >= least && value <= most ? value : null
  }
  const capMost = form['cap'] ? whole('cap', 1, 100) : null
  if (form['cap'] && capMost === null) errors['cap'] = t('error_cap')
  const capDays = whole('cap_days', 1, 365)
  if (capDays === null) errors['cap_days'] = t('error_cap_days')
  const hours = (place: 'fr' | 'all'): QuietHours => {
    const from = whole(`from_${place}`, 0, 23) ?? 8
    const to = whole(`to_${place}`, 1, 24) ?? 21
    if (to <= from) errors[`to_${place}`] = t('error_hours')
    return { from, to, sundays: form[`sundays_${place}`] === 'on', holidays: form[`holidays_${place}`] === 'on' }
  }
  const zone = form['digest_zone'] ?? ''
  const settings: AnnouncementSettings = {
    capMost,
    capDays: capDays ?? 7,
    quiet: { FR: hours('fr'), '*': hours('all') },
    digestDay: whole('digest_day', 0, 6) ?? 5,
    digestHour: whole('digest_hour', 0, 23) ?? 17,
    digestZone: isZone(zone) ? zone : 'UTC',
  }
  return { settings, errors }
}
