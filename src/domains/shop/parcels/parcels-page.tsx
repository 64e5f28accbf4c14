import type { Context } from 'hono'
import { countryName, formats, type Lang } from '../../../platform/i18n/index.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button } from '../../../ui/forms.tsx'
import { type Sender, StudioPage, type WebEnv } from '../../identity/index.ts'
import { vatRates } from '../rates.ts'
import { crossesCustoms } from './customs.rules.ts'
import { grouped } from './parcel.rules.ts'
import type { OrderToPack } from './parcels.views.ts'
import { words } from './words.ts'

type Props = {
  c: Context<WebEnv>
  sender: Sender
  orders: OrderToPack[]
  /** Those whose buyers may not have been told of a parcel. */
  uncertain: { id: string; code: string }[]
}

/** What is paid and has not left: by country, what goes to one address together, with what is printed for it. */
export const ParcelsPage = ({ c, sender, orders, uncertain }: Props) => {
  const { lang } = c.var.page
  const t = words(lang)
  const isLabel = 'labelId' in sender
  const byArtist = Map.groupBy(orders, ({ artist }) => artist)
  return (
    <StudioPage c={c} title={t('title')} current={isLabel ? 'label' : 'shop'} {...sender}>
      <p class="quiet">{isLabel ? <a href="/studio">{t('home')}</a> : <a href="/studio/shop">{t('shop')}</a>}</p>
      <h1>{t('title')}</h1>
      {uncertain.length > 0 && (
        <section class="shop">
          <p>{t('uncertain', { n: uncertain.length })}</p>
          <ul>
            {uncertain.map(({ id, code }) => (
              <li>
                <a href={`/studio/orders/${id}`}>{code}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {orders.length === 0 ? (
        <Empty title={t('empty')}>
          <p>{t(isLabel ? 'empty_lead_label' : 'empty_lead')}</p>
        </Empty>
      ) : (
        <form method="get" action="/studio/parcels/labels.pdf" class="shop" data-reload="">
          <p class="lead">{t('lead', { n: orders.length })}</p>
          {isLabel ? (
            [...byArtist]
              .sort(([a], [b]) => a.localeCompare(b, lang))
              .map(([artist, theirs]) => (
                <section>
                  <h2>{artist}</h2>
                  <ByCountry orders={theirs} lang={lang} under={3} />
                </section>
              ))
          ) : (
            <ByCountry orders={orders} lang={lang} under={2} />
          )}
          <p class="quiet">{t('print_hint')}</p>
          <p class="actions">
            <Button>{t('print_labels')}</Button>
            <Button kind="plain" formaction="/studio/parcels/slips.pdf">
              {t('print_slips')}
            </Button>
            <Button kind="plain" formaction="/studio/parcels/parcels.csv">
              {t('carrier_csv')}
            </Button>
          </p>
        </form>
      )}
      <p>
        <a href="/studio/parcels/numbers">{t('numbers')}</a>
      </p>
    </StudioPage>
  )
}

/** What goes to one address together, country by country. `under`: of which rank the headings are. */
const ByCountry = ({ orders, lang, under }: { orders: OrderToPack[]; lang: Lang; under: 2 | 3 }) => {
  const byCountry = Map.groupBy(grouped(orders), ([first]) => first?.address.country ?? '')
  return (
    <>
      {[...byCountry].map(([country, groups]) => (
        <section>
          {under === 2 ? <h2>{countryName(country, lang)}</h2> : <h3>{countryName(country, lang)}</h3>}
          <Customs orders={groups.flat()} lang={lang} />
          {groups.map((group) => (
            <Group group={group} lang={lang} />
          ))}
        </section>
      ))}
    </>
  )
}

/** Of what leaves the customs territory: where its declaration is, and what it still lacks. */
const Customs = ({ orders, lang }: { orders: OrderToPack[]; lang: Lang }) => {
  const t = words(lang)
  const abroad = orders.filter(({ home, homePostcode, address }) =>
    crossesCustoms({ country: home, postcode: homePostcode }, address, vatRates.isInEu),
  )
  if (abroad.length === 0) return null
  const lacking = new Map(
    abroad.flatMap(({ lines }) =>
      lines.flatMap(({ productId, title, isDeclared }) => (productId && !isDeclared ? [[productId, title]] : [])),
    ) as [string, string][],
  )
  return (
    <>
      <p class="hint">{t('customs_where')}</p>
      {lacking.size > 0 && (
        <>
          <p>{t('customs_lacks')}</p>
          <ul>
            {[...lacking].map(([id, title]) => (
              <li>
                <a href={`/studio/shop/${id}#f-hsCode`}>{title}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

const Group = ({ group, lang }: { group: OrderToPack[]; lang: Lang }) => {
  const t = words(lang)
  const { date } = formats(lang)
  const [first] = group
  if (!first) return null
  const { name, postcode, city } = first.address
  return (
    <fieldset class="field">
      <legend>{[name, `${postcode} ${city}`.trim()].filter(Boolean).join(', ')}</legend>
      {group.length > 1 && <p>{t('together', { n: group.length })}</p>}
      <div class="choices">
        {group.map(({ id, code, placedAt, waitsUntil, lines }) => (
          <label>
            <input type="checkbox" name="order" value={id} />
            <span>
              <a href={`/studio/orders/${id}`}>{code}</a>{' '}
              <span class="quiet">
                {[date(placedAt), waitsUntil && t('waits', { date: date(waitsUntil) })].filter(Boolean).join(' · ')}
              </span>
              {lines.map(({ title, variant, quantity, packed, grams }) => (
                <small>
                  {[
                    t('line', { quantity, what: [title, variant].filter(Boolean).join(', ') }),
                    t('grams', { n: grams }),
                    packed > 0 && t('packed_part', { n: packed }),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </small>
              ))}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
