import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Artist, Label } from './artists.views.ts'
import { claimSlug } from './slugs.store.ts'
import { sortNameOf } from './sort-name.rules.ts'

export type NewArtist = {
  name: string
  language?: Lang
  /** Where their days begin, when it is known. */
  timeZone?: string | null
  /**
   * Who becomes its artist: an account, or null for nobody. When it is not said, the first host does, so that what a command
   * of the machine made can be worked on in the studio.
   */
  ownerId?: string | null
}

/** Makes an artist with an address of their own. */
export async function createArtist(tx: Tx, { name, language, timeZone = null, ownerId }: NewArtist): Promise<Artist> {
  const id = newId()
  const slug = await claimSlug(tx, name, { artistId: id })
  const artist = await tx
    .insertInto('artists')
    .values({
      id,
      slug,
      name,
      sortName: sortNameOf(name),
      portraitImageId: null,
      timeZone,
      ...(language && { language }),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  const owner = ownerId === undefined ? await firstHost(tx) : ownerId
  if (owner) await addMembership(tx, { accountId: owner, artistId: id, labelId: null, role: 'artist' })
  return artist
}

export type NewLabel = { name: string; language?: Lang; timeZone?: string | null; ownerId: string | null }

export async function createLabel(tx: Tx, { name, language, timeZone = null, ownerId }: NewLabel): Promise<Label> {
  const id = newId()
  const slug = await claimSlug(tx, name, { labelId: id })
  const label = await tx
    .insertInto('labels')
    .values({ id, slug, name, imageId: null, timeZone, ...(language && { language }) })
    .returningAll()
    .executeTakeFirstOrThrow()
  if (ownerId) await addMembership(tx, { accountId: ownerId, artistId: null, labelId: id, role: 'label_manager' })
  return label
}

type Membership = {
  accountId: string
  artistId: string | null
  labelId: string | null
  role: 'artist' | 'editor' | 'label_manager'
}

/** A person has one role for one artist or label. Who answers for an artist keeps that, whatever is given besides. */
export async function addMembership(tx: Tx, membership: Membership): Promise<void> {
  await tx
    .insertInto('memberships')
    .values({ id: newId(), ...membership })
    .onConflict((conflict) =>
      conflict
        .columns(['accountId', 'artistId', 'labelId'])
        .doUpdateSet({ role: membership.role })
        .where('memberships.role', '!=', 'artist'),
    )
    .execute()
}

async function firstHost(tx: Tx): Promise<string | null> {
  const host = await tx
    .selectFrom('accounts')
    .select('id')
    .where('isHost', '=', true)
    .where('disabledAt', 'is', null)
    .orderBy('createdAt')
    .executeTakeFirst()
  return host?.id ?? null
}
