import type { Context } from 'hono'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import { Button, Checkbox, Field, type FieldErrors, Form, Select } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import { clockAt, type WebEnv, zoneAt } from '../../identity/index.ts'
import { isGivenBack } from '../order.rules.ts'
import type { OrderDetails } from '../order.views.ts'
import { CARRIERS, carrierName } from './carrier.rules.ts'
import { keptBack, leftOf } from './parcel.rules.ts'
import { knownOf, type SentParcel } from './parcels.views.ts'
import { Proofs, type Typed } from './proof-parts.tsx'
import { words } from './words.ts'

type Props = {
  page: Page
  order: OrderDetails
  parcels: SentParcel[]
  errors?: FieldErrors | undefined
  typed?: Typed | undefined
}

export const named = ({ title, variant }: { title: string; variant: string }): string =>
  [title, variant].filter(Boolean).join(', ')

/** Of each line what waits to be put into a parcel. */
export const unpackedOf = (order: OrderDetails, parcels: SentParcel[]) => {
  const known = knownOf(order, parcels)
  return order.lines.map((line) => ({ line, left: leftOf(line, known) })).filter(({ left }) => left > 0)
}

const HowFollowed = ({
  lang,
  of = '',
  errors,
  typed,
}: {
  lang: Lang
  of?: string
  errors?: FieldErrors | undefined
  typed?: Typed | undefined
}) => {
  const t = words(lang)
  return (
    <>
      <Select
        name={`carrier${of}`}
        label={t('carrier')}
        value={typed?.(`carrier${of}`)}
        options={[
          { value: '', label: t('carrier_other') },
          ...CARRIERS.map((value) => ({ value, label: carrierName(value) ?? value })),
        ]}
      />
      <Field
        name={`tracking${of}`}
        label={t('tracking')}
        value={typed?.(`tracking${of}`)}
        note={t('optional')}
        error={errors?.[`tracking${of}`]}
        autocomplete="off"
        maxlength={60}
      />
      <Field
        name={`link${of}`}
        type="url"
        label={t('link')}
        value={typed?.(`link${of}`)}
        note={t('optional')}
        hint={t('link_hint')}
        error={errors?.[`link${of}`]}
        autocomplete="off"
        maxlength={500}
      />
    </>
  )
}

/** What of an order is in which parcel, and the next thing to do about what is in none. */
export const OrderParcels = ({ c, order, parcels, errors, typed }: Omit<Props, 'page'> & { c: Context<WebEnv> }) => {
  const { page } = c.var
  const { lang } = page
  const t = words(lang)
  const { date, list } = formats(lang)
  const dispute = order.disputes.find(({ state }) => state !== 'won')
  const obstacle = isGivenBack(order) ? 'given-back' : dispute ? ('disputed' as const) : null
  const left = unpackedOf(order, parcels)
  const known = knownOf(order, parcels)
  const replaceable = order.lines
    .map((line) => ({ line, most: leftOf(line, known, 'replacement') }))
    .filter(({ most }) => most > 0)
  const sent = known.parts.filter(({ isSent }) => isSent)
  const stays = order.lines.filter(
    (line) => keptBack(line, known.withdrawn) === 'withdrawn' && leftOf(line, { parts: sent, withdrawn: [] }) > 0,
  )
  const last = parcels.findLast(({ sentAt }) => sentAt)?.sentAt
  if (order.state !== 'paid' || !order.address || (parcels.length === 0 && left.length === 0 && stays.length === 0))
    return null
  return (
    <section id="parcels">
      <h2>{t('section')}</h2>
      {obstacle && <p>{t(`obstacle_${obstacle}`)}</p>}
      {dispute && last && last < dispute.openedAt && (
        <p>{t('left_before_dispute', { date: date(last, zoneAt(c, order.artistId ?? '')) })}</p>
      )}
      {!obstacle && stays.length > 0 && <p>{t('stays', { what: list(stays.map(named)) })}</p>}
      {!obstacle && stays.length === 0 && left.length === 0 && parcels.every(({ sentAt }) => sentAt) && (
        <p>{t('nothing_left')}</p>
      )}
      {parcels.map((parcel) => (
        <Parcel {...{ c, order, parcel, errors, typed, mayLeave: !obstacle }} />
      ))}
      {!obstacle && left.length > 0 && (
        <Form page={page} action={`/studio/orders/${order.id}/parcels`}>
          <h3>{t('send_title')}</h3>
          <p>{t('send_lead')}</p>
          {left.some(({ line }) => line.refunded > 0) && <p>{t('part_given_back')}</p>}
          <input type="hidden" name="key" value={newId()} />
          {left.map(({ line, left: most }) => (
            <Quantity {...{ lang, line, most, errors, typed }} prefix="q" value={most} />
          ))}
          <HowFollowed {...{ lang, errors, typed }} />
          <p class="actions">
            <Button name="leaves" value="now">
              {t('it_left')}
            </Button>
            <Button kind="plain" name="leaves" value="later">
              {t('only_pack')}
            </Button>
          </p>
        </Form>
      )}
      {!obstacle && replaceable.length > 0 && (
        <details open={Object.keys(errors ?? {}).some((name) => name.startsWith('again_'))}>
          <summary>{t('replace_title')}</summary>
          <p>{t('replace_lead')}</p>
          <Form page={page} action={`/studio/orders/${order.id}/parcels`}>
            <input type="hidden" name="key" value={newId()} />
            <input type="hidden" name="kind" value="replacement" />
            {replaceable.map(({ line, most }) => (
              <Quantity {...{ lang, line, most, errors, typed }} prefix="again" value={0} />
            ))}
            <Button kind="plain" name="leaves" value="later">
              {t('only_pack')}
            </Button>
          </Form>
        </details>
      )}
    </section>
  )
}

