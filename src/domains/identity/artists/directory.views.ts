import type { Db } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { imageUrl } from '../../../platform/images/index.ts'
import type { MandatePermission } from '../rights.rules.ts'

export type Directory = {
  artists: { id: string; name: string; slug: string; people: string[]; labels: string[] }[]
  labels: { id: string; name: string; slug: string; people: string[] }[]
}

/** Every artist and label of the place, with who answers for each. */
export async function directory(db: Db): Promise<Directory> {
  const [artists, labels, people, mandates] = await Promise.all([
    db.selectFrom('artists').select(['id', 'name', 'slug']).where('goesAt', 'is', null).orderBy('sortName').execute(),
    db.selectFrom('labels').select(['id', 'name', 'slug']).where('goesAt', 'is', null).orderBy('name').execute(),
    db
      .selectFrom('memberships')
      .innerJoin('accounts', 'accounts.id', 'memberships.accountId')
      .select(['artistId', 'labelId', 'accounts.name', 'email'])
      .where('role', '!=', 'editor')
      .orderBy('memberships.createdAt')
      .execute(),
    db
      .selectFrom('livingMandates')
      .innerJoin('labels', 'labels.id', 'livingMandates.labelId')
      .select(['artistId', 'labels.name'])
      .execute(),
  ])
  const named = ({ name, email }: { name: string; email: string }) => name || email
  return {
    artists: artists.map((artist) => ({
      ...artist,
      people: people.filter((one) => one.artistId === artist.id).map(named),
      labels: mandates.filter((one) => one.artistId === artist.id).map((one) => one.name),
    })),
    labels: labels.map((label) => ({
      ...label,
      people: people.filter((one) => one.labelId === label.id).map(named),
    })),
  }
}

export type RosterLine = {
  id: string
  artistId: string
  name: string
  slug: string
  permissions: MandatePermission[]
  endsAt: Date | null
  /** Where its last day is counted: the artist's. */
  timeZone: string | null
  language: Lang
  vacant: boolean
}

/** The artists that gave this label a mandate, what each allows, and whether somebody answers for them yet. */
export async function roster(db: Db, labelId: string): Promise<RosterLine[]> {
  const rows = await db
    .selectFrom('mandates')
    .innerJoin('livingMandates', 'livingMandates.id', 'mandates.id')
    .innerJoin('artists', 'artists.id', 'mandates.artistId')
    .leftJoin('memberships', (join) =>
      join.onRef('memberships.artistId', '=', 'artists.id').on('memberships.role', '=', 'artist'),
    )
    .select([
      'mandates.id',
      'mandates.artistId',
      'artists.name',
      'artists.slug',
      'mandates.permissions',
      'mandates.endsAt',
    ])
    .select(['artists.timeZone', 'artists.language'])
    .select((row) => row.fn.count<number>('memberships.id').as('answering'))
    .where('mandates.labelId', '=', labelId)
    .groupBy(['mandates.id', 'artists.id'])
    .orderBy('artists.sortName')
    .execute()
  return rows.map(({ answering, ...line }) => ({ ...line, vacant: Number(answering) === 0 }))
}

export type AskedLine = { id: string; name: string; askedAt: Date }

/** The artists whom this label asked for a mandate, and who have not answered. */
export const askedBy = (db: Db, labelId: string): Promise<AskedLine[]> =>
  db
    .selectFrom('mandateRequests')
    .innerJoin('artists', 'artists.id', 'mandateRequests.artistId')
    .select(['mandateRequests.id', 'artists.name', 'askedAt'])
    .where('labelId', '=', labelId)
    .where('settledAt', 'is', null)
    .where('artists.goesAt', 'is', null)
    .orderBy('artists.sortName')
    .execute()

export type ShownPicture = { src: string; width: number; height: number }

/** The smallest rendition of a picture that a form can show. */
export async function pictureFor(db: Db, imageId: string | null): Promise<ShownPicture | null> {
  if (!imageId) return null
  const image = await db
    .selectFrom('images')
    .select(['sha256', 'width', 'height', 'widths'])
    .where('id', '=', imageId)
    .executeTakeFirst()
  const shown = image?.widths.find((one) => one >= 320) ?? image?.widths.at(-1)
  if (!image || !shown) return null
  return {
    src: imageUrl(image.sha256, shown, 'jpg'),
    width: shown,
    height: Math.round((image.height * shown) / image.width),
  }
}
