import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, Checkbox, ErrorSummary, Field, Form, Select } from '../../../ui/forms.tsx'
import { clockAt, StudioPage, type WebEnv } from '../../identity/index.ts'
import { readProblem } from '../mail/mailbox/connect.ts'
import type { MailboxTried } from '../mail/mailbox/try-mailbox.ts'
import { ENVIRONMENT_MAILBOX, ENVIRONMENT_PROVIDER } from '../providers.store.ts'
import { channelsWords } from '../words.ts'
import { Prices, Reports, type Typed, TypedThere } from './beside.tsx'
import { channelOf, FIELDS, isKind, KINDS, type Kind, type ProviderForm } from './kinds.ts'
import type { Check } from './sending-domain.ts'
import type { Base, Shown } from './shown.ts'

type At = { c: Context<WebEnv>; base: Base }

const Frame = ({
  c,
  base,
  title,
  of,
  notice,
  children,
}: At & {
  title: string
  of?: Pick<Shown, 'artistId' | 'labelId'>
  notice?: string | undefined
  children?: Child
}) => (
  <StudioPage
    c={c}
    title={title}
    foot={base}
    artistId={of?.artistId ?? undefined}
    labelId={of?.labelId ?? undefined}
    notice={notice}
  >
    {children}
  </StudioPage>
)

function nameOf({ id, kind, name }: Pick<Shown, 'id' | 'kind' | 'name'>, c: Context<WebEnv>): string {
  const t = channelsWords(c.get('page').lang)
  if (id === ENVIRONMENT_PROVIDER) return t('environment')
  if (id === ENVIRONMENT_MAILBOX) return t('environment_mailbox')
  return name || (isKind(kind) ? t(`kind_${kind}`) : kind)
}

function stateOf({ kind, artistId, labelId, isEnabled, triedAt, problem, mailbox }: Shown, c: Context<WebEnv>): string {
  const { lang } = c.get('page')
  const t = channelsWords(lang)
  if (!isEnabled) return t('state_off')
  if (kind === 'imap' && problem !== null) return mailboxWords(readProblem(problem), c)
  if (kind === 'imap' && mailbox) return t('state_watched', { date: clockAt(c, artistId ?? labelId)(mailbox.seenAt) })
  if (!triedAt) return t('state_untried')
  const date = formats(lang).date(triedAt)
  return problem === null ? t('state_good', { date }) : t('state_bad', { date, problem })
}

/** What became of a try of a mailbox, and what its watching says. */
export function mailboxWords(tried: MailboxTried, c: Context<WebEnv>): string {
  const t = channelsWords(c.get('page').lang)
  if (tried.is === 'good') return t('mailbox_good', { count: tried.messages })
  return t(`mailbox_${tried.is}`, { said: tried.said })
}

/** Everything by which messages leave, by channel, and how to add more. */
export const ListPage = ({ c, base, providers }: At & { providers: Shown[] }) => {
  const t = channelsWords(c.get('page').lang)
  const title = t(base === '/studio/channels' ? 'channels' : 'place_channels')
  const group = (channel: 'mail' | 'sms') => {
    const here = providers.filter((one) => one.channel === channel)
    return (
      <section>
        <h2>{t(`channel_${channel}`)}</h2>
        {here.length === 0 ? (
          <p class="lead">
            {t(`none_${channel}`)}. {t(base === '/studio/channels' ? 'none_words' : 'none_place_words')}
          </p>
        ) : (
          <ul class="lines plain">
            {here.map((one) => (
              <li>
                <a href={`${base}/${one.id}`}>{nameOf(one, c)}</a>
                <small>{stateOf(one, c)}</small>
              </li>
            ))}
          </ul>
        )}
        <p class="actions">
          {KINDS.filter((kind) => channelOf(kind) === channel).map((kind) => (
            <Button kind="plain" href={`${base}/new/${kind}`}>
              {t(`add_${kind}`)}
            </Button>
          ))}
        </p>
      </section>
    )
  }
  return (
    <Frame c={c} base={base} title={title}>
      <h1>{title}</h1>
      <p class="lead">{t('channels_words')}</p>
      {group('mail')}
      {group('sms')}
      {base !== '/studio/channels' && (
        <p class="actions">
          <a href="/studio/settings/texts">{t('see_texts')}</a>
        </p>
      )}
    </Frame>
  )
}

