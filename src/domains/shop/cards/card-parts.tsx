import { formats } from '../../../platform/i18n/index.ts'
import { formatMoney } from '../../../platform/money.ts'
import { Button, Checkbox, Form } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import type { MemberDetails } from '../members/members.views.ts'
import { agreementWords, type Terms } from './agreement.store.ts'
import { type CardOfMember, type ChargeOfMember, cardName, expiryOf, isExpired } from './cards.views.ts'
import { reasonOf } from './charge.rules.ts'
import { words } from './words.ts'

/** The box by which somebody lets a card be charged again. Its value is the sum that it speaks of: another sum was not agreed to. */
export const AgreeBox = ({
  page,
  terms,
  checked,
  error,
  hint,
  id,
}: {
  page: Page
  terms: Terms
  checked?: boolean | undefined
  error?: string | undefined
  hint?: string | undefined
  /** Where a page has two. */
  id?: string
}) => (
  <Checkbox
    id={id}
    name="keep"
    value={String(terms.amount)}
    label={agreementWords(terms, page.lang)}
    hint={hint}
    checked={checked}
    error={error}
  />
)

export type CardProps = {
  card: CardOfMember | null
  /** Of the order that waits, the first one first. */
  charges: ChargeOfMember[]
  /** Whether a card may be given here. */
  mayGive: boolean
  /** Where one is being given. */
  giveHref: string | null
  isBack: boolean
  problem?: 'must_agree' | 'must_agree_anew' | 'unreachable' | undefined
}

type Props = CardProps & { page: Page; member: MemberDetails; href: string; now: Date }

/** Why the payment that is waited for did not go through, and whether it is tried again. */
export const ChargeProblem = ({ page, charges }: Pick<Props, 'page' | 'charges'>) => {
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const last = charges.findLast(({ problem }) => problem !== null)
  if (!last) return null
  const next = charges.find(({ state }) => state === 'due')
  const since = last.state === 'due' ? last.dueAt : last.changedAt
  return (
    <section>
      <h2>{t('problem_title')}</h2>
      <p>
        {t(`problem_${reasonOf(last.problem)}`, { date: date(since) })}{' '}
        {next ? next !== last && t('next_again', { date: date(next.dueAt) }) : t('none_again')}
      </p>
    </section>
  )
}

/** The card that pays by itself: which, when and how much next, what was agreed to; another, or none, each in one press. */
export const CardOfMembership = ({
  page,
  member,
  href,
  now,
  card,
  charges,
  mayGive,
  giveHref,
  isBack,
  problem,
}: Props) => {
  const { lang } = page
  const t = words(lang)
  const { date } = formats(lang)
  const { title, every, currency, price: amount, paidUntil } = member
  if (member.state === 'left' || !(card || giveHref || mayGive)) return null
  const price = formatMoney({ amount, currency }, lang)
  const due = charges.find(({ state }) => state === 'due')
  // What was refused is said above, with when it is tried again.
  const isRefused = charges.some(({ problem }) => problem !== null)
  // What is asked for next; the order that waits keeps the sum that it was placed with.
  const asked = due?.total ?? amount
  const isAgreed = card?.waitsSince === null && card.amount === asked && card.currency === currency
  // The same card pays by itself again once its owner says so.
  const mayAgree = card && !isAgreed && !card.isDisputed && member.state === 'active' && member.productId !== null
  const sum = formatMoney({ amount: asked, currency }, lang)
  const sums = card && { agreed: formatMoney(card, lang), price: sum }
  const next =
    member.state !== 'active'
      ? t('not_while')
      : member.productId === null
        ? t('not_next')
        : card?.isDisputed
          ? t('not_disputed')
          : sums && !isAgreed
            ? [
                card.waitsSince ? t('not_waiting', { date: date(card.waitsSince) }) : t('not_agreed', sums),
                t('agree_anew', sums),
              ].join(' ')
            : due
              ? !isRefused && t('next_told', { date: date(due.dueAt), price: sum })
              : !isRefused && paidUntil > now && t('next', { date: date(paidUntil), price: sum })
  const giving = (
    <Form page={page} action={`${href}/card`} novalidate>
      <p>{t('give_lead')}</p>
      {problem === 'unreachable' && <p role="alert">{t('unreachable')}</p>}
      <AgreeBox
        page={page}
        terms={{ title, amount, currency, every }}
        error={problem === 'must_agree' ? t('must_agree') : undefined}
      />
      <Button kind="plain">{t('give_button')}</Button>
    </Form>
  )
  return (
    <section>
      <h2>{t(card ? 'title' : 'give')}</h2>
      {isBack && !card && <p role="status">{t('given')}</p>}
      {card && (
        <>
          <p>
            {t(isAgreed && !card.isDisputed ? 'pays' : 'is_kept', {
              card: cardName(card, lang),
              expires: isExpired(card, now) ? t('expired') : t('expires', { month: expiryOf(card, lang) }),
            })}
          </p>
          {/* The day and the sum; why there is none is said as all else is. */}
          {next && <p>{isAgreed ? <strong>{next}</strong> : next}</p>}
          {mayAgree && (
            <Form page={page} action={`${href}/again`} novalidate>
              <AgreeBox
                id="f-keep-anew"
                page={page}
                terms={{ title, amount, currency, every }}
                error={problem === 'must_agree_anew' ? t('must_agree_anew') : undefined}
              />
              <Button kind="plain">{t('agree_button')}</Button>
            </Form>
          )}
          {isAgreed && <p class="quiet">{t('price_stays', { price })}</p>}
          <figure class="agreed">
            <figcaption>{t('agreed_on', { date: date(card.agreedAt) })}</figcaption>
            <blockquote lang={card.language}>{card.words}</blockquote>
          </figure>
          <p class="quiet">{t('forget_lead')}</p>
          <Form page={page} action={`${href}/forget`}>
            <Button kind="plain">{t('forget')}</Button>
          </Form>
        </>
      )}
      {giveHref ? (
        <>
          <p>{t('give_open')}</p>
          <p>
            <Button href={giveHref} rel="noopener">
              {t('give_link')}
            </Button>
          </p>
        </>
      ) : (
        mayGive &&
        (card ? (
          <details open={problem === 'must_agree' || problem === 'unreachable'}>
            <summary>{t('other')}</summary>
            {giving}
          </details>
        ) : (
          giving
        ))
      )}
    </section>
  )
}
