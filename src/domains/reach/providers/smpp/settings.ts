import * as z from 'zod'
import type { OpenedProvider } from '../../channel.types.ts'
import type { SessionSettings } from './session.ts'

const MOST_WINDOW = 200

/** What is kept of an SMPP provider. */
export const SmppSettings = z.object({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65535).default(2775),
  tls: z.boolean().default(false),
  /** A certificate authority of the network's own, as PEM. */
  ca: z.string().optional(),
  systemId: z.string(),
  systemType: z.string().default(''),
  /** The number or name that messages come from. */
  from: z.string().min(1),
  window: z.number().int().min(1).max(MOST_WINDOW).default(10),
  alphabet: z.enum(['gsm7', 'latin1']).default('gsm7'),
  receiptIds: z.enum(['same', 'receipt-decimal', 'receipt-hex']).default('same'),
  validHours: z.number().int().min(1).max(720).nullable().default(24),
  answerSeconds: z.number().positive().default(30),
  enquireSeconds: z.number().positive().default(30),
  throttleSeconds: z.number().positive().default(1),
})
export type SmppSettings = z.infer<typeof SmppSettings>

export const sessionSettings = (
  { host, port, tls, ca, systemId, systemType, window, ...seconds }: SmppSettings,
  { secrets }: Pick<OpenedProvider, 'secrets'>,
): SessionSettings => ({
  host,
  port,
  tls,
  ...(ca !== undefined && { ca }),
  systemId,
  systemType,
  password: secrets['password'] ?? '',
  window,
  answerMs: seconds.answerSeconds * 1000,
  enquireMs: seconds.enquireSeconds * 1000,
  throttleMs: seconds.throttleSeconds * 1000,
})
