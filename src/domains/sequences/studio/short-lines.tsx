import type { Lang } from '../../../platform/i18n/index.ts'
import type { Short } from '../short-codes.views.ts'
import { words } from '../words.ts'

/** What an artist is told of a batch that has run out, or will soon. */
export const shortText = ({ is, batch, sequence, left, waiting, ahead, lately }: Short, lang: Lang): string => {
  const t = words(lang)
  return is === 'low'
    ? t('codes_low', { batch, name: sequence, left, ahead, lately })
    : `${t(is === 'empty' ? 'codes_empty' : 'codes_ended', { batch, name: sequence })} ${t('codes_wait', { n: waiting })}`
}

export const ShortLines = ({ short, lang }: { short: Short[]; lang: Lang }) => (
  <>
    {short.map((one) => (
      <p class="notice" role="status">
        {shortText(one, lang)} {words(lang)('codes_mend')}
      </p>
    ))}
  </>
)
