import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { openFor } from '../payments/providers.ts'
import { shopSettings } from '../settings.store.ts'
import { type TermsFacts, termsFromTemplate } from './template.ts'

type Deps = { db: Db | Tx; config: Pick<Platform['config'], 'baseUrl'> }

/** A text of terms. `version`: under which number it was frozen; null while nobody has ordered under it. */
export type Terms = { body: string; fromTemplate: boolean; version: number | null; since: Date | null }

/** All that the terms of a seller say of them; null when there is no such seller. */
export async function termsFacts({ db, config }: Deps, sellerId: string): Promise<TermsFacts | null> {
  const seller = await db
    .selectFrom('sellers')
    .select(['legalName', 'address', 'country', 'registerNumber', 'vatRegime', 'vatNumber', 'currency'])
    .where('id', '=', sellerId)
    .executeTakeFirst()
  if (!seller) return null
  const settings = await shopSettings(db, sellerId)
  return {
    ...seller,
    contactMail: settings.contactMail,
    contactPhone: settings.contactPhone,
    mediator: settings.mediator,
    transfers: settings.paysTo !== '',
    holdDays: settings.holdDays,
    card: (await openFor(db, sellerId))?.isLive ?? false,
    privacy: `${config.baseUrl}/privacy`,
  }
}

/** The terms that count now: the seller's own, else the template's. */
export async function currentTerms(deps: Deps, sellerId: string, lang: Lang): Promise<Terms | null> {
  const facts = await termsFacts(deps, sellerId)
  if (!facts) return null
  const settings = await shopSettings(deps.db, sellerId)
  const own = lang === 'fr' ? settings.termsFr : settings.termsEn
  const body = own || termsFromTemplate(facts, lang)
  const known = await latest(deps.db, sellerId, lang)
  const isKnown = known?.body === body
  return { body, fromTemplate: !own, version: isKnown ? known.version : null, since: isKnown ? known.since : null }
}

/** One text as it was accepted. */
export const termsVersion = (
  db: Db | Tx,
  { sellerId, language, version }: { sellerId: string; language: Lang; version: number },
): Promise<Terms | undefined> =>
  db
    .selectFrom('termsVersions')
    .select(['body', 'fromTemplate', 'version', 'since'])
    .where('sellerId', '=', sellerId)
    .where('language', '=', language)
    .where('version', '=', version)
    .executeTakeFirst()

/** Gives the terms that count now their number, for an order that is placed under them. The same text keeps its number. */
export async function freezeTerms(deps: Deps, sellerId: string, lang: Lang, at: Date): Promise<number> {
  for (;;) {
    const terms = await currentTerms(deps, sellerId, lang)
    if (!terms) throw new Error(`There is no seller ${sellerId}.`)
    if (terms.version !== null) return terms.version
    const before = await latest(deps.db, sellerId, lang)
    // Two who order at once write the same number: one of them finds the other's, and looks again.
    await deps.db
      .insertInto('termsVersions')
      .values({
        ...{ sellerId, language: lang, body: terms.body, fromTemplate: terms.fromTemplate, since: at },
        version: (before?.version ?? 0) + 1,
      })
      .onConflict((conflict) => conflict.columns(['sellerId', 'language', 'version']).doNothing())
      .execute()
  }
}

const latest = (db: Db | Tx, sellerId: string, language: Lang) =>
  db
    .selectFrom('termsVersions')
    .select(['body', 'version', 'since'])
    .where('sellerId', '=', sellerId)
    .where('language', '=', language)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()

/** The numbers under which texts were accepted, the newest first. */
export const termsVersions = (db: Db, sellerId: string) =>
  db
    .selectFrom('termsVersions')
    .select(['language', 'version', 'since'])
    .where('sellerId', '=', sellerId)
    .orderBy('since', 'desc')
    .limit(50)
    .execute()
