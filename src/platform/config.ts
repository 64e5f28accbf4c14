import { resolve } from 'node:path'
import * as z from 'zod'
import { Sentence } from './sentence.ts'

/** What the environment says, checked once. The names are a contract with whoever hosts: see docs/decisions. */
export type Config = {
  host: string
  port: number
  dataDir: string
  /** Origin of the studio and of links, without a slash at the end. */
  baseUrl: string
  databaseUrl: string | null
  s3: S3Config | null
  smtpUrl: string | null
  mailFrom: string | null
  /** Where answers by mail come in: an address that takes `name+anything@`, or a domain all of whose mail is ours. */
  mailReplies: string | null
  /** Where mail comes in, from the mail server in front. */
  mailListen: { lmtp: boolean; host: string; port: number } | null
  /** The mailbox of the place, that we watch. */
  imapUrl: string | null
  secretKey: string | null
  trustedProxies: string[]
  /** Serve files through the web server in front: it answers for this internal prefix (nginx `X-Accel-Redirect`). */
  accelPrefix: string | null
  backup: { everyHours: number; keep: number } | null
  /** Encrypts backups, and opens those that are encrypted. */
  backupPassphrase: string | null
  /** Hubs elsewhere that are told when a feed changes (WebSub), beside our own. */
  websubHubs: string[]
  /** How much disk the files that can be made again may take, in bytes. */
  cacheBudget: number
  /** How long what comes in by mail and text is kept as it came. */
  keepReceivedDays: number
  /** Where Stripe's API is, when it is not at Stripe: for tests. Only whoever runs the program says it, since keys are sent there. */
  stripeUrl: string | null
  /** Where the rates of the European Central Bank are, when not at the Bank itself. */
  ecbUrl: string | null
}

export type S3Config = {
  endpoint: string | undefined
  region: string
  bucket: string
  accessKeyId: string
  secretAccessKey: string
  forcePathStyle: boolean
}

const empty = (value: unknown) => (value === '' ? undefined : value)
const optional = <T extends z.ZodType>(type: T) => z.preprocess(empty, type.optional())

