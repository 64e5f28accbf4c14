import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { currencyName, type Money, minorDigits } from '../../../platform/money.ts'
import { Button, Select } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import { type Estimates, estimate } from '../estimates/estimate.rules.ts'
import { words } from './words.ts'

/** "about £12", where the visitor chose a currency and a rate is known. */
export function aboutWords(money: Money, estimates: Estimates | undefined, lang: Lang): string | null {
  const about = estimates?.chosen && estimate(money, estimates.chosen, estimates.table)
  if (!about) return null
  const format = new Intl.NumberFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', {
    style: 'currency',
    currency: about.currency,
    trailingZeroDisplay: 'stripIfInteger',
  })
  const amount = format.format(about.amount / 10 ** minorDigits(about.currency))
  return words(lang)('about', { amount })
}

type Props = { page: Page; estimates: Estimates; currency: string; action: string }

/** In which currency prices are shown besides: asked for by the address, so that nothing is kept of it and no page is another's. */
export const CurrencyChoice = ({ page, estimates, currency, action }: Props) => {
  const { lang } = page
  const t = words(lang)
  const { chosen, codes, day } = estimates
  if (codes.length === 0) return null
  const names = new Intl.DisplayNames([lang], { type: 'currency' })
  return (
    <form method="get" action={action} class="currency">
      <input type="hidden" name="lang" value={lang} />
      <Select
        name="currency"
        label={t('estimate_in')}
        value={chosen ?? ''}
        options={[
          { value: '', label: t('estimate_none') },
          ...codes
            .filter((code) => code !== currency)
            .map((code) => ({ value: code, label: `${names.of(code)} (${code})` })),
        ]}
      />
      <Button kind="plain">{t('estimate_show')}</Button>
      {chosen && day && (
        <p class="quiet">
          {t('estimate_note', { date: formats(lang).date(new Date(day)), currency: currencyName(currency, lang) })}
        </p>
      )}
    </form>
  )
}

/** An address that goes on showing what was chosen. */
export const withCurrency = (path: string, estimates: Estimates | undefined): string =>
  estimates?.chosen ? `${path}?currency=${estimates.chosen}` : path
