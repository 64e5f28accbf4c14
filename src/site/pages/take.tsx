import { formats, type Lang } from '../../platform/i18n/index.ts'
import { Icon } from '../../ui/icons.tsx'
import { words } from '../words.ts'
import type { Download } from './types.ts'

/** The formats that most people want, shown at once; the others are one step away. */
const FIRST = ['mp3-320', 'flac', 'opus']

type TakeProps = { downloads: Download[]; archive: boolean; only: boolean; lang: Lang }

/** "Take it": each format in words, its size when it is known. `archive` when it is a zip; `only` when nothing plays here. */
export const Take = ({ downloads, archive, only, lang }: TakeProps) => {
  if (!downloads.length) return null
  const t = words(lang)
  const few = downloads.length <= 4
  const first = few ? downloads : downloads.filter(({ format }) => FIRST.includes(format))
  const others = few ? [] : downloads.filter(({ format }) => !FIRST.includes(format))
  return (
    <section aria-labelledby="take">
      <h2 id="take">{t('take')}</h2>
      {only && <p class="aside">{t('take_only')}</p>}
      <Formats downloads={first} lang={lang} />
      {others.length > 0 && (
        <details>
          <summary>{t('take_others', { n: others.length })}</summary>
          <Formats downloads={others} lang={lang} />
        </details>
      )}
      <p class="aside">{t(archive ? 'take_zip' : 'take_one')}</p>
    </section>
  )
}

const Formats = ({ downloads, lang }: { downloads: Download[]; lang: Lang }) => {
  const t = words(lang)
  return (
    <ul class="formats">
      {downloads.map(({ format, href, bytes }) => (
        <li>
          <a href={href} rel="nofollow">
            <Icon name="take" />
            <span>
              <b>{t(`format_${format}`)}</b>
              <small>{t(`format_${format}_words`)}</small>
            </span>
            {bytes !== null && <span class="size figures">{formats(lang).bytes(bytes)}</span>}
          </a>
        </li>
      ))}
    </ul>
  )
}
