import type { Context } from 'hono'
import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../../../platform/i18n/index.ts'
import { senderId, ThingPage, type WebEnv, zoneAt } from '../../../identity/index.ts'
import { announceWords } from '../../words.ts'
import { type Announcement, titleOf } from '../announcement.store.ts'

export const announceHref = (id: string, section: Section | '' = ''): string =>
  section ? `/studio/announcements/${id}/${section}` : `/studio/announcements/${id}`

const DRAFT_SECTIONS = ['words', 'audience', 'send'] as const
export type Section = (typeof DRAFT_SECTIONS)[number]

type FrameProps = {
  c: Context<WebEnv>
  announcement: Announcement
  section?: Section
  notice?: Child
  scripts?: string[]
  wide?: boolean
  children?: Child
}

/** What every page of one announcement has around it: its name, its state, and of a draft the way to its other pages. */
export const AnnounceFrame = ({ c, announcement, section, ...rest }: FrameProps) => {
  const { lang } = c.get('page')
  const t = announceWords(lang)
  const links = DRAFT_SECTIONS.map((name) => ({
    href: announceHref(announcement.id, name === 'words' ? '' : name),
    label: t(`section_${name}`),
    current: name === section,
  }))
  return (
    <ThingPage
      c={c}
      heading={titleOf(announcement.variants, lang) || t('untitled')}
      current="announcements"
      {...announcement.sender}
      back={{ href: '/studio/announcements', label: t('announcements') }}
      state={stateSentence(announcement, lang, zoneAt(c, senderId(announcement.sender)))}
      sections={announcement.state === 'draft' ? { label: t('sections'), links } : undefined}
      head={<style>{raw(STYLE)}</style>}
      {...rest}
    />
  )
}

type Stated = Pick<Announcement, 'state' | 'leavesAt' | 'finishedAt' | 'localTime'>

/** The form of the words: buttons beside the previews belong to it. */
export const WORDS_FORM = 'words'

/** In which state an announcement is, in a sentence. */
export function stateSentence({ state, leavesAt, finishedAt, localTime }: Stated, lang: Lang, zone: string): string {
  const t = announceWords(lang)
  const { dateTime } = formats(lang)
  switch (state) {
    case 'waiting':
      if (localTime) return t('state_waiting_local', { date: dateTime(new Date(`${localTime}:00Z`)) })
      return t('state_waiting', { date: leavesAt ? dateTime(leavesAt, zone) : '' })
    case 'sent':
      return t('state_sent', { date: finishedAt ? dateTime(finishedAt, zone) : '' })
    default:
      return t(`state_${state}`)
  }
}

/** What these pages need beyond the studio's own sheet. */
const STYLE = `
.compose{display:grid;grid-template-columns:minmax(0,1fr);gap:var(--s6);max-width:76rem}
@media(min-width:75rem){.compose{grid-template-columns:minmax(0,var(--measure)) minmax(24rem,1fr)}.compose>.previews{position:sticky;top:var(--s4);align-self:start;max-height:calc(100dvh - 2rem);overflow:auto}}
.compose fieldset{border:0;padding:0;margin:0 0 var(--s5);min-width:0}
.compose details{margin-block:0 var(--s5);max-width:var(--measure)}
.compose summary{padding-block:.6rem;font-weight:600;font-size:var(--t2);cursor:pointer}
.compose details[open]>summary{margin-bottom:var(--s2)}
#progress{margin-bottom:var(--s6)}
#progress+.previews{max-width:44rem}
#progress+.previews .letter{height:20rem}
.previews h2{margin:0 0 var(--s2)}
.previews h3{margin:var(--s5) 0 var(--s2);font-size:var(--t2)}
.choice{display:flex;flex-wrap:wrap;gap:0 var(--s4);font-size:var(--t2)}
.choice a{display:inline-flex;align-items:center;min-height:var(--touch);text-underline-offset:.25em}
.choice [aria-current]{font-weight:700;text-decoration:none}
.letter{display:block;resize:vertical;margin-top:var(--s2);width:100%;height:30rem;border:1px solid var(--line);background:var(--soft)}
.bubble{max-width:20rem;padding:.6rem .9rem;border-radius:1.1rem 1.1rem 1.1rem .25rem;background:var(--soft);border:1px solid var(--line);font:1rem/1.35 system-ui,sans-serif;white-space:pre-wrap;overflow-wrap:anywhere}
.bubble+p{margin-top:var(--s2)}
.notification{max-width:22rem;padding:.7rem .9rem;border-radius:.8rem;background:var(--soft);border:1px solid var(--line);font:.9375rem/1.35 system-ui,sans-serif;overflow-wrap:anywhere}
.notification b{display:block}
.entry+.entry{margin-top:var(--s3)}
.entry{max-width:var(--measure);border-inline-start:3px solid var(--line);padding-inline-start:var(--s4);overflow-wrap:anywhere}
.size{font-size:var(--t4);line-height:1.25;font-weight:600;margin:0 0 var(--s2);max-width:var(--measure)}
.conditions{margin-bottom:var(--s5)}
.conditions li{grid-template-columns:minmax(0,1fr) auto}
.conditions form{margin:0}
.things{margin:0 0 var(--s4);max-width:var(--measure)}
.things li{grid-template-columns:minmax(0,1fr) auto}
.things .steps{display:flex;flex-wrap:wrap;justify-content:flex-end}
.compose .add{margin:calc(-1*var(--s3)) 0 0}
.bar{width:100%;max-width:var(--measure);height:.75rem;accent-color:var(--accent)}
.facts{margin:0 0 var(--s5);max-width:var(--measure)}
.facts li{padding-block:var(--s2);border-top:1px solid var(--line)}
.steer{display:flex;flex-wrap:wrap;gap:var(--s3);margin-block:var(--s4)}
.steer form{margin:0}
`
