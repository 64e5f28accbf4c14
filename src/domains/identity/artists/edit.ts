import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { Result } from '../../../platform/result.ts'
import { audit } from '../audit.ts'
import type { Actor } from '../rights.rules.ts'
import { renameSlug, type SlugError, type SlugOwner } from '../slugs.store.ts'
import type { Link } from '../tables.ts'

type Deps = Pick<Platform, 'db'>

/** `imageId`: a new picture, null to take it away, undefined to leave it. */
export type ArtistEdit = {
  name: string
  sortName: string
  biography: string
  places: string[]
  links: Link[]
  language: Lang
  timeZone: string | null
  imageId?: string | null
}

export async function editArtist({ db }: Deps, actor: Actor, id: string, edit: ArtistEdit): Promise<void> {
  const { imageId, links, ...rest } = edit
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('artists')
      .set({ ...rest, links: JSON.stringify(links), ...(imageId !== undefined && { portraitImageId: imageId }) })
      .where('id', '=', id)
      .execute()
    await audit(tx, { accountId: actor.accountId, action: 'artist.edit', artistId: id, subject: edit.name })
  })
}

export type LabelEdit = {
  name: string
  description: string
  links: Link[]
  language: Lang
  timeZone: string | null
  imageId?: string | null
}

export async function editLabel({ db }: Deps, actor: Actor, id: string, edit: LabelEdit): Promise<void> {
  const { imageId, links, ...rest } = edit
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('labels')
      .set({ ...rest, links: JSON.stringify(links), ...(imageId !== undefined && { imageId }) })
      .where('id', '=', id)
      .execute()
    await audit(tx, { accountId: actor.accountId, action: 'label.edit', labelId: id, subject: edit.name })
  })
}

/** Gives the page another address; the one it had leads on to it. */
export async function moveAddress(
  { db }: Deps,
  actor: Actor,
  owner: SlugOwner,
  wanted: string,
): Promise<Result<string, SlugError>> {
  return db.transaction().execute(async (tx) => {
    const moved = await renameSlug(tx, owner, wanted)
    if (moved.ok)
      await audit(tx, {
        accountId: actor.accountId,
        action: 'artistId' in owner ? 'artist.address' : 'label.address',
        ...owner,
        subject: moved.value,
      })
    return moved
  })
}