type QuantityProps = {
  lang: Lang
  line: { position: number; title: string; variant: string }
  most: number
  value: number
  prefix: string
  errors?: FieldErrors | undefined
  typed?: Typed | undefined
}

const Quantity = ({ lang, line, most, value, prefix, errors, typed }: QuantityProps) => (
  <Field
    name={`${prefix}_${line.position}`}
    label={words(lang)('quantity_of', { what: named(line), left: most })}
    value={typed?.(`${prefix}_${line.position}`) || value}
    error={errors?.[`${prefix}_${line.position}`]}
    inputmode="numeric"
    autocomplete="off"
    maxlength={3}
  />
)

const Parcel = ({
  c,
  order,
  parcel,
  errors,
  typed,
  mayLeave,
}: {
  c: Context<WebEnv>
  order: OrderDetails
  parcel: SentParcel
  errors?: FieldErrors | undefined
  typed?: Typed | undefined
  mayLeave: boolean
}) => {
  const { page } = c.var
  const { lang } = page
  const t = words(lang)
  const { date, list } = formats(lang)
  const dateTime = clockAt(c, order.artistId)
  const { id, kind, sentAt, toldAt, uncertainSince, lines, tracking, link, before } = parcel
  const carrier = carrierName(parcel.carrier)
  const returnable = lines.filter(({ quantity, back }) => back < quantity)
  const { withdrawn } = knownOf(order, [])
  const out = sentAt
    ? []
    : lines.filter(({ position }) =>
        order.lines.some((line) => line.position === position && keptBack(line, withdrawn) !== null),
      )
  return (
    <section>
      <h3>{t(`parcel_${kind}`, { date: date(sentAt ?? parcel.packedAt, zoneAt(c, order.artistId ?? '')) })}</h3>
      <p>
        {sentAt ? t('parcel_sent', { date: dateTime(sentAt) }) : t('parcel_packed')}
        {sentAt && order.mail && (toldAt || !uncertainSince) && (
          <>
            {'. '}
            {toldAt ? t('parcel_told', { mail: order.mail, date: dateTime(toldAt) }) : t('parcel_untold')}
          </>
        )}
      </p>
      {uncertainSince && order.mail && (
        <Form page={page} action={`/studio/parcels/${id}/tell`}>
          <p>{t('parcel_uncertain', { mail: order.mail, date: dateTime(uncertainSince) })}</p>
          <Button kind="plain">{t('tell_again')}</Button>
        </Form>
      )}
      <ul>
        {lines.map((line) => (
          <li>
            {[t('line', { quantity: line.quantity, what: named(line) }), line.back > 0 && t('back', { n: line.back })]
              .filter(Boolean)
              .join(' · ')}
          </li>
        ))}
      </ul>
      {(tracking || carrier) && (
        <p>{[carrier, tracking && `${t('number')} ${tracking}`].filter(Boolean).join(' · ')}</p>
      )}
      <p class="actions">
        {link && (
          <a href={link} rel="noopener noreferrer">
            {t('follow')}
          </a>
        )}
        <a href={`/studio/parcels/${id}/slip.pdf`} data-reload="">
          {t('slip')}
        </a>
      </p>
      {out.length > 0 && <p>{t('take_out', { what: list(out.map(named)) })}</p>}
      {!sentAt && mayLeave && out.length === 0 && (
        <Form page={page} action={`/studio/parcels/${id}/send`}>
          <HowFollowed lang={lang} of={`_${id}`} errors={errors} typed={typed} />
          <Button>{t('it_left')}</Button>
        </Form>
      )}
      {!sentAt && (
        <Form page={page} action={`/studio/parcels/${id}/unpack`}>
          <Button kind="plain">{t('unpack')}</Button>
        </Form>
      )}
      {before.length > 0 && (
        <p class="quiet">
          {t('number_before', {
            what: list(
              before.map(({ tracking: old, until }) =>
                t('number_until', { number: old || t('number_none'), date: date(new Date(until)) }),
              ),
            ),
          })}
        </p>
      )}
      {sentAt && (
        <details open={['tracking', 'link'].some((name) => errors?.[`${name}_${id}`])}>
          <summary>{t(tracking ? 'correct_title' : 'correct_title_none')}</summary>
          <Form page={page} action={`/studio/parcels/${id}/number`}>
            <HowFollowed
              lang={lang}
              of={`_${id}`}
              errors={errors}
              typed={
                errors
                  ? typed
                  : (name) => (name === `carrier_${id}` ? parcel.carrier : name === `tracking_${id}` ? tracking : '')
              }
            />
            {order.mail && <Checkbox name={`tells_${id}`} label={t('correct_tells')} checked />}
            <Button kind="plain">{t('correct_button')}</Button>
          </Form>
        </details>
      )}
      {sentAt && <Proofs {...{ page, parcel, errors, typed }} />}
      {sentAt && returnable.length > 0 && (
        <details open={Object.keys(errors ?? {}).some((name) => name.startsWith(`back_${id}`))}>
          <summary>{t('back_title')}</summary>
          <p>{t('back_lead')}</p>
          {returnable.map((line) => (
            <Form page={page} action={`/studio/parcels/${id}/back`}>
              <input type="hidden" name="key" value={newId()} />
              <input type="hidden" name="position" value={line.position} />
              <Field
                name={`back_${id}_${line.position}`}
                label={t('back_quantity', { what: named(line) })}
                value={typed?.(`back_${id}_${line.position}`) || line.quantity - line.back}
                error={errors?.[`back_${id}_${line.position}`]}
                inputmode="numeric"
                autocomplete="off"
                maxlength={3}
              />
              <Checkbox name={`restock_${id}_${line.position}`} label={t('restock')} checked />
              <Button kind="plain">{t('back_button')}</Button>
            </Form>
          ))}
        </details>
      )}
    </section>
  )
}

