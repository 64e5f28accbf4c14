import { LANGUAGES, type Lang } from '../../../platform/i18n/index.ts'
import { digestOf } from '../../../platform/signing.ts'
import { isSubject, type Subject } from '../../exchange/index.ts'
import type { Channel } from '../../fans/index.ts'
import type { Words } from './draft.ts'
import type { Posted } from './things.ts'
import type { Variant } from './words.rules.ts'

export const CHANNELS = ['mail', 'sms', 'push'] as const satisfies Channel[]

const MOST_TITLE = 200
const MOST_BODY = 50_000

/** Which texts the form has: for each language those that all share, and each channel's own. */
const PARTS: { channel: Channel | ''; title: boolean; body: boolean }[] = [
  { channel: '', title: true, body: true },
  { channel: 'mail', title: true, body: true },
  { channel: 'sms', title: false, body: true },
  { channel: 'push', title: true, body: true },
]

export const fieldName = (what: 'title' | 'body', language: Lang, channel: Channel | '' = ''): string =>
  channel ? `${channel}_${what}_${language}` : `${what}_${language}`

/** An announcement's words as the fields of its form. */
export function wordsFields({ subjects, channels, plainLetters, variants }: Words): Record<string, string> {
  const fields: Record<string, string> = {
    subjects: subjects.join(' '),
    channels: [...channels].sort().join(' '),
    letters: plainLetters ? 'plain' : '',
  }
  for (const language of LANGUAGES)
    for (const { channel, title, body } of PARTS) {
      const variant = variants.find((one) => one.language === language && one.channel === channel)
      if (title) fields[fieldName('title', language, channel)] = variant?.title ?? ''
      if (body) fields[fieldName('body', language, channel)] = variant?.body ?? ''
    }
  return fields
}

/** Names what the form showed. */
export const wordsDigest = (words: Words): string => digestOf(wordsFields(words))

/** So many things one announcement gives. */
export const MOST_THINGS = 5

/**
 * The things that a posted form has, in their order: those that stand in it, the one that is chosen last, and what the button that was pressed
 * does to them (`up:1`, `down:0`, `away:2`).
 */
function readSubjects({ text, texts }: Posted): Subject[] {
  const all = [...new Set([...texts('subjects'), text('subject')])].filter(isSubject).slice(0, MOST_THINGS)
  const [step, place] = text('do').split(':')
  const at = Number(place)
  const one = all[at]
  if (!place || !one) return all
  const others = all.filter((_, other) => other !== at)
  if (step === 'away') return others
  return others.toSpliced(Math.max(at + (step === 'up' ? -1 : 1), 0), 0, one)
}

/** What a posted form says. Nothing of it can be wrong: a draft may be unfinished. */
export function readWords(form: Posted): Words {
  const { text, texts } = form
  const channels = texts('channels')
  const variants: Variant[] = []
  for (const language of LANGUAGES)
    for (const { channel, title, body } of PARTS)
      variants.push({
        language,
        channel,
        title: title ? oneLine(text(fieldName('title', language, channel))) : '',
        body: body
          ? text(fieldName('body', language, channel))
              .normalize('NFC')
              .replaceAll('\0', '')
              .slice(0, MOST_BODY)
          : '',
      })
  return {
    subjects: readSubjects(form),
    channels: CHANNELS.filter((channel) => channels.includes(channel)),
    // A button says it anew; else it stays as the form has it.
    plainLetters: (/^letters:(plain|own)$/.exec(text('do'))?.[1] ?? text('letters')) === 'plain',
    variants,
  }
}

const oneLine = (text: string): string =>
  text.normalize('NFC').replaceAll('\0', '').replace(/\s+/g, ' ').trim().slice(0, MOST_TITLE)
