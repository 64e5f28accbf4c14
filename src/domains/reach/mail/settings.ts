import { domainToASCII } from 'node:url'
import * as z from 'zod'
import { fail, ok, type Result } from '../../../platform/result.ts'

import { SERVICES, type Service } from './hooks/services.rules.ts'

/** A mail server and how to use it. Each message may take its own name beside the address it is from. */
export type MailSettings = {
  host: string
  port: number
  /** From the first byte (port 465), by STARTTLS or not at all, or by STARTTLS when it is offered. */
  security: 'tls' | 'starttls' | 'any'
  user: string
  password: string
  fromName: string
  fromAddress: string
  /** Where bounces go; the address it is from, unless told. */
  returnPath: string
  /** A return path of its own for each message; some servers take only the bare address. */
  verp: boolean
  connections: number
  /** How long a server may stay silent in the middle of a conversation. */
  timeoutMs: number
  /** Whose service it is, if it tells us what became of messages. */
  service: Service | null
}

const ADDRESS = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~.-]+@[^\s<>@"(),:;\\\p{Cc}[\]]+$/u
export const isMailAddress = (text: string): boolean =>
  text.length <= 254 && ADDRESS.test(text) && domainToASCII(text.slice(text.lastIndexOf('@') + 1)) !== ''

const Stored = z.object({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65535),
  security: z.enum(['tls', 'starttls', 'any']).default('starttls'),
  user: z.string().default(''),
  fromName: z.string().default(''),
  fromAddress: z.string().refine(isMailAddress),
  returnPath: z.string().refine(isMailAddress).optional(),
  verp: z.boolean().default(true),
  connections: z.number().int().min(1).max(50).default(5),
  timeoutMs: z.number().int().min(100).max(600_000).default(180_000),
  service: z.enum(SERVICES).nullable().catch(null).default(null),
})

export type MailSettingsProblem = 'incomplete' | 'return-path'

/**
 * The settings of a stored provider. The return path must lie in the domain that the mail is from, or one above or below it: else SPF says
 * nothing for DMARC.
 */
export function readMailSettings(
  settings: Record<string, unknown>,
  secrets: Record<string, string>,
): Result<MailSettings, MailSettingsProblem> {
  const parsed = Stored.safeParse(settings)
  if (!parsed.success) return fail('incomplete')
  const { returnPath = parsed.data.fromAddress, ...rest } = parsed.data
  if (!aligned(returnPath, rest.fromAddress)) return fail('return-path')
  return ok({ ...rest, returnPath, password: secrets['password'] ?? '' })
}

const domainOf = (address: string) => domainToASCII(address.slice(address.lastIndexOf('@') + 1)).toLowerCase()

function aligned(a: string, b: string): boolean {
  const [one, other] = [`.${domainOf(a)}`, `.${domainOf(b)}`]
  return one.endsWith(other) || other.endsWith(one)
}

/** The server of SMTP_URL and the sender of MAIL_FROM. */
export function settingsOfEnvironment(
  smtpUrl: string,
  mailFrom: string | null,
  baseUrl: string,
  service: Service | null = null,
): MailSettings {
  const url = new URL(smtpUrl)
  const tls = url.protocol === 'smtps:'
  const number = (name: string, otherwise: number) => Number(url.searchParams.get(name)) || otherwise
  const from = mailFrom ?? `no-reply@${new URL(baseUrl).hostname}`
  const [, name = '', address = ''] = from.match(/^\s*"?([^"<]*?)"?\s*<([^<>]+)>\s*$/) ?? ['', '', from.trim()]
  return {
    host: decodeURIComponent(url.hostname.replace(/^\[|\]$/g, '')),
    port: Number(url.port) || (tls ? 465 : 587),
    security: tls ? 'tls' : 'any',
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    fromName: name,
    fromAddress: address,
    returnPath: address,
    verp: url.searchParams.get('verp') !== 'false',
    connections: number('connections', 5),
    timeoutMs: number('timeoutMs', 180_000),
    service,
  }
}
