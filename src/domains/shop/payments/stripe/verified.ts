/** A telling that was listened to may not be repeated for ever; clocks differ a little. */
const TOLERANCE_SECONDS = 300

/** Whether one of the secrets signed exactly these octets, not long ago: `t=…,v1=HMAC-SHA-256 of "t.octets"`, as Stripe's own library reads it. */
export async function verified(raw: Buffer, header: string, secrets: string[], at: Date): Promise<boolean> {
  const { default: Stripe } = await import('stripe')
  return secrets.some((secret) => {
    try {
      Stripe.webhooks.signature?.verifyHeader(raw, header, secret, TOLERANCE_SECONDS, undefined as never, at.getTime())
      return Stripe.webhooks.signature !== null
    } catch {
      return false
    }
  })
}
