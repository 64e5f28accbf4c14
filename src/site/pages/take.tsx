import type { Child } from 'hono/jsx'
import { type TakeAsked, TakeForm } from '../../domains/fans/index.ts'
import { formats, type Lang } from '../../platform/i18n/index.ts'
import { Icon } from '../../ui/icons.tsx'
import type { Page } from '../../ui/page.ts'
import { words } from '../words.ts'
import type { Download } from './types.ts'

/** The formats that most people want, shown at once; the others are one step away. */
const FIRST = ['mp3-320', 'flac', 'opus']

type TakeProps = {
  page: Pick<Page, 'lang' | 'csrf'>
  downloads: Download[]
  archive: boolean
  only: boolean
  /** It is given for an address: what there is is shown, and taken on the next page. */
  asked?: TakeAsked | null | undefined
}

/** "Take it": each format in words, its size when it is known. `archive` when it is a zip; `only` when nothing plays here. */
export const Take = ({ downloads, archive, only, asked, page }: TakeProps) => {
  if (!downloads.length) return null
  const { lang } = page
  const t = words(lang)
  const few = downloads.length <= 4
  const first = few ? downloads : downloads.filter(({ format }) => FIRST.includes(format))
  const others = few ? [] : downloads.filter(({ format }) => !FIRST.includes(format))
  return (
    <section aria-labelledby="take">
      <h2 id="take">{t('take')}</h2>
      {only && <p class="aside">{t('take_only')}</p>}
      <Formats downloads={first} lang={lang} shown={Boolean(asked)} />
      {others.length > 0 && (
        <details>
          <summary>{t('take_others', { n: others.length })}</summary>
          <Formats downloads={others} lang={lang} shown={Boolean(asked)} />
        </details>
      )}
      <p class="aside">{t(archive ? 'take_zip' : 'take_one')}</p>
      {asked && <TakeForm page={page} {...asked} />}
    </section>
  )
}

const Formats = ({ downloads, lang, shown }: { downloads: Download[]; lang: Lang; shown: boolean }) => {
  const t = words(lang)
  return (
    <ul class="formats">
      {downloads.map(({ format, href, bytes }) => (
        <li>
          <Way href={shown ? null : href}>
            {!shown && <Icon name="take" />}
            <span>
              <b>{t(`format_${format}`)}</b>
              <small>{t(`format_${format}_words`)}</small>
            </span>
            {bytes !== null && <span class="size figures">{formats(lang).bytes(bytes)}</span>}
          </Way>
        </li>
      ))}
    </ul>
  )
}

const Way = ({ href, children }: { href: string | null; children?: Child }) =>
  href ? (
    <a href={href} rel="nofollow">
      {children}
    </a>
  ) : (
    <div>{children}</div>
  )
