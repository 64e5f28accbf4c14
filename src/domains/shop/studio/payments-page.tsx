import type { Context } from 'hono'
import { countryName } from '../../../platform/i18n/index.ts'
import { currencyName } from '../../../platform/money.ts'
import { Button, ErrorSummary, Field, type FieldErrors, Form, TextArea } from '../../../ui/forms.tsx'
import { clockAt, StudioPage, type WebEnv } from '../../identity/index.ts'
import type { PaymentAccount } from '../payments/accounts.store.ts'
import { EVENTS } from '../payments/stripe/told.ts'
import { words } from './words.ts'

export type PaymentsView = {
  artistId: string | null
  /** Of the desk, in addresses. */
  slug: string
  sellerName: string
  account: PaymentAccount | null
  /** Labels on whose platform an account may be opened. */
  platforms: { id: string; name: string }[]
  hookAddress: string | null
  /** Stripe cannot reach an address of this machine. */
  isLocal: boolean
}

type Props = {
  c: Context<WebEnv>
  view: PaymentsView
  errors?: FieldErrors | undefined
  /** Where an account is finished at Stripe. */
  onward?: string | undefined
}

const DONE = ['used', 'tried', 'off', 'hooks', 'platform'] as const

/** By whom one is paid by card: the account, what it may, where Stripe tells us, and how to change it. */
export const PaymentsPage = ({ c, view, errors, onward }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  const { account, artistId, slug } = view
  const done = errors ? undefined : DONE.find((name) => name === c.req.query('done'))
  const action = (path = '') => `/studio/shop/payments${path}?desk=${encodeURIComponent(slug)}`
  return (
    <StudioPage
      c={c}
      title={t('payments')}
      current={artistId ? 'shop' : 'books'}
      artistId={artistId ?? undefined}
      notice={done && t(`payments_${done}`)}
    >
      <p class="quiet">
        {artistId ? <a href="/studio/shop">{t('shop')}</a> : <a href="/studio/books/seller">{t('edit_seller')}</a>}
      </p>
      <h1>{t('payments')}</h1>
      <p class="lead">{t('payments_lead', { name: view.sellerName })}</p>
      <div class="shop">
        <ErrorSummary errors={errors} lang={page.lang} />
        {onward && (
          <section>
            <h2>{t('onward_title')}</h2>
            <p>{t('onward_lead')}</p>
            <p>
              <Button href={onward} rel="noopener">
                {t('onward')}
              </Button>
            </p>
          </section>
        )}
        {account && <Account c={c} view={view} account={account} action={action} onward={onward !== undefined} />}
        {account?.via == null && account && (
          <Hooks c={c} view={view} account={account} action={action} errors={errors} />
        )}
        {view.platforms.map(({ id, name }) =>
          account?.via === id ? null : (
            <section>
              <h2>{t('join_title', { name })}</h2>
              <p>{t('join_lead', { name })}</p>
              <Form page={page} action={action('/join')}>
                <input type="hidden" name="via" value={id} />
                <Button kind={account ? 'plain' : 'main'}>{t('join')}</Button>
              </Form>
            </section>
          ),
        )}
        <details open={!account || Boolean(errors?.['key'])}>
          <summary>{t(account ? 'key_other' : 'key_title')}</summary>
          <p>{t('key_lead')}</p>
          <Form page={page} action={action()} novalidate>
            <Field
              name="key"
              type="password"
              label={t('key')}
              hint={t('key_hint')}
              error={errors?.['key']}
              autocomplete="off"
              spellcheck="false"
              required
            />
            <Button kind={account || view.platforms.length > 0 ? 'plain' : 'main'}>{t('key_use')}</Button>
          </Form>
        </details>
      </div>
    </StudioPage>
  )
}

type Within = { c: Context<WebEnv>; view: PaymentsView; account: PaymentAccount; action: (path?: string) => string }

