import * as z from 'zod'

/**
 * What is kept of a telephone with the app SMS Gateway for Android (android-sms-gateway). Secrets: `password`, and `signingKey`, which the app
 * shows under Settings, Webhooks.
 */
export const AndroidSettings = z.object({
  /** 'local': the telephone itself, at `url`. 'cloud': by a server that it calls, the public one or one's own. */
  mode: z.enum(['local', 'cloud']),
  url: z.url({ protocol: /^https?$/ }).default('https://api.sms-gate.app/3rdparty/v1'),
  username: z.string().min(1),
  /** Which SIM card, from 1; the app's own choice unless told. */
  sim: z.number().int().min(1).max(3).nullable().default(null),
  validHours: z.number().int().min(1).max(720).default(24),
  /** Where numbers without a prefix are from: some telephones say the sender that way. */
  country: z.string().length(2).nullable().default(null),
})
export type AndroidSettings = z.infer<typeof AndroidSettings>

/** The API of the telephone itself names one message, that of the server several. */
export const messagesAt = ({ mode, url }: AndroidSettings): string =>
  `${url.replace(/\/+$/, '')}/${mode === 'local' ? 'message' : 'messages'}`
