import type { Db, Tx } from '../../../platform/database/index.ts'
import type { Role } from '../rights.rules.ts'

export type AccountPageData = {
  name: string
  passkeys: { id: string; name: string; createdAt: Date; lastUsedAt: Date | null }[]
  sessions: { id: string; device: string; createdAt: Date; seenAt: Date }[]
  work: { id: string; name: string; role: Role; kind: 'artist' | 'label' }[]
}

/** Everything that the account page shows. */
export async function accountPage(db: Db, accountId: string, now: Date): Promise<AccountPageData> {
  const [account, passkeys, sessions, work] = await Promise.all([
    db.selectFrom('accounts').select('name').where('id', '=', accountId).executeTakeFirstOrThrow(),
    db
      .selectFrom('passkeys')
      .select(['id', 'name', 'createdAt', 'lastUsedAt'])
      .where('accountId', '=', accountId)
      .orderBy('createdAt')
      .execute(),
    db
      .selectFrom('sessions')
      .select(['id', 'device', 'createdAt', 'seenAt'])
      .where('accountId', '=', accountId)
      .where('expiresAt', '>', now)
      .orderBy('seenAt', 'desc')
      .execute(),
    workOf(db, accountId),
  ])
  return { name: account.name, passkeys, sessions, work }
}

async function workOf(db: Db, accountId: string): Promise<AccountPageData['work']> {
  const rows = await db
    .selectFrom('memberships')
    .leftJoin('artists', 'artists.id', 'memberships.artistId')
    .leftJoin('labels', 'labels.id', 'memberships.labelId')
    .select(['memberships.id', 'role', 'artists.name as artist', 'labels.name as label'])
    .where('accountId', '=', accountId)
    .orderBy('memberships.createdAt')
    .execute()
  return rows.map(({ id, role, artist, label }) => ({
    id,
    role,
    name: artist ?? label ?? '',
    kind: artist === null ? 'label' : 'artist',
  }))
}

export type Charge = { kind: 'artist' | 'label'; id: string; name: string }

/** What this person alone answers for; what is on its way out needs nobody. */
export async function soleCharges(db: Db | Tx, accountId: string): Promise<Charge[]> {
  const rows = await db
    .selectFrom('memberships')
    .leftJoin('artists', 'artists.id', 'memberships.artistId')
    .leftJoin('labels', 'labels.id', 'memberships.labelId')
    .select(['artistId', 'labelId', 'artists.name as artist', 'labels.name as label'])
    .where('accountId', '=', accountId)
    .where('role', '!=', 'editor')
    .where('artists.goesAt', 'is', null)
    .where('labels.goesAt', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('memberships as other')
            .select('other.id')
            .whereRef('other.role', '=', 'memberships.role')
            .whereRef('other.accountId', '!=', 'memberships.accountId')
            .where((eb) =>
              eb.or([
                eb('other.artistId', '=', eb.ref('memberships.artistId')),
                eb('other.labelId', '=', eb.ref('memberships.labelId')),
              ]),
            ),
        ),
      ),
    )
    .execute()
  return rows.map(({ artistId, labelId, artist, label }) => ({
    kind: artistId ? 'artist' : 'label',
    id: artistId ?? labelId ?? '',
    name: artist ?? label ?? '',
  }))
}

export async function isOnlyHost(db: Db | Tx, accountId: string): Promise<boolean> {
  const hosts = await db
    .selectFrom('accounts')
    .select('id')
    .where('isHost', '=', true)
    .where('disabledAt', 'is', null)
    .execute()
  return hosts.length === 1 && hosts[0]?.id === accountId
}
