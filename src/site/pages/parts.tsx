import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import { formats, type Lang } from '../../platform/i18n/index.ts'
import { drawCover } from '../../ui/cover/draw.ts'
import { titleStyle } from '../../ui/fit.ts'
import { PlayPause } from '../../ui/icons.tsx'
import { DrawnSleeve, type Picture, Sleeve } from '../../ui/sleeve.tsx'
import { refineTitle } from '../../ui/type.ts'
import { words } from '../words.ts'
import type { Notice, Person, Prose, ReleaseCard } from './types.ts'

const LISTS: Record<Lang, Intl.ListFormat> = {
  en: new Intl.ListFormat('en', { type: 'conjunction' }),
  fr: new Intl.ListFormat('fr', { type: 'conjunction' }),
}

/** "Demo, Second Demo and Third": each a link where it leads somewhere, joined as the language joins. */
export const People = ({ people, lang }: { people: Person[]; lang: Lang }) => {
  const names = people.map((person) => person.name)
  const parts = LISTS[lang].formatToParts(names)
  let next = 0
  return (
    <>
      {parts.map((part) => {
        const person = part.type === 'element' ? people[next++] : undefined
        return person?.href ? <a href={person.href}>{person.name}</a> : part.value
      })}
    </>
  )
}

type HeadlineProps = { title: string; version?: string | null; by?: Person[]; lang: Lang }

/** The title, hung large, and whose it is. */
export const Headline = ({ title, version, by = [], lang }: HeadlineProps) => {
  return (
    <h1 class="headline" style={titleStyle(version ? `${title} ${version}` : title)}>
      {refineTitle(title)}
      {version && <span class="version"> {version}</span>}
      {by.length > 0 && (
        <>
          {' '}
          <span class="by">
            <People people={by} lang={lang} />
          </span>
        </>
      )}
    </h1>
  )
}

/** The round control that plays the whole page, with what it will play beside it. */
export const Press = ({ label, index, children }: { label: string; index?: number; children?: Child }) => (
  <div class="press">
    <button type="button" class="play" data-play="" data-index={index} aria-label={label}>
      <PlayPause />
    </button>
    <p class="facts">{children}</p>
  </div>
)

type CoverProps = {
  picture: Picture | null
  title: string
  artist: string
  /** What the drawn cover grows from: the release's id, so that it is the same everywhere. */
  seed: string
  sizes: string
  first?: boolean
  transition?: string
}

const drawings = new Map<string, string>()

/** Drawing one costs more than the rest of its page: the last few hundred are kept. */
function drawnCover(title: string, artist: string, seed: string): string {
  const key = `${seed}\n${title}\n${artist}`
  const svg = drawings.get(key) ?? drawCover({ title, artist, seed })
  if (drawings.size > 300) drawings.clear()
  drawings.set(key, svg)
  return svg
}

/** A release's sleeve, or the one drawn from its title. */
export const Cover = ({ picture, title, artist, seed, ...rest }: CoverProps) =>
  picture ? (
    <Sleeve picture={picture} {...rest} />
  ) : (
    <DrawnSleeve svg={drawnCover(title, artist, seed)} transition={rest.transition} />
  )

export const Text = ({ text, class: extra }: { text: Prose; class?: string }) => (
  <div class={extra ? `prose ${extra}` : 'prose'} lang={text.lang} dangerouslySetInnerHTML={{ __html: text.html }} />
)

/** What, then who or when; nothing for what is unknown. */
export const Pairs = ({ pairs }: { pairs: [string, Child][] }) => {
  const found = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false)
  if (!found.length) return null
  return (
    <dl class="pairs">
      {found.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  )
}

export const Shelf = ({ cards, lang, byline }: { cards: ReleaseCard[]; lang: Lang; byline?: boolean }) => (
  <ul class="shelf">
    {cards.map((card) => (
      <li>
        <a href={card.href}>
          <Cover
            picture={card.picture && { ...card.picture, alt: '' }}
            title={card.title}
            artist={card.artists.join(', ')}
            seed={card.id}
            sizes="(min-width: 40rem) 16rem, 46vw"
            transition={card.id}
          />
          <span class="s-title">{refineTitle(card.title)}</span>
          <small>{byline ? formats(lang).list(card.artists) : cardFacts(card, lang)}</small>
        </a>
      </li>
    ))}
  </ul>
)

/** "EP, 2026". */
export const cardFacts = (card: Pick<ReleaseCard, 'kind' | 'date'>, lang: Lang): string =>
  [words(lang)(card.kind), card.date?.getUTCFullYear()].filter(Boolean).join(', ')

export const NoticeLine = ({ notice, lang }: { notice?: Notice | undefined; lang: Lang }) => {
  if (!notice) return null
  const t = words(lang)
  const sentence =
    notice.kind === 'scheduled' || notice.kind === 'early'
      ? t(`notice_${notice.kind}`, { date: formats(lang).dateTime(notice.at, notice.zone) })
      : t(`notice_${notice.kind}`)
  return (
    <p class="notice" role="note">
      {sentence}
    </p>
  )
}

/** Native players for those without scripts. */
export const NativeAudio = ({ sources, label }: { sources: { src: string; type: string }[]; label: string }) => html`
  <noscript><audio controls preload="none" aria-label="${label}">${sources.map(
    ({ src, type }) => html`<source src="${src}" type="${type}" />`,
  )}</audio></noscript>`
