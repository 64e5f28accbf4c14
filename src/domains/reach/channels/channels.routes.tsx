import '../tables.ts'
import { domainToASCII } from 'node:url'
import { type Context, Hono } from 'hono'
import { allow } from '../../../platform/http/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { Subjects } from '../../exchange/index.ts'
import { readAddress } from '../../fans/index.ts'
import { actorOf, guard, type Thing, type WebEnv } from '../../identity/index.ts'
import { ID, posted, withinReason } from '../announce/things.ts'
import { wakeProvider } from '../enqueue.ts'
import { hookAddress } from '../mail/hooks/addresses.ts'
import { isService } from '../mail/hooks/services.rules.ts'
import { tryMailbox } from '../mail/mailbox/try-mailbox.ts'
import { type DnsRecord, keysFor, makeSendingDomain } from '../mail/sending-domains.store.ts'
import { makeParts } from '../parts.ts'
import { addProvider, changeProvider, ENVIRONMENT_MAILBOX, ENVIRONMENT_PROVIDER } from '../providers.store.ts'
import type { SmsPrices } from '../sms.rules.ts'
import { channelsWords } from '../words.ts'
import type { Typed } from './beside.tsx'
import { channelOf, FIELDS, formOf, isKind, type KINDS, type ProviderForm, readProviderForm } from './kinds.ts'
import { KindPage, ListPage, mailboxWords, ProviderPage } from './pages.tsx'
import { isCurrency, readPrices, writePrices } from './prices.ts'
import { checkDomain, type ResolveTxt, resolveTxt } from './sending-domain.ts'
import type { Base, Shown } from './shown.ts'
import { tryProvider } from './try-provider.ts'

/** As Amazon names a topic. */
const TOPIC = /^arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]{3,40}:\d{12}:[\w-]{1,256}(?:\.fifo)?$/
const TRIES = { name: 'channel-tries', most: 20, windowSeconds: 3600 }

const LOCAL = /^(?:localhost|127\..*|\[::1\])$/

/** What stands in the forms that are not about how it is reached. */
const besideOf = ({ settings }: Shown): Record<string, string> => ({
  prices: writePrices((settings['prices'] ?? {}) as SmsPrices),
  currency: String(settings['currency'] ?? 'EUR'),
})

/** Whose providers a page is about: those of the artist or label at the desk, or the place's own. */
type Owner = { artistId: string | null; labelId: string | null }
const PLACE: Owner = { artistId: null, labelId: null }

const deskOwner = (c: Context<WebEnv>): Owner | null => {
  const { current } = c.get('desk')
  if (current?.kind === 'artist') return { artistId: current.artist.id, labelId: null }
  return current?.kind === 'label' ? { artistId: null, labelId: current.label.id } : null
}

const thingOf = ({ artistId, labelId }: Owner): Thing =>
  artistId ? { kind: 'artist', artistId } : labelId ? { kind: 'label', labelId } : { kind: 'site' }

/** How messages leave: what there is, adding, changing, trying, switching off. */
export const channelRoutes = (platform: Platform, subjects: Subjects, resolve: ResolveTxt = resolveTxt): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .route('/', routesAt('/studio/channels', platform, subjects, resolve))
    .route('/', routesAt('/studio/settings/channels', platform, subjects, resolve))

