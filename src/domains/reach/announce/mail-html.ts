import type { Lang } from '../../../platform/i18n/index.ts'
import { toHex } from '../../../ui/colour/convert.ts'
import { houseTheme } from '../../../ui/colour/house.ts'
import { announceWords } from '../words.ts'

export type MailParts = {
  lang: Lang
  artist: { name: string; href: string }
  title: string
  /** HTML that is trusted already. */
  content: string
  given: { title: string; href: string }[]
  leave: string
  preferences: string
}

export type Scheme = 'auto' | 'light' | 'dark'

/** Where the colours of the one scheme or the other are put: a preview shows either, whatever the machine prefers. */
const coloured = (scheme: 'light' | 'dark'): string => {
  const { ground, ink, quiet, accent, onAccent, line } = houseTheme[scheme]
  const [back, text, soft, link, onLink, rule] = [ground, ink, quiet, accent, onAccent, line].map(toHex)
  return `body{background:${back};color:${text}}a{color:${link}}.quiet,.foot{color:${soft}}.foot{border-color:${rule}}.foot a{color:${soft}}.give{background:${link};color:${onLink}}blockquote{border-color:${rule}}hr{border-color:${rule}}`
}

const SHAPE =
  'body{margin:0;padding:24px 16px;font:17px/1.5 Georgia,"Times New Roman",serif}.sheet{max-width:576px;margin:0 auto}.from{font:600 15px/1.4 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;margin:0 0 24px}.from a{text-decoration:none}h1{font:700 28px/1.15 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;letter-spacing:-.02em;margin:0 0 16px}h2,h3{font:600 19px/1.3 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;margin:24px 0 8px}p,ul,ol,blockquote,pre{margin:0 0 16px}blockquote{border-left:3px solid;padding-left:14px}pre{white-space:pre-wrap;font-size:15px}hr{border:0;border-top:1px solid;margin:24px 0}.give{display:inline-block;padding:12px 22px;border-radius:24px;font:600 16px/1.3 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;text-decoration:none}.gift{margin:24px 0}.gift+.gift{margin-top:-12px}.foot{border-top:1px solid;margin-top:40px;padding-top:16px;font:13px/1.6 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}.foot p{margin:0 0 4px}'

/** An announcement as the HTML of a mail: one column of words that any program can show, light and dark, with no picture and nothing that reports back. */
export function mailHtml({ lang, artist, title, content, given, leave, preferences }: MailParts): string {
  const t = announceWords(lang)
  const gift = given.map(giftHtml).join('\n')
  return `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escaped(title || artist.name)}</title>
<style>:root{color-scheme:light dark}${SHAPE}${coloured('light')}@media (prefers-color-scheme:dark){${coloured('dark')}}</style></head>
<body><div class="sheet">
<p class="from"><a href="${escaped(artist.href)}">${escaped(artist.name)}</a></p>
${title ? `<h1>${escaped(title)}</h1>` : ''}
${content}
${gift}
<div class="foot"><p>${escaped(t('mail_why', { artist: artist.name }))}</p><p><a href="${escaped(preferences)}">${escaped(t('mail_preferences'))}</a> &nbsp; <a href="${escaped(leave)}">${escaped(t('mail_leave'))}</a></p></div>
</div></body></html>
`
}

/** The same mail as somebody sees it whose machine prefers light, or dark. */
export const inScheme = (html: string, scheme: 'light' | 'dark'): string =>
  html
    .replace('content="light dark"', `content="${scheme}"`)
    .replace('color-scheme:light dark', `color-scheme:${scheme}`)
    .replace('@media (prefers-color-scheme:dark)', scheme === 'dark' ? '@media all' : '@media not all')

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)

/** The way to what is given. */
export const giftHtml = ({ title, href }: { title: string; href: string }): string =>
  `<p class="gift"><a class="give" href="${escaped(href)}">${escaped(title)}</a></p>`
