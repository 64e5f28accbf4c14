import type { Platform } from '../../../platform/platform.ts'
import type { Handed, OpenChannel, Outcome } from '../channel.types.ts'

/** Mail while no server is named: by whatever the place sends its own letters with, which prints them for the person who hosts. */
export const printingChannel = ({ mailer }: Pick<Platform, 'mailer'>): OpenChannel => ({
  batch: 20,
  lanes: 1,
  hand: async (batch) => Promise.all(batch.map((one) => print(mailer, one))),
  close: async () => undefined,
})

async function print(mailer: Platform['mailer'], { address, message, deliveryId }: Handed): Promise<Outcome> {
  const { subject = '', text, html, headers } = message
  try {
    await mailer.send({ to: address, subject, text, ...(html && { html }), ...(headers && { headers }) })
    return { is: 'handed', ref: `printed-${deliveryId}` }
  } catch (error) {
    return { is: 'later', problem: error instanceof Error ? error.message : String(error), holds: 'provider' }
  }
}
