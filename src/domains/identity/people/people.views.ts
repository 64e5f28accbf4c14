import type { Db, Tx } from '../../../platform/database/index.ts'
import { type Place, placeColumns } from '../members.store.ts'
import type { MandatePermission, Role } from '../rights.rules.ts'
import { lastDayOf } from './mandates.ts'

export type PlaceFacts = Place & { name: string; slug: string }

/** An artist or a label by its id, as a place that people work for. */
export async function placeOf(db: Db | Tx, place: Place): Promise<PlaceFacts | null> {
  const found = await db
    .selectFrom(place.kind === 'artist' ? 'artists' : 'labels')
    .select(['name', 'slug'])
    .where('id', '=', place.id)
    .executeTakeFirst()
  return found ? { ...place, ...found } : null
}

type Asked<T> = T & {
  id: string
  labelId: string
  label: string
  permissions: MandatePermission[]
  lastDay: string | null
}

export type PeoplePageData = {
  place: PlaceFacts
  members: { id: string; accountId: string; name: string; email: string; role: Role }[]
  invitations: { id: string; email: string; role: Role; createdAt: Date }[]
  /** Of an artist: labels with a mandate in force, and those that might get one. */
  mandates: Asked<{ grantedAt: Date }>[]
  /** What labels ask for, and wait for an answer. */
  requests: Asked<{ message: string }>[]
  labels: { id: string; name: string }[]
}

export async function peoplePage(db: Db, place: PlaceFacts): Promise<PeoplePageData> {
  const { artistId, labelId } = placeColumns(place)
  const [members, invitations, mandates, requests, labels] = await Promise.all([
    db
      .selectFrom('memberships')
      .innerJoin('accounts', 'accounts.id', 'memberships.accountId')
      .select(['memberships.id', 'accountId', 'accounts.name', 'email', 'role'])
      .where('artistId', artistId ? '=' : 'is', artistId)
      .where('labelId', labelId ? '=' : 'is', labelId)
      .orderBy('memberships.createdAt')
      .execute(),
    db
      .selectFrom('invitations')
      .select(['id', 'email', 'role', 'createdAt'])
      .where('artistId', artistId ? '=' : 'is', artistId)
      .where('labelId', labelId ? '=' : 'is', labelId)
      .where('acceptedAt', 'is', null)
      .where('withdrawnAt', 'is', null)
      .orderBy('createdAt')
      .execute(),
    artistId ? mandatesOf(db, artistId) : [],
    artistId ? openRequests(db, artistId) : [],
    artistId
      ? db.selectFrom('labels').select(['id', 'name']).where('goesAt', 'is', null).orderBy('name').execute()
      : [],
  ])
  return { place, members, invitations, mandates, requests, labels }
}

async function mandatesOf(db: Db, artistId: string): Promise<PeoplePageData['mandates']> {
  const rows = await db
    .selectFrom('livingMandates')
    .innerJoin('labels', 'labels.id', 'livingMandates.labelId')
    .innerJoin('artists', 'artists.id', 'livingMandates.artistId')
    .select(['livingMandates.id', 'labelId', 'labels.name as label', 'permissions', 'grantedAt', 'endsAt'])
    .select(['artists.timeZone', 'artists.language'])
    .where('artistId', '=', artistId)
    .orderBy('labels.name')
    .execute()
  return rows.map(({ endsAt, timeZone, language, ...row }) => ({
    ...row,
    lastDay: endsAt && lastDayOf(endsAt, { timeZone, language }),
  }))
}

/** What labels ask an artist for, and wait to be told. */
export const openRequests = (db: Db, artistId: string): Promise<PeoplePageData['requests']> =>
  db
    .selectFrom('mandateRequests')
    .innerJoin('labels', 'labels.id', 'mandateRequests.labelId')
    .select(['mandateRequests.id', 'labelId', 'labels.name as label', 'permissions', 'lastDay', 'message'])
    .where('artistId', '=', artistId)
    .where('settledAt', 'is', null)
    .where('labels.goesAt', 'is', null)
    .orderBy('askedAt')
    .execute()