/** What was sent, for whoever ordered it. */
export const SentToBuyer = ({ page, order, parcels }: Omit<Props, 'errors' | 'typed'>) => {
  const { lang } = page
  const t = words(lang)
  const { date, list } = formats(lang)
  const sent = parcels.flatMap(({ sentAt, ...parcel }) => (sentAt ? [{ ...parcel, sentAt }] : []))
  if (sent.length === 0) return null
  const waits = unpackedOf(
    order,
    parcels.filter(({ sentAt }) => sentAt),
  ).map(({ line, left }) => `${left} × ${named(line)}`)
  return (
    <section>
      <h2>{t('buyer_title')}</h2>
      <ul class="offers">
        {sent.map(({ kind, sentAt, lines, link, tracking, carrier }) => (
          <li>
            <span>{list(lines.map((line) => `${line.quantity} × ${named(line)}`))}</span>{' '}
            <span class="quiet">
              {[
                t(kind === 'order' ? 'buyer_sent' : 'buyer_again', { date: date(sentAt) }),
                carrierName(carrier),
                tracking,
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>{' '}
            {link && (
              <a href={link} rel="noopener noreferrer">
                {t('follow')}
              </a>
            )}
          </li>
        ))}
      </ul>
      {waits.length > 0 && !isGivenBack(order) && <p>{t('buyer_waits', { what: list(waits) })}</p>}
    </section>
  )
}
