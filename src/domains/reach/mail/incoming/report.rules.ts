import { isDead } from '../replies.rules.ts'

export type Bounce = { is: 'bounce'; final: boolean; dead: boolean; problem: string; about: string[] }
export type Complaint = { is: 'complaint'; about: string[] }

type Part = { headers: Map<string, string>; body: string }

/** Headers with their folded lines made whole, names in lower case, the first of each; and what comes after the empty line. */
export function readPart(raw: string): Part {
  const end = /\r?\n\r?\n/.exec(raw)
  const head = (end ? raw.slice(0, end.index) : raw).replace(/\r?\n[ \t]+/g, ' ')
  const headers = new Map<string, string>()
  for (const line of head.split(/\r?\n/)) {
    const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? []
    if (name && !headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), (value ?? '').trim())
  }
  return { headers, body: end ? raw.slice(end.index + end[0].length) : '' }
}

const typeOf = ({ headers }: Part) => (headers.get('content-type') ?? '').toLowerCase()

/** A report of a mail server (RFC 3464) or of somebody's mail host (RFC 5965); null for every other mail. */
export function readReport(raw: string): Bounce | Complaint | null {
  const mail = readPart(raw)
  if (!typeOf(mail).startsWith('multipart/report')) return null
  const boundary = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(mail.headers.get('content-type') ?? '')
  const mark = boundary?.[1] ?? boundary?.[2]
  if (!mark) return null
  const parts = `\n${mail.body}`
    .split(`\n--${mark}`)
    .slice(1)
    .map((part) => readPart(part.replace(/^[^\n]*\n/, '')))
  const original = parts.find((part) => /^(?:message\/rfc822|text\/rfc822-headers|message\/global)/.test(typeOf(part)))
  const sent = original && readPart(original.body.trimStart()).headers
  const about = [sent?.get('message-id'), sent?.get('return-path')].flatMap((value) => value ?? [])
  const complaint = parts.find((part) => typeOf(part).startsWith('message/feedback-report'))
  if (complaint) {
    const { headers } = readPart(complaint.body.trim())
    return headers.get('feedback-type')?.toLowerCase() === 'abuse' ? { is: 'complaint', about } : null
  }
  const status = parts.find((part) => /^message\/(?:global-)?delivery-status/.test(typeOf(part)))
  return status ? bounceOf(status.body, about) : null
}

/** The first group of fields is about the message, each after it about one recipient: we write to one at a time. */
function bounceOf(body: string, about: string[]): Bounce | null {
  for (const group of body.trim().split(/\r?\n\s*\r?\n/)) {
    const { headers } = readPart(group)
    const action = headers.get('action')?.toLowerCase() ?? ''
    if (action !== 'failed' && action !== 'delayed') continue
    const status = /\d\.\d{1,3}\.\d{1,3}/.exec(headers.get('status') ?? '')?.[0] ?? ''
    const said = (headers.get('diagnostic-code') ?? '').replace(/^[\w-]+\s*;\s*/, '')
    const final = action === 'failed'
    return {
      is: 'bounce',
      final,
      dead: final && status.startsWith('5') && isDead(550, status.endsWith('.0.0') ? said : `${status} ${said}`),
      problem: `${said.includes(status) ? '' : `${status} `}${said}`.trim().slice(0, 500),
      about,
    }
  }
  return null
}

/** What a program wrote by itself (RFC 3834). */
export function isAutomatic(raw: string, envelopeSender: string): boolean {
  const submitted = readPart(raw).headers.get('auto-submitted')?.toLowerCase() ?? 'no'
  return envelopeSender === '' || !/^no\b/.test(submitted)
}

const ANSWERED =
  /^\s*(?:>.*|(?:on|le|am)\b.{5,200}(?:wrote|a écrit|schrieb.*)\s*:|-{2,}\s*(?:original message|message d.origine|message original)\s*-{2,}|_{20,})\s*$/iu

/** What somebody wrote themselves: without what they answered, as mail programs put it below. */
export function ownWords(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\0', '').split('\n')
  // Some programs break the line that says who wrote.
  const quoted = (at: number) => ANSWERED.test(lines[at] ?? '') || isBroken(lines[at] ?? '', lines[at + 1] ?? '')
  const first = lines.findIndex((_, at) => quoted(at) && lines.slice(0, at).some((line) => line.trim() !== ''))
  if (first < 0)
    return (
      lines
        .filter((line) => !line.startsWith('>'))
        .join('\n')
        .trim() || text.trim()
    )
  const introduced = !(lines[first] ?? '').trimStart().startsWith('>')
  // An answer between quoted lines is kept, whatever stands around it.
  const kept = introduced ? lines.slice(0, first) : lines.filter((line) => !line.trimStart().startsWith('>'))
  return kept.join('\n').trim()
}

const isBroken = (one: string, next: string) =>
  /^\s*(?:on|le|am)\b/i.test(one) &&
  !one.trimEnd().endsWith(':') &&
  next.length < 100 &&
  ANSWERED.test(`${one} ${next}`)