type FormProps = { c: Context<WebEnv>; kind: Kind; form: ProviderForm; errors: Record<string, string>; known: boolean }

const Fields = ({ c, kind, form, errors, known }: FormProps) => {
  const t = channelsWords(c.get('page').lang)
  return (
    <>
      <Field name="name" label={t('field_name')} hint={t('hint_name')} note={t('optional')} value={form['name']} />
      {FIELDS[kind].map(({ name, is, options = [], optional }) => {
        const common = {
          name,
          label: t(`field_${name}`),
          error: errors[name],
          ...(optional && is !== 'yes' && { note: t('optional') }),
        }
        if (is === 'yes') return <Checkbox {...common} checked={form[name] === 'on'} />
        if (is === 'choice')
          return (
            <Select
              {...common}
              {...(name === 'security' && { hint: t(kind === 'imap' ? 'hint_security_imap' : 'hint_security_smtp') })}
              value={form[name]}
              options={options.map((value) => ({ value, label: t(`option_${value}`) }))}
            />
          )
        if (is === 'secret')
          return (
            <Field
              {...common}
              type="password"
              autocomplete="new-password"
              hint={known ? t('secret_kept') : t('secret_sealed')}
            />
          )
        const hints = {
          returnPath: t('hint_returnPath'),
          from: t('hint_from'),
          country: t('hint_country'),
          address: t('hint_address'),
          moveTo: t('hint_moveTo'),
        }
        const hint = name in hints ? hints[name as keyof typeof hints] : undefined
        return (
          <Field
            {...common}
            hint={hint}
            value={form[name]}
            autocomplete="off"
            spellcheck="false"
            {...(is === 'number' && { inputmode: 'numeric' })}
          />
        )
      })}
    </>
  )
}

/** Adding one of a kind. */
export const KindPage = ({
  c,
  base,
  kind,
  form,
  errors,
}: At & { kind: Kind; form: ProviderForm; errors: Record<string, string> }) => {
  const page = c.get('page')
  const t = channelsWords(page.lang)
  return (
    <Frame c={c} base={base} title={t(`add_${kind}`)}>
      <Back c={c} base={base} />
      <h1>{t(`add_${kind}`)}</h1>
      <p class="lead">{t(`words_${kind}`)}</p>
      <Form page={page} action={`${base}/new/${kind}`} novalidate>
        <ErrorSummary errors={errors} lang={page.lang} />
        <Fields c={c} kind={kind} form={form} errors={errors} known={false} />
        <p class="actions">
          <Button>{t('add')}</Button>
        </p>
      </Form>
    </Frame>
  )
}

const Back = ({ c, base }: At) => (
  <p class="quiet">
    <a href={base}>{channelsWords(c.get('page').lang)(base === '/studio/channels' ? 'channels' : 'place_channels')}</a>
  </p>
)

type ProviderProps = At & {
  provider: Shown
  typed: Typed
  /** What stands in the forms beside its own. */
  values: Record<string, string>
  form: ProviderForm
  errors: Record<string, string>
  said?: string | undefined
  /** Undefined: it was not looked up. Null: there is no domain to look up. */
  domain?: { name: string; signed: boolean; checks: Check[] } | null | undefined
}

