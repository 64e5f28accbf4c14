import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { createArtist } from '../../identity/index.ts'
import type { Parts } from '../channel.types.ts'
import { addProvider } from '../providers.store.ts'
import type { DeliverContext } from './deliver.ts'
import { type FakeChannel, fakeChannel } from './fake-channel.ts'

export const context = (worker = 'here', signal = new AbortController().signal): DeliverContext => ({ worker, signal })

/** An artist with a provider of their own, whose channel is the fake one. */
export async function artistWithProvider(
  { db, sealer }: Pick<Platform, 'db' | 'sealer'>,
  { settings = {} as Record<string, unknown>, fake = fakeChannel() as FakeChannel } = {},
) {
  const { id: artistId } = await db.transaction().execute((tx) => createArtist(tx, { name: `Artist ${newId()}` }))
  const providerId = await addProvider(db, sealer, {
    artistId,
    channel: 'mail',
    kind: 'smtp',
    name: 'Fake',
    settings,
    secrets: { password: 'open sesame' },
  })
  const parts: Parts = {
    channels: { smtp: fake },
    compose:
      async (_, { language }) =>
      ({ name }) => ({ subject: `Hello ${name}`, text: `In ${language}` }),
  }
  return { artistId, providerId, parts, fake }
}

export async function states(
  { pool }: Pick<Platform, 'pool'>,
  announcementId: string,
): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from deliveries where announcement_id = $1 group by state',
    [announcementId],
  )
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}
