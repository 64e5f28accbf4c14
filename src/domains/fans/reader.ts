import type { Context } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'
import { speak } from './joining.routes.tsx'
import { readToken } from './links.ts'
import { type Preferences, preferencesOf } from './preferences.views.ts'

/** Who reads the address that the link of this request (`/fan/:token`) was made for; their language becomes the page's. Null when it leads to nobody. */
export async function readerHere(
  c: Context<WebEnv>,
  { db, signer, now }: Pick<Platform, 'db' | 'signer' | 'now'>,
): Promise<{ addressId: string; fan: Preferences; path: string } | null> {
  const token = c.req.param('token') ?? ''
  const addressId = readToken(signer, 'fan', token)
  const fan = addressId && (await preferencesOf(db, addressId, now()))
  if (!addressId || !fan) return null
  speak(c, fan.language)
  return { addressId, fan, path: `/fan/${token}` }
}
