import type { ChannelKind, Handed, Outcome } from '../channel.types.ts'

export type FakeChannel = ChannelKind & {
  /** Everything that was handed over, in order, taken or not. */
  taken: Handed[]
  /** How often it was opened, and closed. */
  opened: number
  closed: number
}

/** A channel that keeps what it is given: `answer` says what becomes of each message, handed over by default. */
export function fakeChannel({
  answer = ({ deliveryId }: Handed): Outcome | Promise<Outcome> => ({ is: 'handed', ref: `fake-${deliveryId}` }),
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
        hand: (messages, { signal }) =>
          Promise.all(
            messages.map(async (message): Promise<Outcome> => {
              if (signal.aborted) return { is: 'untouched' }
              fake.taken.push(message)
              return answer(message)
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
