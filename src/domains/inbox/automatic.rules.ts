/** What a machine wrote is never answered by a machine (RFC 3834), or two of them write to each other for ever. */
export type MailHead = { headers: Map<string, string>; sender: string; subject: string }

const MACHINES =
  /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|ne-?pas-?repondre|bounces?|listserv|majordomo|owner-.*|.*-(?:request|owner|bounces?))(?:\+.*)?@/i
/** Programs that set none of the headers say it here. */
const SUBJECTS =
  /^\s*(?:\[?auto(?:matic|mated)?[ -]?(?:reply|response|answer)\]?|automatic reply|out of (?:the )?office|auto:|(?:re|r[eé]f?)?:? ?r[eé]ponse automatique|absence du bureau|je suis absent|abwesenheit|away from (?:my )?mail|on (?:vacation|holiday))/i

export function isAutomatic({ headers, sender, subject }: MailHead): boolean {
  const value = (name: string) => headers.get(name)?.trim().toLowerCase() ?? ''
  const submitted = value('auto-submitted')
  if (submitted && submitted !== 'no' && !submitted.startsWith('no;')) return true
  if (['bulk', 'junk', 'list', 'auto_reply'].includes(value('precedence'))) return true
  if (headers.has('x-autoreply') || headers.has('x-autorespond') || headers.has('x-auto-reply-from')) return true
  if (headers.has('list-id') || headers.has('list-unsubscribe')) return true
  if (value('return-path') === '<>' || value('x-loop')) return true
  return sender === '' || MACHINES.test(sender) || SUBJECTS.test(subject)
}

/** The headers of a mail as it came: folded lines made whole, names in lower case, the first of each. */
export function readHeaders(raw: string): Map<string, string> {
  const headers = new Map<string, string>()
  const head = raw.split(/\r?\n\r?\n/, 1)[0] ?? ''
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? []
    if (name && !headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), value ?? '')
  }
  return headers
}
