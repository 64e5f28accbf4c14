import type { Platform } from '../../platform/platform.ts'

export type Watcher = { name: string; writing: boolean }

/** Who was there in the last half minute is there. */
const HERE_MS = 30_000

/** Says that somebody has this conversation open. Answers with who else has, and with its last message. */
export async function watch(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { conversationId, by, writing }: { conversationId: string; by: string; writing: boolean },
): Promise<{ others: Watcher[]; lastId: string }> {
  const at = now()
  const row = { seenAt: at, writingAt: writing ? at : null }
  await db
    .insertInto('conversationWatchers')
    .values({ conversationId, accountId: by, ...row })
    .onConflict((conflict) => conflict.columns(['conversationId', 'accountId']).doUpdateSet(row))
    .execute()
  await db
    .deleteFrom('conversationWatchers')
    .where('seenAt', '<', new Date(at.getTime() - 24 * 3_600_000))
    .execute()
  const last = await db
    .selectFrom('conversationMessages')
    .select('id')
    .where('conversationId', '=', conversationId)
    .where('direction', '!=', 'note')
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return { others: await watchers({ db, now }, { conversationId, by }), lastId: last?.id ?? '' }
}

export async function watchers(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { conversationId, by }: { conversationId: string; by: string },
): Promise<Watcher[]> {
  const since = new Date(now().getTime() - HERE_MS)
  const rows = await db
    .selectFrom('conversationWatchers')
    .innerJoin('accounts', 'accounts.id', 'accountId')
    .select(['name', 'writingAt'])
    .where('conversationId', '=', conversationId)
    .where('accountId', '!=', by)
    .where('seenAt', '>', since)
    .orderBy('name')
    .execute()
  return rows.map(({ name, writingAt }) => ({ name, writing: writingAt !== null && writingAt > since }))
}
