import type { Lang } from '../../../platform/i18n/index.ts'
import type { Channel } from '../../fans/index.ts'
import { StoredMailbox } from '../mail/mailbox/settings.ts'
import { readMailSettings } from '../mail/settings.ts'
import { AndroidSettings } from '../providers/android/settings.ts'
import { SmppSettings } from '../providers/smpp/settings.ts'
import { TwilioSettings } from '../providers/twilio/settings.ts'
import { channelsWords } from '../words.ts'

export const KINDS = ['smtp', 'imap', 'smpp', 'twilio', 'android'] as const
export type Kind = (typeof KINDS)[number]
export const isKind = (text: string): text is Kind => (KINDS as readonly string[]).includes(text)

const SHOWN = [
  'host',
  'port',
  'security',
  'user',
  'password',
  'fromName',
  'fromAddress',
  'returnPath',
  'tls',
  'systemId',
] as const
const MORE = [
  'from',
  'accountSid',
  'authToken',
  'mode',
  'url',
  'username',
  'signingKey',
  'country',
  'folder',
  'moveTo',
  'address',
  'plus',
] as const
export type FieldName = (typeof SHOWN)[number] | (typeof MORE)[number]

export type KindField = {
  name: FieldName
  is?: 'secret' | 'number' | 'yes' | 'choice'
  options?: readonly ('tls' | 'starttls' | 'any' | 'local' | 'cloud')[]
  /** What stands there before anybody wrote anything. */
  first?: string
  optional?: boolean
}

/** What each kind of provider is asked for, in the order of its form. */
export const FIELDS: Record<Kind, KindField[]> = {
  smtp: [
    { name: 'host' },
    { name: 'port', is: 'number', first: '587' },
    { name: 'security', is: 'choice', options: ['starttls', 'tls', 'any'], first: 'starttls' },
    { name: 'user', optional: true },
    { name: 'password', is: 'secret', optional: true },
    { name: 'fromAddress' },
    { name: 'fromName', optional: true },
    { name: 'returnPath', optional: true },
  ],
  imap: [
    { name: 'host' },
    { name: 'port', is: 'number', first: '993' },
    { name: 'security', is: 'choice', options: ['tls', 'starttls', 'any'], first: 'tls' },
    { name: 'user' },
    { name: 'password', is: 'secret' },
    { name: 'folder', first: 'INBOX' },
    { name: 'address', optional: true },
    { name: 'plus', is: 'yes' },
    { name: 'moveTo', optional: true },
  ],
  smpp: [
    { name: 'host' },
    { name: 'port', is: 'number', first: '2775' },
    { name: 'tls', is: 'yes' },
    { name: 'systemId' },
    { name: 'password', is: 'secret' },
    { name: 'from' },
  ],
  twilio: [{ name: 'accountSid' }, { name: 'authToken', is: 'secret' }, { name: 'from' }],
  android: [
    { name: 'mode', is: 'choice', options: ['cloud', 'local'], first: 'cloud' },
    { name: 'url', first: 'https://api.sms-gate.app/3rdparty/v1' },
    { name: 'username' },
    { name: 'password', is: 'secret' },
    { name: 'signingKey', is: 'secret' },
    { name: 'country', optional: true },
  ],
}

export const channelOf = (kind: Kind): Channel => (kind === 'smtp' || kind === 'imap' ? 'mail' : 'sms')

const SCHEMAS = { imap: StoredMailbox, smpp: SmppSettings, twilio: TwilioSettings, android: AndroidSettings }

export type ProviderForm = Record<string, string>
type ReadForm = {
  settings: Record<string, unknown>
  secrets: Record<string, string>
  errors: Record<string, string>
  moved: boolean
}

/** Left empty, what was there before is gone. */
const CAN_BE_EMPTIED: FieldName[] = ['user', 'fromName', 'address', 'moveTo']

/** Where a secret goes to, and whether others can read it on the way. */
const WHERE: FieldName[] = ['host', 'url', 'tls', 'security']

/**
 * What was written into the form of a kind. `known`: the settings of one that is there already, whose secrets may stay unsaid; but nobody
 * sends a secret that they do not know to a server that they name.
 */
export function readProviderForm(
  kind: Kind,
  form: ProviderForm,
  known: Record<string, unknown> | null,
  lang: Lang,
): ReadForm {
  const t = channelsWords(lang)
  const errors: Record<string, string> = {}
  const settings: Record<string, unknown> = {}
  const secrets: Record<string, string> = {}
  const moved =
    !known ||
    FIELDS[kind].some(
      ({ name, is }) =>
        WHERE.includes(name) &&
        (is === 'yes'
          ? Boolean(known[name]) !== (form[name] === 'on')
          : String(known[name] ?? '') !== (form[name] ?? '')),
    )
  for (const { name, is, optional } of FIELDS[kind]) {
    const value = form[name] ?? ''
    if (is === 'secret') {
      if (value) secrets[name] = value
      else if (moved && (!optional || form['user'])) errors[name] = t(known ? 'error_moved' : 'error_missing')
    } else if (is === 'yes') settings[name] = value === 'on'
    else if (!value && !optional) errors[name] = t('error_missing')
    else if (is === 'number') settings[name] = Number(value)
    else if (name === 'country') settings[name] = value ? value.toUpperCase() : null
    else if (value || CAN_BE_EMPTIED.includes(name)) settings[name] = value
  }
  if (Object.keys(errors).length > 0) return { settings, secrets, errors, moved }
  if (kind === 'smtp') {
    // Left empty, bounces come back to the address that the mail is from.
    settings['returnPath'] ??= settings['fromAddress']
    const read = readMailSettings(settings, {})
    if (!read.ok && read.error === 'return-path') errors['returnPath'] = t('error_return_path')
    else if (!read.ok) errors[''] = t('error_mail')
    return { settings, secrets, errors, moved }
  }
  for (const { path } of SCHEMAS[kind].safeParse(settings).error?.issues ?? [])
    errors[String(path[0])] = t('error_value')
  return { settings, secrets, errors, moved }
}

/** What its form shows of a provider: never a secret. */
export const formOf = (kind: Kind, name: string, settings: Record<string, unknown>): ProviderForm => ({
  name,
  ...Object.fromEntries(
    FIELDS[kind].map(({ name: field, is, first = '' }) => {
      const value = settings[field]
      if (is === 'secret') return [field, '']
      return [field, is === 'yes' ? (value ? 'on' : '') : String(value ?? first)]
    }),
  ),
})
