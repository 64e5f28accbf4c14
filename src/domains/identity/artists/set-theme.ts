import type { Platform } from '../../../platform/platform.ts'
import { audit } from '../audit.ts'
import type { Actor } from '../rights.rules.ts'
import type { ThemeChoice } from '../tables.ts'

/** Settles how an artist's pages look; an empty choice leaves it to the sleeves. */
export async function setArtistTheme(
  { db }: Pick<Platform, 'db'>,
  actor: Actor,
  artist: { id: string; name: string },
  theme: ThemeChoice,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('artists')
      .set({ theme: JSON.stringify(theme) })
      .where('id', '=', artist.id)
      .execute()
    await audit(tx, { accountId: actor.accountId, action: 'artist.theme', artistId: artist.id, subject: artist.name })
  })
}
