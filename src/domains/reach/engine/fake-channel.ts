import type { ChannelKind, Handed, Outcome } from '../channel.types.ts'

export type FakeChannel = ChannelKind & {
  /** Everything that was handed over, in order, taken or not. */
  taken: Handed[]
  /** How often it was opened, and closed. */
  opened: number
  closed: number
}

/** A channel that keeps what it is given: `answer` says what becomes of each message, handed over by default, and may call `named` before it does. */
export function fakeChannel({
  answer = ({ deliveryId }: Handed, _named: (ref: string) => void): Outcome | Promise<Outcome> => ({
    is: 'handed',
    ref: `fake-${deliveryId}`,
  }),
  batch = 10,
  lanes = 2,
} = {}): FakeChannel {
  const fake: FakeChannel = {
    taken: [],
    opened: 0,
    closed: 0,
    async open() {
      fake.opened++
      return {
        batch,
        lanes,
        hand: (messages, { signal, named }) =>
          Promise.all(
            messages.map(async (message, at): Promise<Outcome> => {
              if (signal.aborted) return { is: 'untouched' }
              fake.taken.push(message)
              return answer(message, (ref) => named?.(at, ref))
            }),
          ),
        async close() {
          fake.closed++
        },
      }
    },
  }
  return fake
}
