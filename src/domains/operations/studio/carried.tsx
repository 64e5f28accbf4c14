import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { CarriedOn, type Subject, spreadAcross } from '../../exchange/index.ts'
import { can, type WebEnv } from '../../identity/index.ts'
import type { Operation } from '../read-operations.ts'
import { words } from '../words.ts'

/**
 * How far an operation was carried from one person to the next: by whom it brought, how many each brought on average, and how sure that is. Over the gift that it is itself
 * and what was given within it (`within`). Null for a draft, and for who may not see what came back.
 */
export async function carriedOn(
  c: Context<WebEnv>,
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { id, artistId, state, timeZone }: Operation,
  within: readonly Subject[] = [],
): Promise<Child> {
  if (state === 'draft' || !can(c.get('actor'), 'returns.see', { kind: 'artist', artistId })) return null
  const found = await spreadAcross(db, artistId, [`operation:${id}`, ...within], now())
  if (!found) return null
  const { lang } = c.get('page')
  const t = words(lang)
  const { spread, readAt, isOld, giftId } = found
  if (isOld) await addJob(db, 'exchange.read', { giftId }, { key: `exchange.read ${giftId}` })
  return (
    <>
      {spread && <CarriedOn lang={lang} spread={spread} />}
      {!spread && <p class="quiet">{t('carried_soon')}</p>}
      {readAt && <p class="quiet">{t('carried_at', { at: formats(lang).dateTime(readAt, timeZone) })}</p>}
      <p>
        <a href={`/studio/returns/${giftId}`}>{t('carried_more')}</a>
      </p>
    </>
  )
}
