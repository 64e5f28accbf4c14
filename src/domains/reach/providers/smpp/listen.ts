import { setTimeout as sleep } from 'node:timers/promises'
import type { Platform } from '../../../../platform/platform.ts'
import type { OpenedProvider } from '../../channel.types.ts'
import { HOLD_PATIENCE, type HoldPatience, holdAlone, sayProblem } from '../hold-alone.ts'
import { takeLink } from './link.ts'

export type Listening = {
  /** The providers that this process hears now. */
  readonly hearing: string[]
  close(): Promise<void>
}

/** 'SMPP'. */
const LOCK = 0x534d5050

/**
 * Keeps one session with each SMPP network that is switched on, though nothing leaves: what fans write and the receipts of yesterday come in by it. Of all worker
 * processes one hears each network. A changed provider is heard anew.
 */
export function listenToNetworks(platform: Platform, patience: HoldPatience = HOLD_PATIENCE): Listening {
  const hearing = new Set<string>()

  /** One session after the other, until it is no longer wanted. */
  async function live(provider: OpenedProvider, signal: AbortSignal): Promise<void> {
    const { id } = provider
    const link = takeLink(platform, provider)
    const stopped = new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('stopped')))
    let wait = patience.retryMs
    try {
      while (!signal.aborted) {
        const opened = await link.session()
        await sayProblem(platform, id, opened.ok ? null : opened.error.problem)
        if (opened.ok) {
          wait = patience.retryMs
          hearing.add(id)
          const reason = await Promise.race([opened.value.ended, stopped])
          hearing.delete(id)
          if (!signal.aborted)
            platform.log.warn({ provider: id, reason }, 'a network of text messages is gone; we come back to it')
        }
        await sleep(wait, null, { signal, ref: false }).catch(() => undefined)
        wait = Math.min(wait * 2, patience.mostRetryMs)
      }
    } finally {
      link.release()
    }
  }

  const holding = holdAlone(platform, { kind: 'smpp', lock: LOCK, patience, live })
  return {
    get hearing() {
      return [...hearing]
    },
    close: () => holding.close(),
  }
}
