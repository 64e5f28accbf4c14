import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, ErrorSummary, type FieldErrors, Form } from '../../../ui/forms.tsx'
import { Table } from '../../../ui/table.tsx'
import { actorOf, type WebEnv } from '../guard.ts'
import { StudioPage } from '../studio-page.tsx'
import type { AccountLine } from './accounts.ts'
import { words } from './words.ts'

type Props = { c: Context<WebEnv>; accounts: AccountLine[]; notice?: Child; errors?: FieldErrors }

/** Everybody who may come in, for the host: shut out, let in again, made an owner too. */
export const AccountsPage = ({ c, accounts, notice, errors }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const state = (account: AccountLine) =>
    t(account.disabledAt ? 'state_closed' : account.isHost ? 'state_host' : 'state_open')
  return (
    <StudioPage c={c} title={t('accounts')} foot="/studio/settings" notice={notice} wide>
      <h1>{t('accounts')}</h1>
      <ErrorSummary errors={errors} lang={page.lang} />
      <Table
        lang={page.lang}
        caption={t('accounts')}
        captionHidden
        rows={accounts}
        columns={[
          { label: t('account'), cell: ({ name, email }) => (name ? `${name} (${email})` : email) },
          { label: t('account_since'), cell: ({ createdAt }) => date(createdAt) },
          { label: t('account_seen'), cell: ({ seenAt }) => (seenAt ? date(seenAt) : t('account_never')) },
          { label: t('account_state'), cell: state },
          { label: t('account_do'), cell: (account) => <Rights c={c} account={account} /> },
        ]}
      />
    </StudioPage>
  )
}

const Rights = ({ c, account }: { c: Context<WebEnv>; account: AccountLine }) => {
  const page = c.get('page')
  const t = words(page.lang)
  const path = `/studio/accounts/${account.id}`
  const name = account.name || account.email
  if (account.disabledAt)
    return (
      <Form page={page} action={`${path}/open`}>
        <Button kind="quiet" aria-label={`${t('account_open')}, ${name}`}>
          {t('account_open')}
        </Button>
      </Form>
    )
  return (
    <Form page={page} action={`${path}/${account.isHost ? 'unhost' : 'host'}`}>
      <Button kind="quiet" aria-label={`${t(account.isHost ? 'account_unhost' : 'account_host')}, ${name}`}>
        {t(account.isHost ? 'account_unhost' : 'account_host')}
      </Button>
      {account.id !== actorOf(c).accountId && (
        <Button kind="quiet" formaction={`${path}/close`} aria-label={t('account_close_named', { name })}>
          {t('account_close')}
        </Button>
      )}
    </Form>
  )
}
