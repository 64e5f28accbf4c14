import * as z from 'zod'
import type { Platform } from '../../../../platform/platform.ts'
import type { OpenedProvider } from '../../channel.types.ts'
import { ENVIRONMENT_MAILBOX } from '../../providers.store.ts'
import { isMailAddress } from '../settings.ts'

/** A mailbox on somebody's mail server, and how to read it. The secret is `password`. */
export type MailboxSettings = {
  host: string
  port: number
  security: 'tls' | 'starttls' | 'any'
  user: string
  password: string
  folder: string
  /** Where messages go once they are taken; they stay where they are unless told. */
  moveTo: string | null
  /** What people write to, to reach it. */
  address: string | null
  /** It takes `name+anything@` as well. */
  plus: boolean
}

const Stored = z.object({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65535).default(993),
  security: z.enum(['tls', 'starttls', 'any']).default('tls'),
  user: z.string().min(1),
  folder: z.string().min(1).max(500).default('INBOX'),
  moveTo: z.string().max(500).default(''),
  address: z.union([z.literal(''), z.string().refine(isMailAddress)]).default(''),
  plus: z.boolean().default(false),
})
/** What the form of the studio is checked against. */
export const StoredMailbox = Stored

/** The settings of a watched mailbox, of the environment or of the studio; null when there are none that could be used. */
export function mailboxSettings(
  { config }: Pick<Platform, 'config'>,
  { id, settings, secrets }: Pick<OpenedProvider, 'id' | 'settings' | 'secrets'>,
): MailboxSettings | null {
  if (id === ENVIRONMENT_MAILBOX) return config.imapUrl ? mailboxOfEnvironment(config.imapUrl) : null
  const read = Stored.safeParse(settings)
  if (!read.success) return null
  const { moveTo, address, user, ...rest } = read.data
  return {
    ...rest,
    user,
    password: secrets['password'] ?? '',
    moveTo: moveTo || null,
    address: addressOf(address, user),
  }
}

const addressOf = (address: string, user: string) => address || (isMailAddress(user) ? user : null)

/** `imaps://user:password@host:993/Folder?move=Done&address=me@music.example&plus=true`. */
function mailboxOfEnvironment(text: string): MailboxSettings {
  const url = new URL(text)
  const tls = url.protocol === 'imaps:'
  const user = decodeURIComponent(url.username)
  return {
    host: decodeURIComponent(url.hostname.replace(/^\[|\]$/g, '')),
    port: Number(url.port) || (tls ? 993 : 143),
    security: tls ? 'tls' : url.searchParams.get('starttls') === 'required' ? 'starttls' : 'any',
    user,
    password: decodeURIComponent(url.password),
    folder: decodeURIComponent(url.pathname.replace(/^\//, '')) || 'INBOX',
    moveTo: url.searchParams.get('move') || null,
    address: addressOf(url.searchParams.get('address') ?? '', user),
    plus: url.searchParams.get('plus') === 'true',
  }
}