/** One of them: what is known of it, a try, what the world is told of its domain, its settings, its switch. */
export const ProviderPage = ({ c, base, provider, typed, values, form, errors, said, domain }: ProviderProps) => {
  const beside = { c, base, provider, typed, values, errors }
  const page = c.get('page')
  const t = channelsWords(page.lang)
  const { id, channel, kind, isEnabled } = provider
  const done = c.req.query('done')
  const isDone = done === 'added' || done === 'saved' || done === 'on' || done === 'off' || done === 'kept'
  const notice = said ?? (isDone && Object.keys(errors).length === 0 ? t(`done_${done}`) : undefined)
  return (
    <Frame c={c} base={base} title={nameOf(provider, c)} of={provider} notice={notice}>
      <Back c={c} base={base} />
      <h1>{nameOf(provider, c)}</h1>
      <p class="quiet" style="margin-bottom:1.5rem">
        {stateOf(provider, c)}
      </p>
      <ErrorSummary errors={errors} lang={page.lang} />
      <section>
        <h2>{t('try')}</h2>
        <Form page={page} action={`${base}/${id}/try`} novalidate>
          {kind === 'imap' ? (
            <p class="lead">{t('try_mailbox_words')}</p>
          ) : channel === 'mail' ? (
            <p class="lead">{t('try_mail_words', { address: c.get('actor')?.email ?? '' })}</p>
          ) : (
            <Field
              name="number"
              type="tel"
              label={t('field_number')}
              hint={t('hint_number')}
              error={errors['number']}
              autocomplete="tel"
            />
          )}
          <p class="actions">
            <Button>{t('try_button')}</Button>
          </p>
        </Form>
      </section>
      <TypedThere {...beside} />
      {kind === 'imap' && <MailboxAside c={c} provider={provider} />}
      {kind === 'smtp' && <Domain c={c} base={base} id={id} domain={domain} />}
      {kind === 'smtp' && <Reports {...beside} />}
      {channel === 'sms' && <Prices {...beside} />}
      {id === ENVIRONMENT_PROVIDER ? (
        <p>{t('environment_words')}</p>
      ) : id === ENVIRONMENT_MAILBOX ? (
        <p>{t('environment_mailbox_words')}</p>
      ) : (
        isKind(kind) && (
          <section>
            <h2>{t('settings')}</h2>
            <Form page={page} action={`${base}/${id}`} novalidate>
              <Fields c={c} kind={kind} form={form} errors={errors} known={true} />
              <p class="actions">
                <Button kind="plain">{t('save')}</Button>
              </p>
            </Form>
          </section>
        )
      )}
      <section>
        <h2>{t('switch')}</h2>
        <p class="lead">
          {t(
            kind === 'imap'
              ? isEnabled
                ? 'unwatch_words'
                : 'watch_words'
              : isEnabled
                ? 'switch_off_words'
                : 'switch_on_words',
          )}
        </p>
        <Form page={page} action={`${base}/${id}/switch`}>
          <input type="hidden" name="on" value={isEnabled ? 'no' : 'yes'} />
          <p class="actions">
            <Button kind="plain">{t(isEnabled ? 'switch_off' : 'switch_on')}</Button>
          </p>
        </Form>
      </section>
    </Frame>
  )
}

/** How far a mailbox was read, and what stays there. */
const MailboxAside = ({ c, provider: { artistId, labelId, mailbox } }: { c: Context<WebEnv>; provider: Shown }) => {
  const { lang } = c.get('page')
  const t = channelsWords(lang)
  return (
    <section>
      <h2>{t('mailbox')}</h2>
      <p class="lead">{t('mailbox_words')}</p>
      {mailbox && (
        <p>{t('mailbox_since', { date: clockAt(c, artistId ?? labelId)(mailbox.startedAt), count: mailbox.before })}</p>
      )}
      {mailbox && mailbox.tooLarge > 0 && <p>{t('mailbox_large', { count: mailbox.tooLarge })}</p>}
    </section>
  )
}

const Domain = ({ c, base, id, domain }: At & { id: string; domain: ProviderProps['domain'] }) => {
  const page = c.get('page')
  const t = channelsWords(page.lang)
  return (
    <section id="domain">
      <h2>{t('domain')}</h2>
      <p class="lead">{t('domain_words')}</p>
      {domain === null && <p>{t('domain_none')}</p>}
      {domain && !domain.signed && (
        <Form page={page} action={`${base}/${id}/keys`}>
          <p>{t('dkim_none', { domain: domain.name })}</p>
          <p class="actions">
            <Button kind="plain">{t('dkim_make')}</Button>
          </p>
        </Form>
      )}
      {domain?.checks.map(({ what, is, found, publish }) => (
        <>
          <h3 style="margin:1.5rem 0 0.25rem">{t(`check_${what}`)}</h3>
          <p>{t(`is_${what}_${is}`)}</p>
          {found.map((text) => (
            <p>
              {t('found')} <code style="overflow-wrap:anywhere">{text}</code>
            </p>
          ))}
          {publish && (
            <p style="margin-top:0.5rem">
              {t('publish', { name: publish.name })}
              <br />
              <code style="overflow-wrap:anywhere">{publish.value}</code>
            </p>
          )}
        </>
      ))}
      <p class="actions">
        <Button kind="plain" href={`${base}/${id}?domain=look#domain`}>
          {t(domain === undefined ? 'domain_look' : 'domain_again')}
        </Button>
      </p>
    </section>
  )
}
