import * as z from 'zod'

/** What is kept of an account with Twilio, or with one that speaks as Twilio does. The secret is `authToken`. */
export const TwilioSettings = z.object({
  url: z.url({ protocol: /^https?$/ }).default('https://api.twilio.com'),
  accountSid: z.string().regex(/^AC[0-9a-zA-Z]+$/),
  /** A number, a name, or a messaging service (`MG…`). */
  from: z.string().min(1),
})