function routesAt(base: Base, platform: Platform, subjects: Subjects, resolve: ResolveTxt): Hono<WebEnv> {
  const { db, sealer, now } = platform
  const parts = makeParts(subjects)
  const ownPlace = base === '/studio/settings/channels'
  const path = `${base}/:id{${ID}}` as const

  const providerAt = (id: string) =>
    db
      .selectFrom('providers')
      .select(['id', 'artistId', 'labelId', 'channel', 'kind', 'name', 'settings', 'isEnabled', 'triedAt', 'problem'])
      .where('id', '=', id)
      .where('kind', '!=', 'vapid')
      .executeTakeFirst()

  const owner = (c: Context<WebEnv>) => (ownPlace ? PLACE : deskOwner(c))
  const may = guard('channels.edit', (c) => {
    const whose = owner(c)
    return whose && thingOf(whose)
  })
  const mayThis = guard('channels.edit', async (c) => {
    const id = c.req.param('id')
    const row = isId(id) && (id !== ENVIRONMENT_MAILBOX || platform.config.imapUrl) ? await providerAt(id) : undefined
    if (!row || (thingOf(row).kind === 'site') !== ownPlace) return null
    return thingOf(row)
  })

  /** Guarded: it is there. */
  const shownAt = async (c: Context<WebEnv>): Promise<Shown> => {
    const [shown] = await withMailboxes([(await providerAt(c.req.param('id') as string)) as Shown])
    return shown as Shown
  }

  /** With how far those were read that are watched; the one of the environment is only there when the environment names it. */
  async function withMailboxes(providers: Shown[]): Promise<Shown[]> {
    const ids = providers.filter(({ kind }) => kind === 'imap').map(({ id }) => id)
    if (ids.length === 0) return providers
    const mailboxes = await db
      .selectFrom('mailboxes')
      .select(['providerId', 'before', 'tooLarge', 'startedAt', 'seenAt'])
      .where('providerId', 'in', ids)
      .execute()
    return providers
      .filter(({ id }) => id !== ENVIRONMENT_MAILBOX || platform.config.imapUrl)
      .map((one) => ({ ...one, mailbox: mailboxes.find(({ providerId }) => providerId === one.id) ?? null }))
  }

  async function domainOf({ id, settings, artistId, labelId }: Shown) {
    const owner = { artistId, labelId }
    const from = id === ENVIRONMENT_PROVIDER ? mailFrom() : String(settings['fromAddress'] ?? '')
    const name = domainToASCII(from.slice(from.lastIndexOf('@') + 1)).toLowerCase()
    if (!name.includes('.')) return null
    const known = await keysFor(platform, from, owner).catch(() => null)
    const dkim: DnsRecord[] = known ? ((await makeSendingDomain(platform, known.domain, owner)) ?? []) : []
    const returned = String(settings['returnPath'] ?? from)
    const host = String(
      settings['host'] ?? (platform.config.smtpUrl ? new URL(platform.config.smtpUrl).hostname : name),
    )
    const returnPath = domainToASCII(returned.slice(returned.lastIndexOf('@') + 1)).toLowerCase()
    return { name, signed: known !== null, checks: await checkDomain(resolve, { from: name, returnPath, host, dkim }) }
  }
  const mailFrom = () =>
    (platform.config.mailFrom ?? `no-reply@${new URL(platform.config.baseUrl).hostname}`).replace(/^.*<|>.*$/g, '')

  /** What has to be typed at whoever is behind it. */
  function typedAt({ id, kind, settings }: Shown): Typed {
    const { baseUrl } = platform.config
    const { service } = settings
    const isLocal = LOCAL.test(new URL(baseUrl).hostname)
    if (kind === 'twilio') return { address: `${baseUrl}/hooks/twilio/${id}/received`, isLocal }
    if (kind === 'android') return { address: `${baseUrl}/hooks/android/${id}`, isLocal }
    const address = isService(service) ? hookAddress(baseUrl, platform.signer, service, { id, settings }) : null
    return { address, isLocal }
  }

  async function show(
    c: Context<WebEnv>,
    provider: Shown,
    {
      form,
      values = {},
      errors = {},
      said,
    }: { form?: ProviderForm; values?: Record<string, string>; errors?: Record<string, string>; said?: string } = {},
  ) {
    const filled = form ?? (isKind(provider.kind) ? formOf(provider.kind, provider.name, provider.settings) : {})
    const domain =
      provider.channel === 'mail' && c.req.query('domain') === 'look' ? await domainOf(provider) : undefined
    return c.html(
      <ProviderPage
        c={c}
        base={base}
        provider={provider}
        typed={typedAt(provider)}
        values={{ ...besideOf(provider), ...values }}
        form={filled}
        errors={errors}
        said={said}
        domain={domain}
      />,
      Object.keys(errors).length > 0 ? 422 : 200,
    )
  }

  const readForm = async (c: Context<WebEnv>, kind: (typeof KINDS)[number]): Promise<ProviderForm> => {
    const { text } = await posted(c)
    return {
      name: text('name').slice(0, 100),
      ...Object.fromEntries(FIELDS[kind].map(({ name }) => [name, text(name)])),
    }
  }

  return new Hono<WebEnv>()
    .get(base, may, async (c) => {
      const { artistId, labelId } = owner(c) as Owner
      const providers = await db
        .selectFrom('providers')
        .select(['id', 'artistId', 'labelId', 'channel', 'kind', 'name', 'settings', 'isEnabled', 'triedAt', 'problem'])
        .where('artistId', artistId ? '=' : 'is', artistId)
        .where('labelId', labelId ? '=' : 'is', labelId)
        .where('kind', '!=', 'vapid')
        .orderBy('channel')
        .orderBy('createdAt')
        .execute()
      return c.html(<ListPage c={c} base={base} providers={await withMailboxes(providers)} />)
    })
    .get(`${base}/new/:kind`, may, (c) => {
      const kind = c.req.param('kind')
      if (!isKind(kind)) return c.notFound()
      return c.html(<KindPage c={c} base={base} kind={kind} form={formOf(kind, '', {})} errors={{}} />)
    })
    .post(`${base}/new/:kind`, may, withinReason, async (c) => {
      const kind = c.req.param('kind')
      if (!isKind(kind)) return c.notFound()
      const form = await readForm(c, kind)
      const { settings, secrets, errors } = readProviderForm(kind, form, null, c.get('page').lang)
      if (Object.keys(errors).length > 0)
        return c.html(<KindPage c={c} base={base} kind={kind} form={form} errors={errors} />, 422)
      const about = { ...(owner(c) as Owner), channel: channelOf(kind), kind, name: form['name'] ?? '' }
      const id = await addProvider(db, sealer, { ...about, settings, secrets })
      return c.redirect(`${base}/${id}?done=added`, 303)
    })
    .get(path, mayThis, async (c) => show(c, await shownAt(c)))
    .post(path, mayThis, withinReason, async (c) => {
      const provider = await shownAt(c)
      const { kind } = provider
      if ([ENVIRONMENT_PROVIDER, ENVIRONMENT_MAILBOX].includes(provider.id) || !isKind(kind)) return c.notFound()
      const form = await readForm(c, kind)
      const read = readProviderForm(kind, form, provider.settings, c.get('page').lang)
      const { settings, secrets, errors, moved } = read
      if (Object.keys(errors).length > 0) return show(c, provider, { form, errors })
      await db.transaction().execute(async (tx) => {
        await changeProvider(tx, sealer, provider.id, { name: form['name'] ?? '', settings, secrets, moved })
        // What it was asked to wait for may have been about what was just mended.
        await tx.deleteFrom('handPauses').where('providerId', '=', provider.id).execute()
        await wakeProvider(tx, provider.id)
      })
      return c.redirect(`${base}/${provider.id}?done=saved`, 303)
    })
    .post(`${path}/reports`, mayThis, withinReason, async (c) => {
      const provider = await shownAt(c)
      if (provider.kind !== 'smtp') return c.notFound()
      const t = channelsWords(c.get('page').lang)
      const { text } = await posted(c)
      const [service, topicArn, hookKey] = [text('service'), text('topicArn'), text('hookKey')]
      const errors: Record<string, string> = {}
      if (service === 'ses' && !TOPIC.test(topicArn)) errors['topicArn'] = t('error_topicArn')
      if (service === 'mailgun' && !hookKey) errors['hookKey'] = t('error_missing')
      if (Object.keys(errors).length > 0) return show(c, provider, { values: { service, topicArn }, errors })
      const settings = isService(service)
        ? { service, topicArn: service === 'ses' ? topicArn : null, hookSince: now().toISOString() }
        : { service: null, topicArn: null }
      const secrets = { hookKey: service === 'mailgun' ? hookKey : '' }
      await db
        .transaction()
        .execute((tx) =>
          changeProvider(tx, sealer, provider.id, { name: provider.name, settings, secrets, moved: false }),
        )
      return c.redirect(`${base}/${provider.id}?done=kept#reports`, 303)
    })
    .post(`${path}/prices`, mayThis, withinReason, async (c) => {
      const provider = await shownAt(c)
      if (provider.channel !== 'sms') return c.notFound()
      const t = channelsWords(c.get('page').lang)
      const { text } = await posted(c)
      const [written, currency] = [text('prices'), text('currency').toUpperCase()]
      const { prices, wrong } = readPrices(written)
      const errors: Record<string, string> = {}
      if (wrong) errors['prices'] = t('error_prices', { line: wrong })
      if (!isCurrency(currency)) errors['currency'] = t('error_currency')
      if (Object.keys(errors).length > 0)
        return show(c, provider, { values: { prices: written, currency: text('currency') }, errors })
      const settings = { prices, currency }
      await db
        .transaction()
        .execute((tx) =>
          changeProvider(tx, sealer, provider.id, { name: provider.name, settings, secrets: {}, moved: false }),
        )
      return c.redirect(`${base}/${provider.id}?done=kept`, 303)
    })
    .post(`${path}/switch`, mayThis, withinReason, async (c) => {
      const id = c.req.param('id')
      const isEnabled = (await posted(c)).text('on') === 'yes'
      await db.transaction().execute(async (tx) => {
        await tx.updateTable('providers').set({ isEnabled }).where('id', '=', id).execute()
        if (isEnabled) await wakeProvider(tx, id)
      })
      return c.redirect(`${base}/${id}?done=${isEnabled ? 'on' : 'off'}`, 303)
    })
    .post(`${path}/keys`, mayThis, withinReason, async (c) => {
      const { id, settings, artistId, labelId } = await shownAt(c)
      const from = id === ENVIRONMENT_PROVIDER ? mailFrom() : String(settings['fromAddress'] ?? '')
      await makeSendingDomain(platform, from.slice(from.lastIndexOf('@') + 1), { artistId, labelId })
      return c.redirect(`${base}/${id}?domain=look`, 303)
    })
    .post(`${path}/try`, mayThis, withinReason, async (c) => {
      const provider = await shownAt(c)
      const { lang } = c.get('page')
      const t = channelsWords(lang)
      if (provider.kind === 'imap') {
        if (!(await allow(platform, TRIES, provider.id))) return show(c, provider, { errors: { '': t('error_tries') } })
        const tried = await tryMailbox(platform, provider.id)
        return show(c, await shownAt(c), { said: mailboxWords(tried, c) })
      }
      const { email } = actorOf(c)
      const written = (await posted(c)).text('number')
      const read = readAddress(provider.channel, provider.channel === 'mail' ? email : written)
      if (!read.ok) return show(c, provider, { errors: { number: t('error_number') } })
      if (!(await allow(platform, TRIES, provider.id))) return show(c, provider, { errors: { '': t('error_tries') } })
      const address = provider.channel === 'mail' ? email : read.value.key
      const domain = address.slice(address.lastIndexOf('@') + 1)
      const trial = { address, domain: provider.channel === 'mail' ? domain : '', language: lang }
      const outcome = await tryProvider({ ...platform, now }, parts, provider.id, trial)
      const problem = 'problem' in outcome ? outcome.problem : ''
      return show(c, await shownAt(c), { said: t(`tried_${outcome.is}`, { address, problem }) })
    })
}
