import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { accountFor, makeHost } from './accounts.store.ts'
import { createArtist, createLabel } from './artists.store.ts'
import { MANDATE_PERMISSIONS } from './rights.rules.ts'
import { DEFAULT_SETTINGS, saveSiteSettings } from './site-settings.ts'

export type DemoPeople = {
  email: string
  /** The name of the place, on every page. */
  place: string
  label: { name: string; description: string }
  artists: {
    slug: string
    name: string
    sortName: string
    language: Lang
    biography: string
    place: string
    portraitImageId: string | null
  }[]
}

/** A label with its roster, and one account that works for all of them: what a demonstration needs to be looked at. */
export async function openDemoPeople({ db, now }: Pick<Platform, 'db' | 'now'>, people: DemoPeople) {
  return db.transaction().execute(async (tx) => {
    const account = await accountFor(tx, { email: people.email, name: 'Demo', language: 'en' })
    await makeHost(tx, account.id)
    await saveSiteSettings(tx, { ...DEFAULT_SETTINGS, name: people.place }, now())
    const label = await createLabel(tx, { name: people.label.name, language: 'fr', ownerId: account.id })
    await tx.updateTable('labels').set({ description: people.label.description }).where('id', '=', label.id).execute()
    const byslug = new Map<string, { id: string; name: string }>()
    for (const { slug, place, ...facts } of people.artists) {
      const artist = await createArtist(tx, { name: facts.name, language: facts.language, ownerId: account.id })
      await tx
        .updateTable('artists')
        .set({ ...facts, places: [place] })
        .where('id', '=', artist.id)
        .execute()
      const mandate = { id: newId(), artistId: artist.id, labelId: label.id, permissions: [...MANDATE_PERMISSIONS] }
      await tx
        .insertInto('mandates')
        .values({ ...mandate, grantedBy: account.id, revokedAt: null, revokedBy: null })
        .execute()
      byslug.set(slug, { id: artist.id, name: artist.name })
    }
    return { labelId: label.id, byslug }
  })
}
