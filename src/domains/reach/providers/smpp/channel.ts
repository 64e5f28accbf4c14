import { setTimeout as sleep } from 'node:timers/promises'
import type { Platform } from '../../../../platform/platform.ts'
import type { ChannelKind, Handed, HandOptions, Outcome } from '../../channel.types.ts'
import { keepParts } from '../../receipts.store.ts'
import { takeLink } from './link.ts'
import { STATUS, smppAddress, writeSubmit } from './pdu.ts'
import { refKey } from './receipt.rules.ts'
import { type Answer, hex, isTemporary, type SmppSession } from './session.ts'
import type { SmppSettings } from './settings.ts'
import { type SubmitPart, submitParts } from './text.rules.ts'

/** A message of more parts is no text message any more. */
const MOST_PARTS = 20
/** A message of which a part was taken is not given back: its other parts are tried for so long. */
const PERSIST_MS = 60_000
/** So many parts of the window go their own ways, so that it stays full while one of them is written down. */
const LANES = 5
/** How long a network rests that says that it has enough. */
const REST_MS = 2_000

/** Text messages over SMPP 3.4. */
export const smppChannel: ChannelKind = {
  async open(platform, provider) {
    const link = takeLink(platform, provider)
    const { settings } = link
    return {
      // What a crash can leave uncertain is the window, and no more.
      batch: Math.max(1, Math.floor(settings.window / LANES)),
      lanes: Math.min(LANES, settings.window),
      async hand(batch, options) {
        const opened = await link.session()
        if (!opened.ok) return batch.map(() => ({ is: 'later', problem: opened.error.problem, holds: 'provider' }))
        const hand = handingTo(platform, opened.value, provider.id, settings, options)
        return Promise.all(batch.map(hand))
      },
      close: async () => link.release(),
    }
  },
}

function handingTo(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  session: SmppSession,
  providerId: string,
  settings: SmppSettings,
  limits: HandOptions,
): (message: Handed, at: number) => Promise<Outcome> {
  const source = smppAddress(settings.from)
  const validSeconds = settings.validHours === null ? null : settings.validHours * 3600

  return async ({ deliveryId, address, message }, at) => {
    const parts = submitParts(message.text, deliveryId & 0xff, settings.alphabet)
    if (parts.length > MOST_PARTS) return { is: 'refused', problem: `${parts.length} parts` }
    const destination = smppAddress(address)
    const submit = (part: SubmitPart, within: HandOptions) =>
      session.submit(writeSubmit({ source, destination, validSeconds, ...part }), within)

    const first = await submit(parts[0] as SubmitPart, limits)
    if (first.is !== 'answered' || first.status !== STATUS.ok) return outcomeOf(first, session, limits, now)
    const refs = [refOf(first.messageId, deliveryId, 1)]
    // Receipts of parts are put together in the database.
    if (parts.length === 1) limits.named?.(at, refs[0] as string)
    for (const part of parts.slice(1)) {
      const answer = await persist(part, submit)
      const which = `part ${refs.length + 1} of ${parts.length}`
      if (answer.is !== 'answered') return { is: 'unknown', problem: `${which}: ${answer.reason}` }
      if (isTemporary(answer.status)) return { is: 'unknown', problem: `${which}: ${hex(answer.status)}` }
      if (answer.status !== STATUS.ok) return { is: 'refused', problem: `${which}: ${hex(answer.status)}` }
      refs.push(refOf(answer.messageId, deliveryId, refs.length + 1))
    }
    const [ref = ''] = refs
    if (refs.length === 1) return { is: 'handed', ref }
    await keepParts(db, providerId, deliveryId, refs)
    return { is: 'handed', ref: `${ref}+${refs.length - 1}` }
  }
}

/** Some networks take a message without giving it a name. */
const refOf = (messageId: string, deliveryId: number, part: number) => refKey(messageId || `-${deliveryId}.${part}`)

/** The rest of a message that has begun goes on through a stop and past a throttle, as long as the session lives. */
async function persist(
  part: SubmitPart,
  submit: (part: SubmitPart, within: HandOptions) => Promise<Answer>,
): Promise<Answer> {
  const beginBefore = new Date(Date.now() + PERSIST_MS)
  for (;;) {
    const answer = await submit(part, { beginBefore, signal: new AbortController().signal })
    if (answer.is !== 'answered' || !isTemporary(answer.status) || Date.now() > beginBefore.getTime()) return answer
    await sleep(200)
  }
}

function outcomeOf(answer: Answer, session: SmppSession, { signal }: HandOptions, now: () => Date): Outcome {
  if (answer.is === 'lost') return { is: 'unknown', problem: answer.reason }
  if (answer.is === 'unsent')
    return session.isOpen || signal.aborted
      ? { is: 'untouched' }
      : { is: 'later', problem: answer.reason, holds: 'provider' }
  const problem = hex(answer.status)
  if (answer.status === STATUS.throttled || answer.status === STATUS.queueFull)
    return { is: 'later', problem, at: new Date(now().getTime() + REST_MS), holds: 'provider' }
  return isTemporary(answer.status) ? { is: 'later', problem } : { is: 'refused', problem }
}
