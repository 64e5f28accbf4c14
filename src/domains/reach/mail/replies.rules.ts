import type { Outcome } from '../channel.types.ts'

/** What a server said to one message, or how the conversation ended. */
export type Said =
  | { is: 'taken'; reply: string; ref: string | null }
  /** An answer of 400 or more, to the sender's address, the recipient's, or the message. */
  | { is: 'refused'; to: 'sender' | 'recipient' | 'content'; code: number; reply: string }
  /** The connection ended, or the server fell silent. `dotSent`: the message was whole by then. */
  | { is: 'cut'; reason: string; dotSent: boolean }
  /** Nobody to speak to. */
  | { is: 'away'; reason: string }

/** RFC 3463: there is no such mailbox or domain, it moved, or it is closed. Full mailboxes and policies are about the day. */
const DEAD = /\b5\.(?:1\.(?:[1236]|10)|2\.1)\b/
const OTHER = /\b5\.\d{1,3}\.\d{1,3}\b/
/** RFC 3463, 3.8: security or policy. */
const POLICY = /\b5\.7\.\d{1,3}\b/
/** Servers without such codes say it in words. */
const DEAD_IN_WORDS =
  /\b(?:user|mailbox|recipient|address|account)\b.{0,40}\b(?:unknown|not found|does(?:n't| not) exist|invalid|disabled|unavailable|no longer)|\b(?:no such|unknown|invalid) (?:user|mailbox|recipient|address|account)/i

/** Whether a refusal says that the address itself is dead. */
export function isDead(code: number, reply: string): boolean {
  if (![550, 551, 553, 556].includes(code)) return false
  return DEAD.test(reply) || (!OTHER.test(reply) && DEAD_IN_WORDS.test(reply))
}

/** What a server said, as what becomes of the delivery. */
export function outcomeOf(said: Said, messageId: string): Outcome {
  switch (said.is) {
    case 'taken':
      return { is: 'handed', ref: said.ref ?? messageId }
    case 'away':
      return { is: 'later', problem: said.reason, holds: 'provider' }
    case 'cut':
      return said.dotSent
        ? { is: 'unknown', problem: said.reason }
        : // Part of a message is no message: it may be sent again.
          { is: 'later', problem: said.reason }
    case 'refused': {
      const { to, code, reply } = said
      // Whoever does not take us as the sender says nothing about the recipient.
      if (to === 'sender') return { is: 'later', problem: reply, holds: 'provider' }
      if (code < 500) return { is: 'later', problem: reply, holds: code === 421 ? 'provider' : 'domain' }
      if (isDead(code, reply)) return { is: 'refused', problem: reply, suppress: 'hard-bounce' }
      return { is: 'refused', problem: reply, ...(POLICY.test(reply) && { policy: true as const }) }
    }
  }
}
