import { newToken } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { ok, type Result } from '../../../platform/result.ts'
import type { ChannelKind, Handed, OpenChannel, OpenedProvider, Outcome } from '../channel.types.ts'
import { ENVIRONMENT_PROVIDER } from '../providers.store.ts'
import { keyName } from './dkim.ts'
import { isService, POSTMARK_METADATA, type Service } from './hooks/services.rules.ts'
import type { Letter } from './letter.ts'
import { answersTo, type WatchedAddress, watchedAddresses } from './mailbox/reply-to.ts'
import { printingChannel } from './print.ts'
import { outcomeOf } from './replies.rules.ts'
import { keysFor, type SendingKeys } from './sending-domains.store.ts'
import {
  isMailAddress,
  type MailSettings,
  type MailSettingsProblem,
  readMailSettings,
  settingsOfEnvironment,
} from './settings.ts'
import { writeLetters } from './signing-threads.ts'
import { connect } from './smtp-connection.ts'
import { openPool, type Pool } from './smtp-pool.ts'
import { deliveryToken, returnPathFor } from './token.rules.ts'

/** Mail over any SMTP server; as long as none is named, as the place's own letters. */
export const mailChannel: ChannelKind = {
  async open(platform, provider) {
    const read = settingsFor(platform, provider)
    if (read === null) return printingChannel(platform)
    if (!read.ok) return closedChannel(`The settings of this mail server cannot be used: ${read.error}.`)
    const settings = read.value
    let keys: SendingKeys | null
    try {
      keys = await keysFor(platform, settings.fromAddress, provider)
    } catch (error) {
      return closedChannel(error instanceof Error ? error.message : String(error))
    }
    return openSmtp(platform, settings, keys, await watchedAddresses(platform))
  },
}

function settingsFor(
  { config }: Pick<Platform, 'config'>,
  { id, settings, secrets }: OpenedProvider,
): Result<MailSettings, MailSettingsProblem> | null {
  if (id !== ENVIRONMENT_PROVIDER) return readMailSettings(settings, secrets)
  return config.smtpUrl
    ? ok(settingsOfEnvironment(config.smtpUrl, config.mailFrom, config.baseUrl, serviceOf(settings)))
    : null
}

const serviceOf = ({ service }: Record<string, unknown>) => (isService(service) ? service : null)

/** Takes nothing, for a reason that the person who set it up can mend. */
const closedChannel = (problem: string): OpenChannel => ({
  batch: 1,
  lanes: 1,
  hand: async (batch) => batch.map(() => ({ is: 'later', problem, holds: 'provider' })),
  close: async () => undefined,
})

const LETTERS_PER_CONNECTION = 5

function openSmtp(
  platform: Platform,
  settings: MailSettings,
  keys: SendingKeys | null,
  watched: WatchedAddress[],
): OpenChannel {
  const helloAs = new URL(platform.config.baseUrl).hostname
  const pool = openPool(() => connect(settings, helloAs), settings.connections)
  // One server out of many takes no sender but the bare address: found out by the first message.
  const sender = { verp: settings.verp }
  return {
    batch: settings.connections * LETTERS_PER_CONNECTION,
    lanes: 4,
    async hand(batch, { beginBefore, signal }) {
      const good = batch.map(({ address }) => isMailAddress(address))
      const letters = batch.filter((_, at) => good[at]).map((one) => letterFor(platform, settings, keys, watched, one))
      const written = await writeLetters(letters, keys).catch((error: Error) =>
        letters.map(() => ({ broken: error.message })),
      )
      let place = 0
      return Promise.all(
        batch.map((one, at): Outcome | Promise<Outcome> => {
          if (!good[at]) return { is: 'refused', problem: 'This is no mail address.' }
          const text = written[place++]
          if (!text || 'broken' in text) return { is: 'later', problem: text?.broken ?? '', holds: 'provider' }
          if ('problem' in text) return { is: 'refused', problem: `It could not be written: ${text.problem}` }
          const mayBegin = () => !signal.aborted && Date.now() < beginBefore.getTime()
          return send(platform, settings, sender, pool, one, Buffer.from(text.text, 'latin1'), mayBegin)
        }),
      )
    },
    async close() {
      pool.close()
    },
  }
}

