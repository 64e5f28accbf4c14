import { setTimeout as sleep } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import type { Platform } from '../../../../platform/platform.ts'
import type { OpenedProvider } from '../../channel.types.ts'
import { HOLD_PATIENCE, type Holding, type HoldPatience, holdAlone, sayProblem } from '../../providers/hold-alone.ts'
import { ENVIRONMENT_MAILBOX } from '../../providers.store.ts'
import { MAILBOX_PATIENCE, type MailboxPatience, openMailbox, problemOf, problemText } from './connect.ts'
import { type MailboxSettings, mailboxSettings } from './settings.ts'
import { beginMailbox, takeNew } from './take.ts'

/** `pollMs`: a server that tells nothing by itself is asked so often. */
export type WatchPatience = HoldPatience & MailboxPatience & { pollMs: number }
const PATIENCE: WatchPatience = { ...HOLD_PATIENCE, ...MAILBOX_PATIENCE, mostRetryMs: 300_000, pollMs: 60_000 }

/** 'IMAP'. */
const LOCK = 0x494d4150

/**
 * Watches every mailbox that is switched on, each by one worker process of all: told by the server (IDLE), and asked once a minute whatever it tells. A
 * connection that ends, hangs or is refused is opened anew, later each time.
 */
export function watchMailboxes(platform: Platform, patience: WatchPatience = PATIENCE): Holding {
  async function live(provider: OpenedProvider, signal: AbortSignal): Promise<void> {
    const { id } = provider
    const settings = mailboxSettings(platform, provider)
    if (!settings) return sayProblem(platform, id, 'other: the settings are not complete')
    let wait = patience.retryMs
    while (!signal.aborted) {
      const opened = await openMailbox(settings, patience)
      if (!opened.ok) {
        platform.log.warn({ provider: id, problem: opened.error }, 'a mailbox could not be opened')
        await sayProblem(platform, id, problemText(opened.error))
      } else {
        const reason = await attend(id, settings, opened.value, signal, () => {
          wait = patience.retryMs
        }).catch((error: unknown) => error)
        if (!signal.aborted) platform.log.warn({ provider: id, err: reason }, 'a mailbox is gone; we come back to it')
        const problem = problemOf(reason)
        // Servers end connections every day; whether they come back is said by the next one.
        if (!signal.aborted && problem.is !== 'away') await sayProblem(platform, id, problemText(problem))
      }
      await sleep(wait, null, { signal, ref: false }).catch(() => undefined)
      wait = Math.min(wait * 2, patience.mostRetryMs)
    }
  }

  /** One connection, until it ends. */
  async function attend(
    providerId: string,
    settings: MailboxSettings,
    client: ImapFlow,
    signal: AbortSignal,
    well: () => void,
  ): Promise<Error> {
    let wake = (): void => undefined
    let news = false
    client.on('exists', () => {
      news = true
      wake()
    })
    client.on('close', () => wake())
    const stop = () => client.close()
    signal.addEventListener('abort', stop)
    const watched = { providerId, settings, client, patience }
    try {
      await beginMailbox(platform, watched, signal)
      while (client.usable && !signal.aborted) {
        news = false
        await takeNew(platform, watched, signal)
        await sayProblem(platform, providerId, null)
        well()
        if (news || !client.usable || signal.aborted) continue
        const over = new AbortController()
        const woken = new Promise<void>((resolve) => {
          wake = resolve
        })
        // Ends by itself when the next command is given.
        void client.idle().catch(() => undefined)
        await Promise.race([woken, sleep(patience.pollMs, null, { signal: over.signal, ref: false }).catch(() => null)])
        over.abort()
      }
      return Object.assign(new Error('the connection ended'), { code: 'EPIPE' })
    } finally {
      signal.removeEventListener('abort', stop)
      client.close()
    }
  }

  const unwanted = platform.config.imapUrl ? [] : [ENVIRONMENT_MAILBOX]
  return holdAlone(platform, { kind: 'imap', lock: LOCK, unwanted, patience, live })
}
