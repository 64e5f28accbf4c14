import * as z from 'zod'
import { isDead } from '../replies.rules.ts'
import type { Report } from '../reports.store.ts'

export const SERVICES = ['ses', 'postmark', 'mailgun'] as const
export type Service = (typeof SERVICES)[number]
export const isService = (text: unknown): text is Service => (SERVICES as readonly unknown[]).includes(text)

/** What a service said of one message, and all in it that may name that message. */
export type Told = { report: Report; names: string[] }

const text = z.string().catch('')

const Ses = z.object({
  notificationType: text,
  eventType: text,
  mail: z.object({
    source: text,
    headers: z.array(z.object({ name: text, value: text })).catch([]),
    commonHeaders: z.object({ messageId: text }).catch({ messageId: '' }),
  }),
  bounce: z
    .object({
      bounceType: text,
      bounceSubType: text,
      bouncedRecipients: z.array(z.object({ status: text, action: text, diagnosticCode: text })).catch([]),
    })
    .optional(),
  complaint: z.object({ complaintFeedbackType: text, complaintSubType: text }).optional(),
  reject: z.object({ reason: text }).optional(),
  failure: z.object({ errorMessage: text }).optional(),
})

/** Hard bounces of which Amazon says to write there no more; the others are about this message. */
const SES_DEAD = ['General', 'NoEmail', 'Suppressed', 'OnAccountSuppressionList']

/** A notification or event of Amazon SES, as it stands in the message of SNS; null when it says nothing of what became of a message. */
export function readSes(said: unknown): Told | null {
  const { success, data } = Ses.safeParse(said)
  if (!success) return null
  const { mail, bounce, complaint, reject, failure } = data
  const ids = mail.headers.filter(({ name }) => /^(?:message-id|return-path)$/i.test(name)).map(({ value }) => value)
  const names = [mail.source, mail.commonHeaders.messageId, ...ids]
  const report = (): Report | null => {
    switch (data.eventType || data.notificationType) {
      case 'Delivery':
        return { is: 'delivered' }
      case 'Complaint':
        // "Not spam" takes a complaint back.
        if (complaint?.complaintFeedbackType === 'not-spam') return null
        return { is: 'complaint', wording: `Amazon SES: ${complaint?.complaintFeedbackType || 'complaint'}` }
      case 'Bounce': {
        if (!bounce) return null
        const [first] = bounce.bouncedRecipients
        const hard = bounce.bounceType === 'Permanent'
        const said = [`${bounce.bounceType}/${bounce.bounceSubType}`, first?.diagnosticCode || first?.status]
        return {
          is: 'bounce',
          final: first?.action !== 'delayed',
          dead: hard && SES_DEAD.includes(bounce.bounceSubType),
          problem: problem(...said),
          // Answers of those who are away are told as transient bounces.
          weak: !hard,
        }
      }
      case 'Reject':
        return { is: 'bounce', final: true, dead: false, problem: problem('Reject', reject?.reason) }
      case 'Rendering Failure':
        return { is: 'bounce', final: true, dead: false, problem: problem('Rendering Failure', failure?.errorMessage) }
      default:
        return null
    }
  }
  const read = report()
  return read && { report: read, names }
}

const Postmark = z.object({
  RecordType: text,
  Type: text,
  Description: text,
  Details: text,
  MessageID: text,
  ID: z.union([z.number(), z.string()]).optional().catch(undefined),
  Metadata: z.record(z.string(), z.unknown()).catch({}),
})

const POSTMARK_DEAD = ['HardBounce', 'BadEmailAddress']
/** Machines' answers, and what is tried again. */
const POSTMARK_NONE = ['AutoResponder', 'Subscribe', 'Unsubscribe', 'AddressChange', 'ChallengeVerification']

/** The name by which Postmark gives our token back: it writes Message-IDs of its own. */
export const POSTMARK_METADATA = 'delivery'

/** A webhook of Postmark, and what it is called. */
export function readPostmark(said: unknown): { told: Told | null; id: string } | null {
  const { success, data } = Postmark.safeParse(said)
  if (!success || !data.RecordType) return null
  const { RecordType, Type, Description, Details, MessageID, ID, Metadata } = data
  const given = Metadata[POSTMARK_METADATA]
  const names = typeof given === 'string' ? [`<${given}@>`] : []
  const report = (): Report | null => {
    if (RecordType === 'Delivery') return { is: 'delivered' }
    if (RecordType === 'SpamComplaint') return { is: 'complaint', wording: 'Postmark: SpamComplaint' }
    if (RecordType !== 'Bounce' || POSTMARK_NONE.includes(Type)) return null
    if (Type === 'SpamComplaint') return { is: 'complaint', wording: 'Postmark: SpamComplaint' }
    const dead = POSTMARK_DEAD.includes(Type)
    return {
      is: 'bounce',
      final: Type !== 'Transient',
      dead,
      problem: problem(Type, Details || Description),
      weak: !dead,
    }
  }
  const read = report()
  return { told: read && { report: read, names }, id: `${RecordType} ${Type} ${ID ?? MessageID}` }
}

const Mailgun = z.object({
  event: text,
  severity: text,
  reason: text,
  'delivery-status': z
    .object({
      code: z.coerce.number().catch(0),
      'enhanced-code': text,
      message: text,
      description: text,
    })
    .catch({ code: 0, 'enhanced-code': '', message: '', description: '' }),
  message: z.object({ headers: z.object({ 'message-id': text }) }).catch({ headers: { 'message-id': '' } }),
  envelope: z.object({ sender: text }).catch({ sender: '' }),
})

/** The event of a webhook of Mailgun. */
export function readMailgun(said: unknown): Told | null {
  const { success, data } = Mailgun.safeParse(said)
  if (!success) return null
  const { event, severity, reason, message, envelope } = data
  const names = [message.headers['message-id'], envelope.sender]
  const report = (): Report | null => {
    if (event === 'delivered') return { is: 'delivered' }
    if (event === 'complained') return { is: 'complaint', wording: 'Mailgun: complained' }
    if (event !== 'failed' && event !== 'rejected') return null
    const { code, 'enhanced-code': enhanced, message: words, description } = data['delivery-status']
    const said = words || description
    const final = severity !== 'temporary'
    return {
      is: 'bounce',
      final,
      dead: final && (reason === 'suppress-bounce' || isDead(code, `${enhanced} ${said}`)),
      problem: problem(String(code || reason || event), said.startsWith(enhanced) ? said : `${enhanced} ${said}`),
    }
  }
  const read = report()
  return read && { report: read, names }
}

const problem = (...said: (string | undefined)[]) =>
  said.filter(Boolean).join(' ').replaceAll('\0', '').replace(/\s+/g, ' ').trim().slice(0, 500)