const Account = ({ c, view, account, action, onward }: Within & { onward: boolean }) => {
  const { page } = c.var
  const t = words(page.lang)
  const dateTime = clockAt(c, view.artistId)
  const { facts } = account
  const platform = view.platforms.find(({ id }) => id === account.via)
  return (
    <section>
      <h2>{t('account_title')}</h2>
      {!account.isLive && <p>{t('account_test_lead')}</p>}
      {!facts.charges && <p>{t(account.via ? 'account_unfinished' : 'account_no_charges')}</p>}
      {account.problem && <p role="alert">{t('account_problem', { problem: problemWords(account.problem, t) })}</p>}
      <dl class="sums">
        <dt>{t('account_mode')}</dt>
        <dd>
          <strong>{t(account.isLive ? 'account_live' : 'account_test')}</strong>
        </dd>
        <dt>{t('account_name')}</dt>
        <dd>
          {[facts.name, account.account].filter(Boolean).join(' · ')}
          {account.via && ` · ${t('account_via', { name: platform?.name ?? '?' })}`}
        </dd>
        {facts.country && (
          <>
            <dt>{t('account_country')}</dt>
            <dd>
              {[countryName(facts.country, page.lang), facts.currency && currencyName(facts.currency, page.lang)]
                .filter(Boolean)
                .join(' · ')}
            </dd>
          </>
        )}
        <dt>{t('account_charges')}</dt>
        <dd>{t(facts.charges ? 'yes' : 'not_yet')}</dd>
        <dt>{t('account_tried')}</dt>
        <dd>{account.triedAt ? dateTime(account.triedAt) : t('never')}</dd>
        <dt>{t('account_asked')}</dt>
        <dd>{account.askedThrough ? dateTime(account.askedThrough) : t('never')}</dd>
      </dl>
      <div class="actions">
        <Form page={page} action={action('/try')}>
          <Button kind="plain">{t('account_try')}</Button>
        </Form>
        {account.via && !facts.charges && !onward && (
          <Form page={page} action={action('/join')}>
            <input type="hidden" name="via" value={account.via} />
            <Button>{t('join_go_on')}</Button>
          </Form>
        )}
        <Form page={page} action={action('/off')}>
          <Button kind="quiet">{t('account_off')}</Button>
        </Form>
      </div>
      {view.artistId === null && account.via === null && (
        <Form page={page} action={action('/platform')}>
          <p>{t(account.forArtists ? 'platform_open' : 'platform_closed')}</p>
          <Button kind="plain" name="open" value={account.forArtists ? 'no' : 'yes'}>
            {t(account.forArtists ? 'platform_close' : 'platform_do_open')}
          </Button>
        </Form>
      )}
    </section>
  )
}

const Hooks = ({ c, view, account, action, errors }: Within & { errors: FieldErrors | undefined }) => {
  const { page } = c.var
  const t = words(page.lang)
  const dateTime = clockAt(c, view.artistId)
  return (
    <section>
      <h2>{t('hooks_title')}</h2>
      <p>{t('hooks_lead')}</p>
      {view.isLocal && <p>{t('hooks_local')}</p>}
      <p>
        {t('hooks_address')}
        <br />
        <code style="overflow-wrap:anywhere">{view.hookAddress}</code>
      </p>
      <dl class="sums">
        <dt>{t('hooks_heard')}</dt>
        <dd>{account.heardAt ? dateTime(account.heardAt) : t('never')}</dd>
      </dl>
      <details>
        <summary>{t('hooks_events')}</summary>
        <ul>
          {EVENTS.map((name) => (
            <li>
              <code>{name}</code>
            </li>
          ))}
        </ul>
        {account.forArtists && <p>{t('hooks_connected')}</p>}
      </details>
      <Form page={page} action={action('/hooks')} novalidate>
        <TextArea
          name="hooks"
          label={t('hooks_secret')}
          hint={t('hooks_secret_hint')}
          error={errors?.['hooks']}
          rows={2}
          autocomplete="off"
          spellcheck="false"
          required
        />
        <Button kind="plain">{t('save')}</Button>
      </Form>
    </section>
  )
}

const SAID = ['key-refused', 'sealed', 'unreachable'] as const

/** Why it cannot be spoken to: in words where there are some, else as the provider names it. */
const problemWords = (problem: string, t: ReturnType<typeof words>): string => {
  const known = SAID.find((name) => name === problem)
  if (known) return t(`payments_problem_${known}`)
  return problem.startsWith('StripeAuthenticationError') ? t('payments_problem_key-refused') : problem
}
