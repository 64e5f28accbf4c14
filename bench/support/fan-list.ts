import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Program } from '../../e2e/support/program.ts'

const PLACES = ['Brest', 'Saint-Étienne', 'Besançon', 'Nîmes', 'Sète']

export type Line = { text: string; refused: string | null; row: string }

/** The lines of a list as people keep them; what shall be refused says why. */
export function lineAt(n: number): Line {
  const mail = `fan${n}@fans${n % 50}.example`
  const phone = n % 5 === 0 ? `06 ${String(10_000_000 + n).replace(/(..)(?=.)/g, '$1 ')}` : ''
  const name = `Zoé ${n} Léveillé`
  const place = PLACES[n % PLACES.length] as string
  const line = (cells: string[], refused: string | null = null): Line => ({
    text: cells.join(';'),
    refused,
    row: [mail, phone, `Zoé ${n}`, place].join(';'),
  })
  if (n % 100 === 7) return line([`nobody-${n}`, '', name, place], 'mail-wrong')
  if (n % 100 === 33) return line(['', '', name, place], 'empty')
  if (n % 100 === 61) return line([mail, '12', name, place], 'phone-wrong')
  // Never closed, in the middle, doubled, around what holds the delimiter.
  if (n % 10 === 1) return line([mail, phone, `"Zoé ${n}`, place])
  if (n % 10 === 2) return line([mail, phone, `Zoé "la ${n}`, place])
  if (n % 10 === 3) return line([mail, phone, `""Zoé"" ${n}`, place])
  if (n % 10 === 4) return line([mail, phone, `"Léveillé; Zoé ${n}"`, place])
  return line([mail, phone, name, place])
}

/** What comes of the first `count` lines: how many addresses and people are new, and how many lines are refused, by reason. */
export function comesOf(count: number): { addresses: number; fans: number; refused: Record<string, number> } {
  const refused: Record<string, number> = {}
  let [addresses, fans] = [0, 0]
  for (let n = 1; n <= count; n++) {
    const line = lineAt(n)
    if (line.refused) refused[line.refused] = (refused[line.refused] ?? 0) + 1
    if (line.refused === 'mail-wrong' || line.refused === 'empty') continue
    fans++
    addresses += n % 5 === 0 ? 2 : 1
  }
  return { addresses, fans, refused }
}

/** How the columns of such a list are to be read, and where its consents come from. */
export const mapping = (): URLSearchParams =>
  new URLSearchParams({
    ...{ mail: '0', phone: '1', name: '2', place: '3' },
    ...{ heading: 'on', from: 'FR', in: 'fr' },
    declaration: 'Signed at the concerts of the last ten years.',
  })

export const HEADING = 'courriel;mobile;nom;ville'

export async function writeLines(
  file: string,
  count: number,
  of: (line: Line) => string,
  encoding: 'latin1' | 'utf8',
  heading?: string,
): Promise<void> {
  const pieces = function* () {
    if (heading) yield Buffer.from(`${heading}\r\n`, encoding)
    for (let from = 1; from <= count; from += 1_000) {
      let text = ''
      for (let n = from; n < from + 1_000 && n <= count; n++) text += `${of(lineAt(n))}\r\n`
      yield Buffer.from(text, encoding)
    }
  }
  await pipeline(Readable.from(pieces()), createWriteStream(file))
}

/** Owns the place and works for its artist; what it answers sends forms and says where they lead to. */
export async function enter(
  program: Pick<Program, 'url' | 'setUpLink'>,
): Promise<(path: string, body: BodyInit) => Promise<string>> {
  const { url, setUpLink } = program
  const send = async (to: string, body: BodyInit, cookie = '') => {
    const answer = await fetch(to, { method: 'POST', redirect: 'manual', headers: { origin: url, cookie }, body })
    if (answer.status !== 303) throw new Error(`${to}: ${answer.status} ${(await answer.text()).slice(0, 200)}`)
    return answer
  }
  const owner = new URLSearchParams({ name: 'Ana', email: 'ana@music.example', language: 'en' })
  const answer = await send(setUpLink ?? '', owner)
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  return async (path, body) => (await send(url + path, body, cookie)).headers.get('location') ?? ''
}
