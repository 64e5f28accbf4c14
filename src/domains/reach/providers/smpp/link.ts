import type { Platform } from '../../../../platform/platform.ts'
import { fail, type Result } from '../../../../platform/result.ts'
import type { OpenedProvider } from '../../channel.types.ts'
import { hearing } from './hear.ts'
import { openSession, type SessionProblem, type SmppSession } from './session.ts'
import { SmppSettings, sessionSettings } from './settings.ts'

/** A network that may be spoken to and listened to by several in this process, over one session: networks allow few. */
export type SmppLink = {
  settings: SmppSettings
  /** The session that is open, or a new one. */
  session(): Promise<Result<SmppSession, SessionProblem>>
  /** Closed some time after the last has let go. */
  release(): void
}

type Held = {
  said: string
  users: number
  session: SmppSession | null
  opening: Promise<Result<SmppSession, SessionProblem>> | null
  idle: NodeJS.Timeout | null
}

const IDLE_MS = 10_000

/** For each platform of this process (tests have several), by provider. */
const links = new WeakMap<object, Map<string, Held>>()

function linksOf(platform: Platform): Map<string, Held> {
  const known = links.get(platform.db)
  if (known) return known
  const made = new Map<string, Held>()
  links.set(platform.db, made)
  platform.beforeClosing(async () => {
    await Promise.all([...made.values()].map(closeHeld))
    made.clear()
  })
  return made
}

const closeHeld = async (held: Held): Promise<void> => {
  if (held.idle) clearTimeout(held.idle)
  await held.opening
  await held.session?.close()
}

/** Takes part in the link to a provider. One whose settings were changed since is a new link; the old one ends. */
export function takeLink(platform: Platform, provider: OpenedProvider): SmppLink {
  const known = linksOf(platform)
  const parsed = SmppSettings.safeParse(provider.settings)
  const settings = parsed.success ? parsed.data : null
  const said = JSON.stringify([provider.settings, provider.secrets])
  const before = known.get(provider.id)
  if (before && before.said !== said) {
    known.delete(provider.id)
    void closeHeld(before)
  }
  const held: Held = known.get(provider.id) ?? { said, users: 0, session: null, opening: null, idle: null }
  known.set(provider.id, held)
  held.users++
  if (held.idle) clearTimeout(held.idle)
  held.idle = null

  async function open(using: SmppSettings): Promise<Result<SmppSession, SessionProblem>> {
    const opened = await openSession(sessionSettings(using, provider), hearing(platform, provider.id, using))
    held.session = opened.ok ? opened.value : null
    held.opening = null
    return opened
  }

  let released = false
  return {
    settings: settings ?? SmppSettings.parse({ host: '-', systemId: '', from: '-' }),
    session() {
      if (!settings) return Promise.resolve(fail({ problem: 'the settings are not complete', status: null }))
      if (held.session?.isOpen) return Promise.resolve({ ok: true, value: held.session })
      held.opening ??= open(settings)
      return held.opening
    },
    release() {
      if (released) return
      released = true
      held.users--
      if (held.users > 0) return
      held.idle = setTimeout(() => {
        if (known.get(provider.id) === held) known.delete(provider.id)
        void closeHeld(held)
      }, IDLE_MS).unref()
    },
  }
}
