import type { Lang } from '../../../platform/i18n/index.ts'
import { Sleeve } from '../../../ui/sleeve.tsx'
import { pictureOf } from '../../music/index.ts'
import { Prose } from '../public/parts.tsx'
import { missionWords } from '../words.ts'
import type { Contribution } from './mission.views.ts'
import { languageName, type Titles, titleOf } from './task-text.ts'

type Props = { one: Contribution; titles: Titles; lang: Lang; wide?: boolean }

/** What somebody did: the photo and its town, the address of what they wrote, the words that they translated; and whose it is. */
export const ContributionView = ({ one, titles, lang, wide }: Props) => {
  const t = missionWords(lang)
  return (
    <>
      {one.cover && (
        <Sleeve
          picture={pictureOf(one.cover, one.alt)}
          sizes={wide ? '(min-width: 48rem) 32rem, 92vw' : '(min-width: 48rem) 16rem, 44vw'}
          class="photo"
        />
      )}
      {one.link && (
        <p class="entry-title">
          <a href={one.link} rel="nofollow ugc noopener noreferrer">
            {shownLink(one.link)}
          </a>
        </p>
      )}
      {one.kind === 'translate' ? (
        <>
          <p class="entry-title">
            {t('translated', { of: titleOf(one.of, titles, lang), into: languageName(one.into, lang) })}
          </p>
          <details open={wide}>
            <summary>{t('read_it')}</summary>
            <p class="prose lyrics" lang={one.into ?? undefined}>
              {one.text}
            </p>
          </details>
        </>
      ) : (
        one.text && <Prose text={one.text} lang={one.language} />
      )}
      <p class="facts">
        {[one.town, one.name ? t('by_name', { name: one.name }) : t('by_nobody')].filter(Boolean).join(' · ')}
      </p>
    </>
  )
}

const LONGEST = 60
/** Where a link leads, for people: its host and path. */
function shownLink(link: string): string {
  const url = new URL(link)
  const text = `${url.hostname.replace(/^www\./, '')}${url.pathname === '/' ? '' : readable(url.pathname)}`
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}

/** Letters of other scripts as they are read; what is no text stays as it stands. */
function readable(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

/** What it may be called where a button speaks of it. */
export function nameOfContribution(one: Contribution, lang: Lang): string {
  const t = missionWords(lang)
  const whose = one.name ? t('by_name', { name: one.name }) : t('by_nobody')
  return `${t(`kind_${one.kind}`)}, ${whose}`
}
