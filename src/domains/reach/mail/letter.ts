import { domainToASCII } from 'node:url'
import { encodeWord, encodeWords } from 'nodemailer/lib/mime-funcs'
import { encode, wrap } from 'nodemailer/lib/qp'

/** A mail before it is written out. Plain data: it crosses threads. */
export type Letter = {
  fromName: string
  fromAddress: string
  to: string
  subject: string
  text: string
  html: string | null
  /** Without angle brackets. */
  messageId: string
  date: Date
  /** Further headers; whatever a name or value tries, each stays one header. */
  headers: [name: string, value: string][]
  /** Parts the body; nothing that can be in a text. */
  boundary: string
  /** Signed with the keys of this name, if the thread has them. */
  signFor: string | null
}

/** Headers that a letter has of itself, and no other may bring. */
const OWN = new Set(
  'from sender to cc bcc subject date message-id mime-version return-path received dkim-signature content-type content-transfer-encoding'.split(
    ' ',
  ),
)
const NAME = /^[A-Za-z][A-Za-z0-9-]{0,70}$/
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu

/** Each character is a byte. */
export type Written = { headers: string[]; body: string }

/**
 * The letter as mail servers carry it (RFC 5322, 2045 to 2047): seven bits, lines of 76 characters, text always and HTML beside it when there is
 * some. Each header comes without its line end; the body ends with one.
 */
export function writeLetter(letter: Letter): Written {
  const headers = [
    `From: ${mailbox(letter.fromName, letter.fromAddress)}`,
    `To: ${mailbox('', letter.to)}`,
    header('Subject', letter.subject),
    `Date: ${letter.date.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${clean(letter.messageId)}>`,
    ...letter.headers
      .filter(([name, value]) => NAME.test(name) && !OWN.has(name.toLowerCase()) && clean(value) !== '')
      .map(([name, value]) => header(name, value)),
    'MIME-Version: 1.0',
  ]
  const text = part('text/plain', letter.text)
  if (letter.html === null) return { headers: [...headers, ...text.headers].map(fold), body: text.body }
  const html = part('text/html', letter.html)
  const parts = [text, html].map((each) => `--${letter.boundary}\r\n${each.headers.join('\r\n')}\r\n\r\n${each.body}`)
  return {
    headers: [...headers, `Content-Type: multipart/alternative; boundary="${letter.boundary}"`].map(fold),
    body: `${parts.join('')}--${letter.boundary}--\r\n`,
  }
}

function part(type: string, content: string): Written {
  const lines = content
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trimEnd()
  const body = `${lines.replaceAll('\n', '\r\n')}\r\n`
  const plain = /^[\t\x20-\x7e\r\n]*$/.test(body) && !/[^\r\n]{77}|[\t ]\r\n|^From /m.test(body)
  return {
    headers: [
      `Content-Type: ${type}; charset=utf-8`,
      `Content-Transfer-Encoding: ${plain ? '7bit' : 'quoted-printable'}`,
    ],
    body: plain ? body : wrap(encode(body)),
  }
}

const clean = (value: string) => value.replace(CONTROLS, ' ').trim()

function header(name: string, value: string): string {
  const cleaned = clean(value)
  return `${name}: ${/\S{900}/.test(cleaned) ? encodeWord(cleaned, 'Q', 52) : encodeWords(cleaned, 'Q', 52)}`
}

function mailbox(name: string, address: string): string {
  const at = address.lastIndexOf('@')
  // What stands before the @ may be of any script, if the servers carry it (RFC 6532): as the bytes of UTF-8.
  const local = Buffer.from(address.slice(0, at), 'utf8').toString('latin1')
  const plain = `${local}@${domainToASCII(address.slice(at + 1))}`
  const shown = clean([...name].slice(0, 100).join(''))
  if (!shown) return plain
  if (/^[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+$/.test(shown)) return `${shown} <${plain}>`
  if (/^[\x20-\x7e]+$/.test(shown)) return `"${shown.replace(/["\\]/g, '\\$&')}" <${plain}>`
  return `${encodeWord(shown, 'Q', 52)} <${plain}>`
}

/** Lines of 76 characters where there are spaces. A word without one, as a long link, stays whole; 998 characters are allowed. */
function fold(line: string): string {
  if (line.length <= 76) return line
  const [name = '', first = '', ...words] = line.split(' ')
  let length = name.length + 1 + first.length
  let folded = `${name} ${first}`
  for (const word of words) {
    // A line of spaces alone would end the headers for some.
    const breaks = word !== '' && length + 1 + word.length > 76
    folded += breaks ? `\r\n ${word}` : ` ${word}`
    length = (breaks ? 1 : length + 1) + word.length
  }
  return folded
}
