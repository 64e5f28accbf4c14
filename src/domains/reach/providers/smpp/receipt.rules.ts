/**
 * Delivery receipts: what became of a message that the network took. They come in TLVs (SMPP 3.4, 5.3.2.12 and 5.3.2.35), or as a text that
 * appendix B only recommends, so that every network writes it a little differently.
 */

export type Receipt = {
  ref: string
  /** Null: it is still on its way. */
  settled: 'delivered' | 'bounced' | null
  /** In the network's own word, with its error if it says one: 'UNDELIV 006'. */
  problem: string | null
}

/** How the network writes in a receipt what it called the message when it took it. */
export type IdForm = 'same' | 'receipt-decimal' | 'receipt-hex'

/** message_state (5.2.28), and the words of appendix B. */
const STATES: Record<number, string> = {
  1: 'ENROUTE',
  2: 'DELIVRD',
  3: 'EXPIRED',
  4: 'DELETED',
  5: 'UNDELIV',
  6: 'ACCEPTD',
  7: 'UNKNOWN',
  8: 'REJECTD',
}
const DEAD = ['EXPIRED', 'DELETED', 'UNDELIV', 'REJECTD']

/** Whether an esm_class says that this is a receipt (5.2.12), or a report from halfway. */
export const isReceipt = (esmClass: number): boolean => [0x04, 0x20].includes(esmClass & 0x3c)

/** Null when nobody can tell of which message it speaks. */
export function readReceipt(
  text: string,
  {
    receiptedId,
    messageState,
    networkError,
  }: { receiptedId: string | null; messageState: number | null; networkError: string | null },
  form: IdForm = 'same',
): Receipt | null {
  const written = /\bid:\s*(\S+)/i.exec(text)?.[1] ?? null
  const id = receiptedId ?? written
  if (!id) return null
  const word = (STATES[messageState ?? -1] ?? /\bstat:\s*([A-Z]+)/i.exec(text)?.[1] ?? 'UNKNOWN')
    .toUpperCase()
    .slice(0, 7)
  const error = /\berr:\s*(\S+)/i.exec(text)?.[1] ?? networkError
  const settled = word === 'DELIVRD' ? 'delivered' : DEAD.includes(word) ? 'bounced' : null
  // The TLV writes the id as the answer did; only the text has habits of its own.
  const ref = receiptedId ?? (form === 'same' ? id : asGiven(id, form))
  return { ref, settled, problem: settled === 'bounced' ? [word, error].filter(Boolean).join(' ') : null }
}

/** The id as the answer had it. What is no number is left as it is. */
function asGiven(id: string, form: Exclude<IdForm, 'same'>): string {
  if (form === 'receipt-decimal') return /^\d+$/.test(id) ? BigInt(id).toString(16) : id
  return /^[\da-f]+$/i.test(id) ? BigInt(`0x${id}`).toString(10) : id
}

/** One spelling for ids that are compared: leading zeros and the case of hexadecimal digits mean nothing. */
export const refKey = (id: string): string => (/^[\da-f]+$/i.test(id) ? id.toLowerCase().replace(/^0+(?=.)/, '') : id)
