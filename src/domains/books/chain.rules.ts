type Entry = {
  id: string
  key: string
  kind: string
  bookedOn: string
  reference: string
  note: string
  reverses: string | null
  recordedAt: Date
}
type Line = {
  position: number
  kind: string
  of: string
  amount: number
  currency: string
  baseAmount: number
  subject: string | null
  country: string | null
  quantity: number | null
  earnedOn: string | null
}

/** An entry as one text that no two different entries share: what the chain is made of. Its form never changes. */
export const chainText = (entry: Entry, lines: Line[]): string =>
  JSON.stringify([
    ...[entry.id, entry.key, entry.kind, entry.bookedOn, entry.reference, entry.note, entry.reverses],
    entry.recordedAt.toISOString(),
    lines.map((line) => [
      ...[line.position, line.kind, line.of, line.amount, line.currency, line.baseAmount],
      ...[line.subject, line.country, line.quantity, line.earnedOn],
    ]),
  ])