async function send(
  platform: Pick<Platform, 'signer'>,
  settings: MailSettings,
  sender: { verp: boolean },
  pool: Pool,
  { deliveryId, address }: Handed,
  message: Buffer,
  mayBegin: () => boolean,
): Promise<Outcome> {
  const token = deliveryToken(platform.signer, deliveryId)
  const from = () => (sender.verp ? returnPathFor(settings.returnPath, token) : settings.returnPath)
  const withVerp = sender.verp
  let said = await pool.send({ from: from(), to: address }, message, mayBegin)
  if (said?.is === 'refused' && said.to === 'sender' && said.code >= 500 && withVerp) {
    sender.verp = false
    said = await pool.send({ from: from(), to: address }, message, mayBegin)
  }
  return said ? outcomeOf(said, messageIdFor(settings, token)) : { is: 'untouched' }
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1)
const messageIdFor = ({ fromAddress }: MailSettings, token: string) => `${token}@${domainOf(fromAddress)}`

function letterFor(
  { signer, config }: Pick<Platform, 'signer' | 'config'>,
  settings: MailSettings,
  keys: SendingKeys | null,
  watched: WatchedAddress[],
  handed: Handed,
): Letter {
  const { deliveryId, address, message, senderName } = handed
  const token = deliveryToken(signer, deliveryId)
  return {
    fromName: senderName ?? settings.fromName,
    fromAddress: settings.fromAddress,
    to: address,
    subject: message.subject ?? '',
    text: message.text,
    html: message.html ?? null,
    messageId: messageIdFor(settings, token),
    date: new Date(),
    headers: [
      ...headersFor(settings, handed),
      ...headersOf(settings.service, token),
      ...replyTo({ signer, config }, settings, watched, handed),
    ],
    boundary: `=_${newToken(12)}`,
    signFor: keys && keyName(keys),
  }
}

/** Postmark gives back what we call a message, and keeps its Message-ID, when it is asked to in these headers, which it takes out. */
const headersOf = (service: Service | null, token: string): [string, string][] =>
  service === 'postmark'
    ? [
        [`X-PM-Metadata-${POSTMARK_METADATA}`, token],
        ['X-PM-KeepID', 'true'],
      ]
    : []

/** Where an answer comes in: to its conversation, or to this very message. Mails of a program alone want none. */
function replyTo(
  { signer, config }: Pick<Platform, 'signer' | 'config'>,
  { fromAddress }: MailSettings,
  watched: WatchedAddress[],
  { kind, deliveryId, artistId, labelId, message }: Handed,
): [string, string][] {
  if (kind === 'notice' || message.headers?.['Reply-To']) return []
  const { conversationId } = message
  const to = conversationId ? { conversationId } : { deliveryId }
  const address = answersTo(signer, config.mailReplies, watched, { artistId, labelId }, to)
  return address && address !== fromAddress ? [['Reply-To', address]] : []
}

/** Sent to many, by a program, or written by a person: what mail programs and automatic answers go by (RFC 3834, RFC 8058, RFC 2919). */
function headersFor(settings: MailSettings, handed: Handed): [string, string][] {
  const { kind, announcementId, artistId, labelId, senderName, message } = handed
  const headers: [string, string][] = Object.entries(message.headers ?? {})
  if (message.unsubscribe)
    headers.push(
      ['List-Unsubscribe', `<${message.unsubscribe}>`],
      ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
    )
  const many = kind === 'announcement' || kind === 'digest' || kind === 'letter'
  const whose = artistId ?? labelId ?? 'place'
  if (many) {
    headers.push(['List-Id', `${senderName?.replace(/[<>"]/g, '') ?? ''} <${whose}.${domainOf(settings.fromAddress)}>`])
    headers.push(['Precedence', 'bulk'])
  }
  if (kind === 'notice' || kind === 'digest') headers.push(['Auto-Submitted', 'auto-generated'])
  if (kind !== 'answer') {
    headers.push(['X-Auto-Response-Suppress', 'OOF, AutoReply'])
    headers.push(['Feedback-ID', `${announcementId ?? kind}:${whose}:${kind}:ritornello`])
  }
  return headers
}
