import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { senderId, ThingPage, type WebEnv, zoneAt } from '../../identity/index.ts'
import { type Section, sequencePath } from '../paths.rules.ts'
import type { Sequence } from '../sequence.store.ts'
import { words } from '../words.ts'

type Stated = Pick<Sequence, 'state' | 'version' | 'onAt'> & { walking: number }

/** In what state it is, in a sentence. */
export function stateText({ state, version, onAt, walking }: Stated, lang: Lang, zone: string): string {
  const t = words(lang)
  if (state === 'on' && onAt) return t('state_on', { at: formats(lang).date(onAt, zone), n: walking })
  return t(version === null ? 'state_new' : 'state_off')
}

type FrameProps = {
  c: Context<WebEnv>
  sequence: Sequence
  walking: number
  section: Section
  title?: string
  notice?: Child
  head?: Child
  children?: Child
}

const SECTIONS = [
  ['', 'laid'],
  ['try', 'try'],
  ['people', 'people'],
] as const satisfies [Section, string][]

export const SequenceFrame = ({ c, sequence, walking, section, title, notice, head, children }: FrameProps) => {
  const { lang } = c.get('page')
  const t = words(lang)
  return (
    <ThingPage
      c={c}
      heading={sequence.name}
      title={title}
      current="announcements"
      {...sequence.sender}
      back={{ href: '/studio/sequences', label: t('sequences') }}
      state={stateText({ ...sequence, walking }, lang, zoneAt(c, senderId(sequence.sender)))}
      notice={notice}
      head={head}
      sections={{
        label: t('sections'),
        links: SECTIONS.map(([one, label]) => ({
          href: sequencePath(sequence.id, one),
          label: t(`section_${label}`),
          current: one === section,
        })),
      }}
    >
      <div class="contest">{children}</div>
    </ThingPage>
  )
}
