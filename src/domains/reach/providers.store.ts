import './tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/database/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Channel } from '../fans/index.ts'
import type { OpenedProvider } from './channel.types.ts'
import type { ProviderKind } from './tables.ts'

/** The provider of SMTP_URL: laid by the migration. */
export const ENVIRONMENT_PROVIDER = '00000000-0000-7000-8000-00000000005e'
/** The mailbox of IMAP_URL: laid by a migration as well. */
export const ENVIRONMENT_MAILBOX = '00000000-0000-7000-8000-00000000005f'

export type NewProvider = {
  artistId?: string | null
  labelId?: string | null
  channel: Channel
  kind: ProviderKind
  name: string
  settings: Record<string, unknown>
  secrets: Record<string, string>
}

const purpose = (id: string) => `provider:${id}`

/** Keeps a provider, its secrets sealed. */
export async function addProvider(
  tx: Db | Tx,
  sealer: Platform['sealer'],
  { secrets, settings, artistId = null, labelId = null, ...rest }: NewProvider,
): Promise<string> {
  const id = newId()
  await tx
    .insertInto('providers')
    .values({
      ...rest,
      id,
      artistId,
      labelId,
      settings: JSON.stringify(settings),
      secrets: sealer.seal(purpose(id), JSON.stringify(secrets)),
      triedAt: null,
      problem: null,
    })
    .execute()
  return id
}

/** Keeps what was changed of it. What is not said stays as it is; but when it is somewhere else now, its old secrets are forgotten. */
export async function changeProvider(
  tx: Tx,
  sealer: Platform['sealer'],
  id: string,
  { name, settings, secrets, moved }: Pick<NewProvider, 'name' | 'settings' | 'secrets'> & { moved: boolean },
): Promise<void> {
  const row = await tx
    .selectFrom('providers')
    .select(['settings', 'secrets'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const opened = row.secrets && sealer.unseal(purpose(id), row.secrets)
  const before = opened ? (JSON.parse(opened) as Record<string, string>) : {}
  // The key of a service's reports is told to nobody, wherever messages leave by.
  const { hookKey } = before
  const kept = { ...(moved ? hookKey && { hookKey } : before), ...secrets }
  await tx
    .updateTable('providers')
    .set({
      name,
      settings: JSON.stringify({ ...row.settings, ...settings }),
      secrets: sealer.seal(purpose(id), JSON.stringify(kept)),
    })
    .where('id', '=', id)
    .execute()
}

/** A provider with its secrets; null when there is none, or it is switched off. Sealed under another key, its secrets are empty. */
export async function openProvider(
  db: Db | Tx,
  sealer: Platform['sealer'],
  id: string,
  { evenOff = false } = {},
): Promise<OpenedProvider | null> {
  const row = await db
    .selectFrom('providers')
    .select(['id', 'channel', 'kind', 'artistId', 'labelId', 'name', 'settings', 'secrets', 'isEnabled'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row || !(row.isEnabled || evenOff)) return null
  const opened = row.secrets && sealer.unseal(purpose(id), row.secrets)
  const { isEnabled: _, ...rest } = row
  return { ...rest, secrets: opened ? JSON.parse(opened) : {} }
}

/**
 * By which provider a message of an artist or label leaves on a channel: their own, else that of a label with a mandate from the artist, else the place's;
 * the server of the environment comes last. Null when there is none.
 */
export async function providerFor(
  db: Db | Tx,
  channel: Channel,
  { artistId, labelId }: { artistId: string | null; labelId: string | null },
): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select p.id from providers p
    where p.channel = ${channel} and p.kind <> 'imap' and p.is_enabled and (
      p.artist_id = ${artistId}::uuid or p.label_id = ${labelId}::uuid
      or p.label_id in (select m.label_id from living_mandates m where m.artist_id = ${artistId}::uuid)
      or (p.artist_id is null and p.label_id is null))
    order by p.artist_id is null, p.label_id is distinct from ${labelId}::uuid, p.label_id is null, p.id = ${ENVIRONMENT_PROVIDER}::uuid, p.created_at
    limit 1`.execute(db)
  return rows[0]?.id ?? null
}

/** Whether anybody carries their messages on a channel. Without a mail server of its own a place prints its letters; what goes to fans waits for one. */
export async function canSend(
  { db, mailer }: Pick<Platform, 'db' | 'mailer'>,
  channel: Channel,
  whose: { artistId: string | null; labelId: string | null },
): Promise<boolean> {
  const provider = await providerFor(db, channel, whose)
  return provider !== null && (provider !== ENVIRONMENT_PROVIDER || mailer.real)
}
