import type { Db, Tx } from '../../platform/database/index.ts'

/** What the host says of the place. Texts are plain, empty while nothing was said. */
export type SiteSettings = {
  /** The name of the place: in titles, mails, the manifest. */
  name: string
  /** Who hosts it: a person or a company, as the law wants them named. */
  hostName: string
  hostAddress: string
  /** Where to write about anything; mail or telephone. */
  hostContact: string
  /** Who answers for what is published (France: directeur de la publication). */
  publisher: string
  /** The machine's own provider, as the French law of 2004 asks: name, address, telephone. */
  provider: string
  privacyContact: string
  /** Whole texts that replace the templates of these pages, by language. */
  legalEn: string
  legalFr: string
  privacyEn: string
  privacyFr: string
}

export const DEFAULT_SETTINGS: SiteSettings = {
  name: 'Ritornello',
  hostName: '',
  hostAddress: '',
  hostContact: '',
  publisher: '',
  provider: '',
  privacyContact: '',
  legalEn: '',
  legalFr: '',
  privacyEn: '',
  privacyFr: '',
}

export async function siteSettings(db: Db | Tx): Promise<SiteSettings> {
  const rows = await db.selectFrom('siteSettings').select(['key', 'value']).execute()
  const known = rows.filter(({ key, value }) => key in DEFAULT_SETTINGS && typeof value === 'string' && value !== '')
  return { ...DEFAULT_SETTINGS, ...Object.fromEntries(known.map(({ key, value }) => [key, value])) }
}

export async function saveSiteSettings(tx: Tx, settings: SiteSettings, now: Date): Promise<void> {
  await tx
    .insertInto('siteSettings')
    .values(Object.entries(settings).map(([key, value]) => ({ key, value: JSON.stringify(value), updatedAt: now })))
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet((row) => ({ value: row.ref('excluded.value'), updatedAt: row.ref('excluded.updatedAt') })),
    )
    .execute()
}
