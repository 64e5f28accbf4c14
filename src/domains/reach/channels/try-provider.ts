import '../tables.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { Handed, Outcome, Parts } from '../channel.types.ts'
import { registerAndroid } from '../providers/android/register.ts'
import { openProvider } from '../providers.store.ts'
import { channelsWords } from '../words.ts'

/** A page waits for the answer: a server that is silent so long is one that does not answer. */
const PATIENCE = { timeoutMs: 15_000, answerSeconds: 15 }
const BEGIN_WITHIN_MS = 20_000

export type Trial = { address: string; domain: string; language: Lang }

/**
 * Sends one message by a provider, now, whatever else waits; says what became of it. It is written down before, as what nobody knows the
 * end of, for a process may die in the middle.
 */
export async function tryProvider(
  platform: Platform,
  parts: Parts,
  providerId: string,
  { address, domain, language }: Trial,
): Promise<Outcome> {
  const { db, sealer, now, config } = platform
  const provider = await openProvider(db, sealer, providerId, { evenOff: true })
  const kind = provider && parts.channels[provider.kind]
  if (!provider || !kind) return { is: 'refused', problem: 'There is no such provider.' }
  const t = channelsWords(language)
  const message = { subject: t('try_subject'), text: t('try_message', { address: config.baseUrl }) }
  const row = {
    kind: 'notice',
    artistId: provider.artistId,
    labelId: provider.labelId,
    channel: provider.channel,
    address,
    domain,
    language,
  } as const
  const { id } = await db
    .insertInto('deliveries')
    .values({
      ...row,
      announcementId: null,
      fanId: null,
      addressId: null,
      message: JSON.stringify(message),
      state: 'uncertain',
      dueAt: now(),
      providerId,
      providerRef: null,
      attempts: 1,
      holder: null,
      problem: 'interrupted',
      digestId: null,
      once: null,
      handingAt: now(),
      handedAt: null,
      settledAt: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const handed: Handed = {
    ...row,
    deliveryId: id,
    announcementId: null,
    fanId: null,
    keys: null,
    attempt: 1,
    senderName: null,
    message,
  }
  const outcome = await handAlone()
  await db
    .updateTable('deliveries')
    .set({
      state: outcome.is === 'handed' ? 'handed' : outcome.is === 'unknown' ? 'uncertain' : 'failed',
      providerRef: outcome.is === 'handed' ? outcome.ref : null,
      problem: 'problem' in outcome ? outcome.problem : null,
      ...(outcome.is === 'handed' && { handedAt: now() }),
      ...(outcome.is !== 'unknown' && outcome.is !== 'handed' && { settledAt: now() }),
    })
    .where('id', '=', id)
    // A receipt may have been quicker.
    .where('state', '=', 'uncertain')
    .execute()
  await db
    .updateTable('providers')
    .set({ triedAt: now(), problem: outcome.is === 'handed' ? null : 'problem' in outcome ? outcome.problem : '' })
    .where('id', '=', providerId)
    .execute()
  return outcome

  async function handAlone(): Promise<Outcome> {
    if (!provider || !kind) return { is: 'untouched' }
    if (provider.kind === 'android') {
      // The telephone must know where to say what comes in.
      const registered = await registerAndroid(platform, provider).catch((error: Error) => ({
        ok: false as const,
        error: error.message,
      }))
      if (!registered.ok) return { is: 'refused', problem: registered.error }
    }
    try {
      const settings = { ...provider.settings, ...PATIENCE }
      const channel = await kind.open(platform, { ...provider, settings })
      try {
        const beginBefore = new Date(Date.now() + BEGIN_WITHIN_MS)
        const [outcome] = await channel.hand([handed], { beginBefore, signal: AbortSignal.timeout(60_000) })
        return outcome ?? { is: 'untouched' }
      } finally {
        await channel.close()
      }
    } catch (error) {
      return { is: 'unknown', problem: error instanceof Error ? error.message : String(error) }
    }
  }
}
