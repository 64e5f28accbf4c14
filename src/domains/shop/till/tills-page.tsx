import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { currencyName, formatMoney } from '../../../platform/money.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, Checkbox, ErrorSummary, Field, type FieldErrors, Form, Radios } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { clockAt, StudioPage, type WebEnv } from '../../identity/index.ts'
import { boxOf, type tillRule } from './till.rules.ts'
import type { TillRow } from './till.views.ts'
import { words } from './words.ts'

export type TypedTill = { place: string; begunWith: string; from: string; confirmed: boolean }

type Props = {
  c: Context<WebEnv>
  artistId: string
  currency: string
  rule: ReturnType<typeof tillRule>
  canSell: boolean
  tills: TillRow[]
  typed?: TypedTill | undefined
  errors?: FieldErrors | undefined
}

/** The evenings at the table, and the beginning of the next one. */
export const TillsPage = (props: Props) => {
  const { c, artistId, tills, canSell } = props
  const { lang } = c.var.page
  const t = words(lang)
  return (
    <StudioPage c={c} title={t('tills')} current="shop" artistId={artistId}>
      <h1>{t('tills')}</h1>
      {canSell ? (
        <>
          <p class="prose">{t('tills_lead')}</p>
          <Beginning {...props} />
        </>
      ) : (
        <Empty title={t('nothing_to_sell')}>
          <p>{t('nothing_to_sell_lead')}</p>
        </Empty>
      )}
      {tills.length > 0 && <Evenings {...{ c, artistId, tills }} />}
    </StudioPage>
  )
}

const Beginning = ({ c, currency, rule, typed, errors }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  return (
    <section class="shop">
      <h2>{t('begin')}</h2>
      <Form page={page} action="/studio/till">
        <ErrorSummary errors={errors} lang={page.lang} />
        <Field
          name="place"
          label={t('place')}
          note={t('optional')}
          hint={t('place_hint')}
          value={typed?.place}
          maxlength={100}
        />
        <Field
          name="begunWith"
          label={t('begun_with', { currency: currencyName(currency, page.lang) })}
          value={typed?.begunWith ?? '0'}
          error={errors?.['begunWith']}
          inputmode="decimal"
          autocomplete="off"
          required
        />
        <Radios
          name="from"
          label={t('from_account')}
          value={typed?.from ?? 'owner'}
          options={(['owner', 'cash'] as const).map((value) => ({ value, label: t(`from_${value}`) }))}
        />
        <p class="prose">
          {t(`rule_${rule}`)} {t('rule_country')}
        </p>
        {rule !== 'free' && (
          <Checkbox
            name="confirmed"
            label={t(`rule_${rule}_tick`)}
            checked={typed?.confirmed}
            error={errors?.['confirmed']}
          />
        )}
        <Button>{t('begin_button')}</Button>
      </Form>
    </section>
  )
}

const Evenings = ({ c, artistId, tills }: Pick<Props, 'c' | 'artistId' | 'tills'>) => {
  const { lang } = c.var.page
  const t = words(lang)
  const { number } = formats(lang)
  const dateTime = clockAt(c, artistId)
  const money = (amount: number, { currency }: TillRow) => formatMoney({ amount, currency }, lang)
  return (
    <Table
      lang={lang}
      caption={t('evenings')}
      columns={[
        {
          label: t('when'),
          cell: (row) => (
            <a href={`/studio/till/${row.id}`}>{[dateTime(row.openedAt), row.place].filter(Boolean).join(', ')}</a>
          ),
        },
        { label: t('state'), cell: (row) => t(row.closedAt ? 'is_counted' : 'open') },
        { label: t('sales'), numeric: true, cell: (row) => number(row.sales) },
        { label: t('cash'), numeric: true, cell: (row) => money(row.cash, row) },
        { label: t('other'), numeric: true, cell: (row) => money(row.other, row) },
        {
          label: t('difference'),
          numeric: true,
          cell: (row) => {
            if (row.counted === null) return '–'
            const { difference } = boxOf({
              ...row,
              sold: row.cash,
              givenBack: row.givenBack ?? 0,
              counted: row.counted,
            })
            return difference === 0 ? t('difference_none') : money(difference, row)
          },
        },
      ]}
      rows={tills}
    />
  )
}
