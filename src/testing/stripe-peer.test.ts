import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStripePeer, type StripePeer } from './stripe-peer.ts'

let peer: StripePeer
let account: ReturnType<StripePeer['addAccount']>
beforeAll(async () => {
  peer = await openStripePeer()
  account = peer.addAccount()
})
afterAll(() => peer.close())

const HOUR = () => String(Math.floor(Date.now() / 1000) + 3600)
const session = (said: Record<string, string> = {}) => ({
  mode: 'payment',
  success_url: 'https://music.example/back',
  expires_at: HOUR(),
  'line_items[0][quantity]': '1',
  'line_items[0][price_data][currency]': 'eur',
  'line_items[0][price_data][unit_amount]': '900',
  'line_items[0][price_data][product_data][name]': 'Minuit',
  ...said,
})

const CHARGE = {
  ...{ amount: '600', currency: 'eur', 'payment_method_types[0]': 'card', confirm: 'true', off_session: 'true' },
}

async function ask(path: string, fields: Record<string, string> | null, headers: Record<string, string> = {}) {
  const answer = await fetch(`${peer.url}/v1${path}`, {
    method: fields ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${account.key}`,
      'stripe-version': '2026-10-28.endive',
      ...(fields && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    },
    ...(fields && { body: new URLSearchParams(fields).toString() }),
  })
  const body = (await answer.json()) as { id?: string; error?: { type: string; code?: string; param?: string } }
  return { status: answer.status, ...body }
}

test('who has no key, another version, or names an account that is not theirs is not let in', async () => {
  expect(await ask('/account', null, { authorization: 'Bearer sk_live_wrong' })).toMatchObject({ status: 401 })
  expect(await ask('/account', null, { 'stripe-version': '2020-08-27' })).toMatchObject({ status: 400 })
  const stranger = peer.addAccount()
  expect(await ask('/account', null, { 'stripe-account': stranger.id })).toMatchObject({
    status: 403,
    error: { code: 'account_invalid' },
  })
  expect(await ask('/account', null)).toMatchObject({ status: 200, id: account.id })
})

test('evidence is laid beside a dispute, and handed to the bank unless told not to', async () => {
  const { id = '' } = await ask('/checkout/sessions', session())
  peer.pay(id)
  const dispute = peer.dispute(id)
  const lay = (fields: Record<string, string>) => ask(`/disputes/${dispute}`, fields)
  expect(await lay({ 'evidence[shipping_number]': '6A1' })).toMatchObject({
    ...{ status: 400, error: { code: 'parameter_unknown', param: 'evidence[shipping_number]' } },
  })
  expect(await lay({ 'evidence[shipping_tracking_number]': '6A1', submit: 'false' })).toMatchObject({
    ...{ evidence: { shipping_tracking_number: '6A1' }, evidence_details: { has_evidence: true, submission_count: 0 } },
  })
  expect(await lay({ 'evidence[shipping_carrier]': 'DHL' })).toMatchObject({
    evidence: { shipping_tracking_number: '6A1', shipping_carrier: 'DHL' },
  })
  // The bank has it.
  expect(await lay({ 'evidence[shipping_carrier]': 'UPS', submit: 'false' })).toMatchObject({
    error: { type: 'invalid_request_error' },
  })
})

test('what the reference does not name, and what it wants and is not there, is refused with its name', async () => {
  const { success_url: _, ...without } = session()
  expect(await ask('/checkout/sessions', without)).toMatchObject({
    status: 400,
    error: { type: 'invalid_request_error', code: 'parameter_missing', param: 'success_url' },
  })
  expect(await ask('/checkout/sessions', session({ colour: 'blue' }))).toMatchObject({
    status: 400,
    error: { code: 'parameter_unknown', param: 'colour' },
  })
  expect(await ask('/checkout/sessions', session({ 'line_items[0][price_data][tax]': '1' }))).toMatchObject({
    status: 400,
    error: { code: 'parameter_unknown', param: 'line_items[0][price_data][tax]' },
  })
  expect(await ask('/checkout/sessions', session({ 'line_items[0][quantity]': 'one' }))).toMatchObject({
    status: 400,
    error: { code: 'parameter_invalid_integer' },
  })
  expect(
    await ask('/checkout/sessions', session({ expires_at: String(Math.floor(Date.now() / 1000) + 60) })),
  ).toMatchObject({ status: 400, error: { param: 'expires_at' } })
  expect(
    await ask(
      '/checkout/sessions',
      session({ 'line_items[0][price_data][currency]': 'kwd', 'line_items[0][price_data][unit_amount]': '5124' }),
    ),
  ).toMatchObject({ status: 400 })
  expect(await ask('/nothing', session())).toMatchObject({ status: 404 })
})

test('a key of idempotency: the same answer to the same question, an error to another, and no answer kept of what was refused', async () => {
  const said = session()
  const key = { 'idempotency-key': 'order:1' }
  expect(await ask('/checkout/sessions', { ...said, colour: 'blue' }, key)).toMatchObject({ status: 400 })
  const first = await ask('/checkout/sessions', said, key)
  expect(await ask('/checkout/sessions', said, key)).toEqual(first)
  expect(await ask('/checkout/sessions', { ...said, mode: 'setup' }, key)).toMatchObject({
    status: 400,
    error: { type: 'idempotency_error' },
  })
  expect((await ask('/checkout/sessions', said)).id).not.toBe(first.id)
})

test('a card is charged again where its owner let it be kept, with its customer, in confirming, and under a key', async () => {
  const customer = (await ask('/customers', { email: 'mia@members.example' })).id ?? ''
  const other = (await ask('/customers', {})).id ?? ''
  const pays = async (said: Record<string, string>) => {
    const { id = '' } = await ask('/checkout/sessions', session({ ...said }))
    peer.pay(id)
    return peer.methods(account.id)[0]?.id ?? ''
  }
  const kept = await pays({ customer, 'payment_intent_data[setup_future_usage]': 'off_session' })
  const used = await pays({ customer })
  let nth = 0
  const charge = (
    said: Record<string, string>,
    headers = { 'idempotency-key': `n${++nth}` } as Record<string, string>,
  ) => ask('/payment_intents', { ...CHARGE, customer, payment_method: kept, ...said }, headers)
  expect(await charge({})).toMatchObject({ status: 'succeeded' })
  expect(await charge({}, {})).toMatchObject({ status: 400 })
  expect(await charge({ customer: other })).toMatchObject({ status: 400, error: { param: 'payment_method' } })
  expect(await charge({ payment_method: used })).toMatchObject({ status: 400, error: { param: 'payment_method' } })
  expect(await charge({ confirm: 'false' })).toMatchObject({ status: 400, error: { param: 'off_session' } })
  expect(await charge({ off_sesion: 'true' })).toMatchObject({ status: 400, error: { code: 'parameter_unknown' } })
  expect(await charge({ payment_method: 'pm_000000000000000000000000' })).toMatchObject({
    ...{ status: 400, error: { code: 'resource_missing', param: 'payment_method' } },
  })
  expect(await ask(`/payment_methods/${kept}/detach`, {})).toMatchObject({ status: 200, customer: null })
  expect(await ask(`/payment_methods/${kept}/detach`, {})).toMatchObject({ status: 400 })
  expect(await charge({})).toMatchObject({ status: 400, error: { param: 'payment_method' } })
})

test('what a bank refuses has an intent, an error that says why, and the same answer under the same key', async () => {
  const customer = (await ask('/customers', {})).id ?? ''
  const { id = '' } = await ask('/checkout/sessions', {
    ...{ mode: 'setup', customer, success_url: 'https://music.example/back', expires_at: HOUR() },
    'payment_method_types[0]': 'card',
  })
  peer.giveCard(id, '4000002760003184')
  const method = peer.methods(account.id)[0]?.id ?? ''
  const charge = () =>
    ask('/payment_intents', { ...CHARGE, customer, payment_method: method }, { 'idempotency-key': 'refused' })
  const first = await charge()
  expect(first).toMatchObject({
    ...{ status: 402, error: { type: 'card_error', code: 'authentication_required' } },
  })
  expect(await charge()).toEqual(first)
  const intents = peer.intents(account.id).filter((one) => one['customer'] === customer)
  expect(intents).toMatchObject([{ status: 'requires_payment_method' }])
  expect(await ask(`/payment_intents/${intents[0]?.id}/cancel`, {})).toMatchObject({ status: 'canceled' })
})

test('on a page where a card is given nothing is sold, and whoever pays is named in one way', async () => {
  const customer = (await ask('/customers', {})).id ?? ''
  expect(await ask('/checkout/sessions', session({ customer, customer_email: 'mia@members.example' }))).toMatchObject({
    status: 400,
  })
  expect(await ask('/checkout/sessions', session({ mode: 'setup', customer, currency: 'eur' }))).toMatchObject({
    ...{ status: 400, error: { param: 'line_items' } },
  })
  expect(await ask('/checkout/sessions', session({ customer: 'cus_000000000000000000000000' }))).toMatchObject({
    ...{ status: 400, error: { code: 'resource_missing', param: 'customer' } },
  })
})
