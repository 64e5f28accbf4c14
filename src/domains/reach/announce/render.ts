import type { Lang } from '../../../platform/i18n/index.ts'
import type { Channel } from '../../fans/index.ts'
import { plainer, plainLetters } from '../sms.rules.ts'
import { announceWords } from '../words.ts'
import { escaped, giftHtml, mailHtml } from './mail-html.ts'
import { markdownMail, markdownText, markdownWords } from './markdown.ts'
import { type Variant, wordsFor } from './words.rules.ts'

/** What is given, as a message names it. `href` is a whole address. */
export type Given = { title: string; href: string }

export type Composed = {
  artist: { name: string; href: string }
  /** In their order; null in the place of one that is gone: the others keep the numbers of their links. */
  given: (Given | null)[]
  language: Lang
  channel: Channel
  variants: Variant[]
  /** How the signs of a text message are said with what telephones have. */
  spell?: Spell
}

export type Spell = (text: string) => string
export const spellingOf = ({ plainLetters: agreed }: { plainLetters: boolean }): Spell =>
  agreed ? plainLetters : plainer

/** What differs from one recipient to the next. */
export type Personal = {
  name: string
  /** The address that stands for link `n`: the things that are given come first, each by its place (0 is the artist's page where nothing is given). */
  href: (n: number, target: string) => string
  /** Where one leaves, and where one says how one wants to be told: pages of the fans' door. */
  leave?: string | undefined
  preferences?: string | undefined
}

/** A message ready to be filled in, for one announcement, language and channel; `links` are what its link numbers lead to. */
export type Template = {
  subject: string
  /** What a digest takes of it: the title, and of a mail the words alone. */
  part: { title: string; text: string; html: string }
  /** The link of what leads: where a notification and a text message lead to. */
  lead: number
  text: string
  html: string | null
  links: string[]
  channel: Channel
  language: Lang
  /** How what differs from one recipient to the next is spelt. */
  spell: Spell
}

/** Private signs of Unicode stand for what differs from one recipient to the next; in anybody's text they are dropped. */
const PRIVATE = /[\ue000-\uf8ff\0]/g
const mark = (code: string) => `\ue000${code}\ue001`
const MARK = /\ue000([a-z]|\d+)\ue001/g
const NAME = mark('n')
const LEAVE = mark('l')
const PREFERENCES = mark('p')

/** `{name}` in the words is the recipient's name; without one it goes, with the space before it. */
const clean = (text: string) => text.normalize('NFC').replace(PRIVATE, '')
const named = (text: string) => clean(text).replaceAll('{name}', NAME)

/** How much of the words a notification shows. */
const PUSH_LENGTH = 180

/**
 * Prepares what all recipients of one language and channel share, so that a hundred thousand messages cost one reading of the Markdown. Links
 * to pages of ours are numbered (in text messages all links are: they are short then); others stay as they were written.
 */
export function prepare(composed: Composed, base: string): Template {
  const { language, channel, variants } = composed
  const spell: Spell = channel === 'sms' ? (composed.spell ?? plainer) : (text) => text
  const artist = { ...composed.artist, name: clean(composed.artist.name) }
  const given = composed.given.flatMap((one, at) =>
    one ? [{ title: clean(one.title), href: mark(String(at)), at }] : [],
  )
  const [leading] = given
  const lead = leading?.at ?? 0
  const words = wordsFor(variants, language, channel)
  const links = composed.given.length ? composed.given.map((one) => one?.href ?? artist.href) : [artist.href]
  const numbered = (href: string): string | null => {
    if (channel !== 'sms' && !(href === base || href.startsWith(`${base}/`))) return null
    const at = links.indexOf(href)
    return mark(String(at === -1 ? links.push(href) - 1 : at))
  }
  const t = announceWords(language)
  const shared = {
    subject: named(words.title),
    part: { title: named(words.title) || leading?.title || artist.name, text: '', html: '' },
    lead,
    links,
    channel,
    language,
    spell,
  }
  if (channel === 'mail') {
    const content = markdownMail(named(words.body), { lang: language, link: numbered })
    const text = markdownText(named(words.body), numbered)
    const title = shared.subject || leading?.title || artist.name
    const ways = given.map(({ title, href }) => `${title}\n${href}`)
    return {
      ...shared,
      part: {
        title,
        text: [text, ...(given.length > 1 ? ways : [mark(String(lead))])].filter(Boolean).join('\n\n'),
        html: content + given.map(giftHtml).join(''),
      },
      subject: title,
      html: mailHtml({
        lang: language,
        artist,
        title: named(words.title),
        content,
        given,
        leave: LEAVE,
        preferences: PREFERENCES,
      }),
      text: [
        named(words.title),
        text,
        ...ways,
        `-- \n${t('mail_why', { artist: artist.name })}\n${t('mail_preferences')} ${PREFERENCES}\n${t('mail_leave')} ${LEAVE}`,
      ]
        .filter(Boolean)
        .join('\n\n'),
    }
  }
  if (channel === 'push') {
    const said = markdownWords(named(words.body))
    return {
      ...shared,
      subject: shared.subject || artist.name,
      text: said.length > PUSH_LENGTH ? `${said.slice(0, PUSH_LENGTH - 1).trimEnd()}…` : said,
      html: null,
    }
  }
  // A text message is paid for by its length: the title alone, unless it was given words of its own.
  const said = words.own ? markdownText(named(words.body), numbered) : named(words.title)
  const way = mark(String(lead))
  const main = words.own && said.includes(way) ? said : `${said} ${way}`.trim()
  return { ...shared, subject: '', html: null, text: spell(`${artist.name}: ${main} ${t('sms_stop')}`) }
}

/** One recipient's message. */
export function fill(
  { subject, text, html, links, spell }: Pick<Template, 'subject' | 'text' | 'html' | 'links' | 'spell'>,
  personal: Personal,
): { subject: string; text: string; html: string | null } {
  const put = (safe: (value: string) => string) => (whole: string) =>
    (personal.name ? whole : whole.replaceAll(` ${NAME}`, NAME)).replace(MARK, (_, code: string) => {
      if (code === 'n') return safe(spell(personal.name))
      if (code === 'l') return safe(personal.leave ?? '')
      if (code === 'p') return safe(personal.preferences ?? '')
      return safe(personal.href(Number(code), links[Number(code)] ?? ''))
    })
  const plain = put((value) => value.replace(/[\r\n]+/g, ' '))
  return { subject: plain(subject).replace(/\s+/g, ' ').trim(), text: plain(text), html: html && put(escaped)(html) }
}
