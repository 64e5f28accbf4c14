/** @jsxImportSource preact */
import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { uuid } from '../../../ui/client/send.ts'
import { moneyAt, type PaidWith, saleTotal, type TableSale, TILL_CACHE } from '../till/till.rules.ts'
import type { TillThing } from '../till/till.views.ts'
import type { TillProps } from '../till/till-props.ts'
import { allKept, type Kept, keep, letGo, refuse } from './kept-sales.ts'

/** A connection that was lost is asked for again this often. */
const AGAIN_MS = 10_000

type Sent = 'arrived' | 'later' | 'signed-out'
type Arrived = { short: { title: string; missing: number }[]; left: Record<string, number | null> }

const nameOf = ({ title, variant }: TillThing) => [title, variant].filter(Boolean).join(', ')
const fill = (words: string, values: Record<string, string | number>) =>
  words.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))

/** The till: what is sold is kept on this device first, and sent until the server has it. */
function Till({ tillId, currency, lang, things, says }: TillProps) {
  const [counts, setCounts] = useState<Record<string, number>>({})
  const [given, setGiven] = useState('')
  const [mail, setMail] = useState('')
  const [kept, setKept] = useState<Kept[]>(allKept)
  const [left, setLeft] = useState<Record<string, number | null>>(() =>
    Object.fromEntries(things.map((thing) => [thing.variantId, thing.left])),
  )
  const [said, setSaid] = useState('')
  const [signedOut, setSignedOut] = useState(false)
  const [short, setShort] = useState<string[]>([])
  const [everSold, setEverSold] = useState(() => allKept().some((one) => one.tillId === tillId))

  const lines = things.flatMap(({ variantId, price }) => {
    const quantity = counts[variantId] ?? 0
    return quantity > 0 ? [{ variantId, quantity, each: price }] : []
  })
  const total = saleTotal(lines)
  const { money, read, isWhole, name } = moneyAt(currency, lang)
  const handed = given.trim() === '' ? null : read(given)
  const waiting = kept.filter(({ refused }) => refused === null)
  const here = waiting.filter((one) => one.tillId === tillId)
  const leftOf = (variantId: string) => {
    const known = left[variantId] ?? null
    const onTheirWay = here.flatMap(({ sale }) => sale.lines).filter((line) => line.variantId === variantId)
    return known === null ? null : known - onTheirWay.reduce((sum, { quantity }) => sum + quantity, 0)
  }

  async function send({ tillId: whose, sale }: Pick<Kept, 'tillId' | 'sale'>): Promise<Sent> {
    let answer: Response
    try {
      answer = await fetch(`/studio/till/${whose}/sales`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(sale),
        redirect: 'manual',
        keepalive: true,
      })
    } catch {
      return 'later'
    }
    if (answer.ok) {
      const arrived = (await answer.json().catch(() => null)) as Arrived | null
      if (!arrived) return 'later'
      letGo(sale.id)
      if (whose === tillId) setLeft(arrived.left)
      if (arrived.short.length > 0)
        setShort((before) => [...before, ...arrived.short.map(({ title, missing }) => `${missing} × ${title}`)])
      return 'arrived'
    }
    if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) return 'signed-out'
    if (answer.status !== 422) return 'later'
    const { problem } = (await answer.json().catch(() => ({ problem: '' }))) as { problem: string }
    refuse(sale.id, problem)
    return 'arrived'
  }

  async function sendAll(): Promise<void> {
    for (const one of allKept().filter(({ refused }) => refused === null)) {
      const sent = await send(one)
      setSignedOut(sent === 'signed-out')
      if (sent !== 'arrived') break
    }
    setKept(allKept())
  }

  useEffect(() => {
    let isSending = false
    const again = async () => {
      if (isSending) return
      isSending = true
      await sendAll()
      isSending = false
    }
    void again()
    const timer = setInterval(again, AGAIN_MS)
    addEventListener('online', again)
    document.addEventListener('visibilitychange', again)
    addEventListener('ritornello:sold', again)
    return () => {
      clearInterval(timer)
      removeEventListener('online', again)
      document.removeEventListener('visibilitychange', again)
      removeEventListener('ritornello:sold', again)
    }
  }, [])

  async function sell(paidWith: PaidWith): Promise<void> {
    const sale: TableSale = { id: uuid(), lines, paidWith, soldAt: new Date().toISOString(), mail: mail.trim() }
    const change = paidWith === 'cash' && handed !== null && handed > total ? handed - total : 0
    // What this browser does not keep goes at once, or is not sold here.
    if (!keep({ tillId, sale, refused: null }) && (await send({ tillId, sale })) !== 'arrived')
      return setSaid(says.not_kept)
    setCounts({})
    setGiven('')
    setMail('')
    setEverSold(true)
    setKept(allKept())
    setSaid(
      [fill(says.sold, { amount: money(total) }), change > 0 ? fill(says.change, { amount: money(change) }) : '']
        .filter(Boolean)
        .join(' '),
    )
    dispatchEvent(new Event('ritornello:sold'))
  }

  const add = (variantId: string, n: number) =>
    setCounts((before) => ({ ...before, [variantId]: Math.min(99, Math.max(0, (before[variantId] ?? 0) + n)) }))
  const isShort = handed !== null && handed < total

  return (
    <div class="till">
      <ul class="till-things">
        {things.map((thing) => {
          const { variantId, price } = thing
          const [n, there] = [counts[variantId] ?? 0, leftOf(variantId)]
          return (
            <li key={variantId}>
              <button type="button" class="till-thing" onClick={() => add(variantId, 1)}>
                <strong>{nameOf(thing)}</strong>
                <span>{money(price)}</span>
                {there !== null && <small>{there > 0 ? fill(says.in_stock, { n: there }) : says.none_left}</small>}
                {n > 0 && <b class="till-count">{n}</b>}
              </button>
              {n > 0 && (
                <button
                  type="button"
                  class="till-less"
                  aria-label={fill(says.one_less, { what: nameOf(thing) })}
                  onClick={() => add(variantId, -1)}
                >
                  −
                </button>
              )}
            </li>
          )
        })}
      </ul>
      <div class="till-sum">
        <p class="till-total">
          <span>{says.total}</span> <output>{money(total)}</output>
        </p>
        {lines.length === 0 ? (
          <p class="quiet">{says.nothing_yet}</p>
        ) : (
          <>
            <div class="field">
              <label for="till-given">{fill(says.given, { what: name })}</label>
              <input
                id="till-given"
                type="text"
                inputMode={isWhole ? 'numeric' : 'decimal'}
                autocomplete="off"
                value={given}
                onInput={({ currentTarget }) => setGiven(currentTarget.value)}
              />
            </div>
            {handed !== null && (
              <p class="till-change" role="status">
                {isShort
                  ? fill(says.too_little, { amount: money(total - handed) })
                  : fill(says.change, { amount: money(handed - total) })}
              </p>
            )}
            <div class="field">
              <label for="till-mail">{says.mail}</label>
              <input
                id="till-mail"
                type="email"
                autocomplete="off"
                value={mail}
                onInput={({ currentTarget }) => setMail(currentTarget.value)}
              />
            </div>
            <p class="actions">
              <button type="button" class="button" disabled={isShort} onClick={() => sell('cash')}>
                {says.paid_cash}
              </button>
              <button type="button" class="button plain" onClick={() => sell('other')}>
                {says.paid_other}
              </button>
            </p>
          </>
        )}
      </div>
      <div class="till-said" role="status">
        {said && <p>{said}</p>}
        {here.length > 0 ? (
          <p class="till-waiting">{fill(says.waiting, { n: here.length })}</p>
        ) : (
          everSold && <p class="quiet">{says.all_arrived}</p>
        )}
        {waiting.length > here.length && <p>{fill(says.other_evenings, { n: waiting.length - here.length })}</p>}
        {signedOut && <p class="error">{says.sign_in}</p>}
        {short.length > 0 && <p class="error">{fill(says.short, { what: short.join(' · ') })}</p>}
        {kept.flatMap(({ sale, refused }) =>
          refused === null
            ? []
            : [
                <p key={sale.id} class="error">
                  {fill(says.refused, { what: `${money(saleTotal(sale.lines))}. ${refused}` })}
                </p>,
              ],
        )}
      </div>
    </div>
  )
}

/**
 * Keeps this page and what it needs on the device, so that it opens again without a connection. The names of what it needs change with what is in it, so what
 * others needed goes.
 */
async function keepPage(): Promise<void> {
  await navigator.serviceWorker.register('/studio/till/worker.js', { scope: '/studio/till/' })
  const cache = await caches.open(TILL_CACHE)
  const needed = new Set(
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((name) => name.startsWith(`${location.origin}/assets/`)),
  )
  for (const { url } of await cache.keys())
    if (new URL(url).pathname.startsWith('/assets/') && !needed.has(url)) await cache.delete(url)
  for (const url of needed) if (!(await cache.match(url))) await cache.add(url)
  const page = await fetch(location.pathname)
  if (page.ok && !page.redirected) await cache.put(location.pathname, page)
}

// Where nothing is kept, in a private window say, it sells as long as it stays open.
if ('serviceWorker' in navigator && document.querySelector('[data-island=till]')) keepPage().catch(() => undefined)

for (const element of document.querySelectorAll<HTMLElement>('[data-island=till]')) {
  const props = JSON.parse(element.dataset['props'] ?? '{}') as TillProps
  element.replaceChildren()
  render(<Till {...props} />, element)
}
