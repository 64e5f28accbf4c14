import { newToken } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { hashOf } from '../../platform/signing.ts'

type Deps = Pick<Platform, 'db' | 'config' | 'now'>

/** The one-time set-up link while this place has no owner, else null. Each call makes the earlier links void. */
export async function setUpLink({ db, config, now }: Deps): Promise<string | null> {
  const owner = await db.selectFrom('accounts').select('id').where('isHost', '=', true).limit(1).executeTakeFirst()
  if (owner) return null
  const token = newToken()
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('signInLinks').where('purpose', '=', 'set-up').execute()
    await tx
      .insertInto('signInLinks')
      .values({
        tokenHash: hashOf(token),
        purpose: 'set-up',
        email: null,
        next: null,
        grants: null,
        usedAt: null,
        expiresAt: inHours(now(), 24 * 7),
      })
      .execute()
  })
  return `${config.baseUrl}/studio/enter/${token}`
}

/** A link that lets this address in as an owner, once, within a day: for whoever can run commands on the machine. */
export async function recoveryLink({ db, config, now }: Deps, email: string): Promise<string> {
  const token = newToken()
  await db
    .insertInto('signInLinks')
    .values({
      tokenHash: hashOf(token),
      purpose: 'recovery',
      email,
      next: null,
      grants: null,
      usedAt: null,
      expiresAt: inHours(now(), 24),
    })
    .execute()
  return `${config.baseUrl}/studio/enter/${token}`
}

const inHours = (from: Date, hours: number) => new Date(from.getTime() + hours * 3_600_000)