const Environment = z.object({
  HOST: optional(z.string()),
  PORT: optional(z.coerce.number().int().min(0).max(65535)),
  DATA_DIR: optional(z.string()),
  BASE_URL: optional(z.url({ protocol: /^https?$/ })),
  DATABASE_URL: optional(z.string().regex(/^postgres(ql)?:\/\//)),
  S3_BUCKET: optional(z.string()),
  S3_ENDPOINT: optional(z.url()),
  S3_REGION: optional(z.string()),
  S3_ACCESS_KEY_ID: optional(z.string()),
  S3_SECRET_ACCESS_KEY: optional(z.string()),
  S3_FORCE_PATH_STYLE: optional(z.enum(['true', 'false'])),
  SMTP_URL: optional(z.string().regex(/^smtps?:\/\//)),
  MAIL_FROM: optional(z.string()),
  MAIL_REPLIES: optional(z.string().regex(/^(?:[^\s@+<>]{1,9}@)?[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i)),
  MAIL_LISTEN: optional(z.string().regex(/^(?:lmtp:|smtp:)?(?:\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i)),
  IMAP_URL: optional(
    z
      .string()
      .regex(/^imaps?:\/\/[^\s@]+@/)
      .refine((text) => URL.canParse(text)),
  ),
  SECRET_KEY: optional(z.string().min(32)),
  TRUSTED_PROXIES: optional(z.string()),
  ACCEL_PREFIX: optional(z.string().startsWith('/')),
  BACKUP_EVERY_HOURS: optional(z.coerce.number().min(1)),
  BACKUP_KEEP: optional(z.coerce.number().int().min(1)),
  BACKUP_PASSPHRASE: optional(z.string().min(12)),
  WEBSUB_HUBS: optional(z.string().regex(/^https?:\/\/[^\s,]+(\s*,\s*https?:\/\/[^\s,]+)*$/)),
  CACHE_BUDGET_GB: optional(z.coerce.number().positive()),
  KEEP_RECEIVED_DAYS: optional(z.coerce.number().int().min(7).max(3650)),
  STRIPE_URL: optional(z.url({ protocol: /^https?$/ })),
  ECB_URL: optional(z.url({ protocol: /^https?$/ })),
})

const EXPECTED: Record<string, string> = {
  PORT: 'a number between 0 and 65535',
  BASE_URL: 'an address such as https://music.example',
  DATABASE_URL: 'an address such as postgres://user:password@host/database',
  S3_ENDPOINT: 'an address such as https://s3.example',
  S3_FORCE_PATH_STYLE: 'true or false',
  SMTP_URL: 'an address such as smtp://user:password@host:587',
  MAIL_REPLIES: 'a domain, or an address with nine letters or fewer before the @',
  MAIL_LISTEN: 'an address such as 127.0.0.1:2525, or lmtp:127.0.0.1:2424',
  IMAP_URL: 'an address such as imaps://user:password@host/INBOX',
  SECRET_KEY: 'at least 32 characters',
  ACCEL_PREFIX: 'a path such as /internal-media/',
  WEBSUB_HUBS: 'addresses such as https://hub.example, separated by commas',
  KEEP_RECEIVED_DAYS: 'a number of days, from 7 to 3650',
  BACKUP_EVERY_HOURS: 'a number of hours, 1 or more',
  BACKUP_KEEP: 'how many backups to keep, 1 or more',
  BACKUP_PASSPHRASE: 'at least 12 characters',
}

/** Reads the configuration from the environment. Throws a {@link Sentence} that names the variable at fault. */
export function readConfig(env: NodeJS.ProcessEnv, cwd: string): Config {
  const parsed = Environment.safeParse(env)
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0])
    throw new Sentence(
      `${name} is set to something that cannot be used: it should be ${EXPECTED[name] ?? 'different'}.`,
    )
  }
  const e = parsed.data
  const port = e.PORT ?? 4000
  return {
    host: e.HOST ?? '0.0.0.0',
    port,
    dataDir: resolve(cwd, e.DATA_DIR ?? 'data'),
    baseUrl: (e.BASE_URL ?? `http://localhost:${port}`).replace(/\/+$/, ''),
    databaseUrl: e.DATABASE_URL ?? null,
    s3: readS3(e),
    smtpUrl: e.SMTP_URL ?? null,
    mailFrom: e.MAIL_FROM ?? null,
    mailReplies: e.MAIL_REPLIES ?? null,
    mailListen: e.MAIL_LISTEN ? readMailListen(e.MAIL_LISTEN) : null,
    imapUrl: e.IMAP_URL ?? null,
    secretKey: e.SECRET_KEY ?? null,
    trustedProxies: (e.TRUSTED_PROXIES ?? '')
      .split(',')
      .map((s) => s.trim())
      .filter(Boolean),
    accelPrefix: e.ACCEL_PREFIX ?? null,
    backup: e.BACKUP_EVERY_HOURS ? { everyHours: e.BACKUP_EVERY_HOURS, keep: e.BACKUP_KEEP ?? 7 } : null,
    backupPassphrase: e.BACKUP_PASSPHRASE ?? null,
    websubHubs: e.WEBSUB_HUBS?.split(/\s*,\s*/) ?? [],
    cacheBudget: (e.CACHE_BUDGET_GB ?? 20) * 1e9,
    keepReceivedDays: e.KEEP_RECEIVED_DAYS ?? 90,
    stripeUrl: e.STRIPE_URL ?? null,
    ecbUrl: e.ECB_URL?.replace(/\/+$/, '') ?? null,
  }
}

function readMailListen(text: string): NonNullable<Config['mailListen']> {
  const [, how, host = '', port] = /^(?:(lmtp|smtp):)?\[?(.+?)\]?:(\d+)$/i.exec(text) ?? []
  return { lmtp: how?.toLowerCase() === 'lmtp', host, port: Number(port) }
}

function readS3(e: z.infer<typeof Environment>): S3Config | null {
  if (!e.S3_BUCKET) {
    const other = Object.entries(e).find(([name, value]) => name.startsWith('S3_') && value !== undefined)
    if (other)
      throw new Sentence(`${other[0]} is set but S3_BUCKET is not: name the bucket, or remove the S3_ variables.`)
    return null
  }
  if (!e.S3_ACCESS_KEY_ID || !e.S3_SECRET_ACCESS_KEY)
    throw new Sentence('S3_BUCKET needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY beside it.')
  return {
    endpoint: e.S3_ENDPOINT,
    region: e.S3_REGION ?? 'us-east-1',
    bucket: e.S3_BUCKET,
    accessKeyId: e.S3_ACCESS_KEY_ID,
    secretAccessKey: e.S3_SECRET_ACCESS_KEY,
    forcePathStyle: (e.S3_FORCE_PATH_STYLE ?? (e.S3_ENDPOINT ? 'true' : 'false')) === 'true',
  }
}
