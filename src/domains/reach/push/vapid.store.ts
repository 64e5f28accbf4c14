import '../tables.ts'
import webpush from 'web-push'
import type { Platform } from '../../../platform/platform.ts'
import { addProvider } from '../providers.store.ts'

/** The public key by which browsers know this place (RFC 8292), made with its private half the first time that it is asked for. */
export async function pushKey({ db, sealer }: Pick<Platform, 'db' | 'sealer'>): Promise<string> {
  const known = await knownKey(db)
  if (known) return known
  const { publicKey, privateKey } = webpush.generateVAPIDKeys()
  await addProvider(db, sealer, {
    channel: 'push',
    kind: 'vapid',
    name: '',
    settings: { publicKey },
    secrets: { privateKey },
  }).catch((error: { code?: string }) => {
    // Another process made them in this moment.
    if (error.code !== '23505') throw error
  })
  return (await knownKey(db)) ?? publicKey
}

async function knownKey(db: Platform['db']): Promise<string | null> {
  const row = await db.selectFrom('providers').select('settings').where('kind', '=', 'vapid').executeTakeFirst()
  const key = row?.settings['publicKey']
  return typeof key === 'string' ? key : null
}
