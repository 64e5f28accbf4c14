import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { createArtist, createLabel } from '../artists.store.ts'
import { type Artist, type Label, labelById } from '../artists.views.ts'
import { audit } from '../audit.ts'
import { inviteIn } from '../people/invite.ts'
import { grantIn } from '../people/mandates.ts'
import { type Actor, MANDATE_PERMISSIONS } from '../rights.rules.ts'

type Deps = Pick<Platform, 'db' | 'now'>

export type Charge = { who: 'me' } | { who: 'later' } | { who: 'mail'; email: string }

/**
 * Makes an artist. For a label it comes with a mandate for everything, which the artist, once they have come and answer for
 * themself, may take back: what a label made can be handed over.
 */
export async function makeArtist(
  { db, now }: Deps,
  actor: Actor,
  input: { name: string; language: Lang; timeZone?: string | null; charge: Charge; labelId: string | null },
): Promise<Artist> {
  const { name, language, timeZone = null, charge, labelId } = input
  return db.transaction().execute(async (tx) => {
    const artist = await createArtist(tx, {
      name,
      language,
      timeZone,
      ownerId: charge.who === 'me' ? actor.accountId : null,
    })
    await audit(tx, { accountId: actor.accountId, action: 'artist.make', artistId: artist.id, labelId, subject: name })
    const label = labelId && (await labelById(tx, labelId))
    if (label) {
      const grant = { artistId: artist.id, labelId: label.id, permissions: [...MANDATE_PERMISSIONS], endsAt: null }
      await grantIn(tx, actor, grant, label.name, now())
    }
    if (charge.who === 'mail')
      await inviteIn(tx, actor, { kind: 'artist', id: artist.id }, { email: charge.email, role: 'artist', language })
    return artist
  })
}

export async function makeLabel(
  { db }: Deps,
  actor: Actor,
  input: { name: string; language: Lang; timeZone: string | null; charge: Charge },
): Promise<Label> {
  const { name, language, timeZone, charge } = input
  return db.transaction().execute(async (tx) => {
    const label = await createLabel(tx, {
      name,
      language,
      timeZone,
      ownerId: charge.who === 'me' ? actor.accountId : null,
    })
    await audit(tx, { accountId: actor.accountId, action: 'label.make', labelId: label.id, subject: name })
    if (charge.who === 'mail')
      await inviteIn(
        tx,
        actor,
        { kind: 'label', id: label.id },
        { email: charge.email, role: 'label_manager', language },
      )
    return label
  })
}
