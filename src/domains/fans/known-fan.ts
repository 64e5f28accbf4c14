import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Db, Tx } from '../../platform/database/index.ts'
import { isId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'

/** A fan who proved an address once, with the browser that they use now. */
export type KnownFan = { fanId: string; personId: string; addressId: string; addressKey: string }

const COOKIE = 'takes-part'
const SECONDS = 180 * 24 * 3600

async function fanAt(db: Db | Tx, addressId: string): Promise<KnownFan | null> {
  const row = await db
    .selectFrom('fanAddresses')
    .innerJoin('fans', 'fans.id', 'fanAddresses.fanId')
    .select(['fans.id as fanId', 'fans.personId', 'fanAddresses.id as addressId', 'fanAddresses.addressKey'])
    .where('fanAddresses.id', '=', addressId)
    .where('fanAddresses.removedAt', 'is', null)
    .where('fanAddresses.verifiedAt', 'is not', null)
    .executeTakeFirst()
  return row ?? null
}

/** The fan whom this browser is known to be, unless they gave another address (`key`) than theirs. */
export async function knownFan(
  c: Context<WebEnv>,
  { db, signer }: Pick<Platform, 'db' | 'signer'>,
  key: string | null,
): Promise<KnownFan | null> {
  const [addressId = '', signature = ''] = (getCookie(c, COOKIE) ?? '').split('.')
  if (!isId(addressId) || !signer.verify('takes-part', addressId, signature)) return null
  const fan = await fanAt(db, addressId)
  return fan && (key === null || fan.addressKey === key) ? fan : null
}

/** They need not prove it again with this browser. */
export const rememberFan = (c: Context<WebEnv>, { signer }: Pick<Platform, 'signer'>, addressId: string): void =>
  setCookie(c, COOKIE, `${addressId}.${signer.sign('takes-part', addressId)}`, {
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.get('https'),
    path: '/',
    maxAge: SECONDS,
  })
