import type { Page, Response } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { expect } from './journey.ts'
import type { Routes } from './routes.ts'

/** Which routes a walk met: those that showed a page, and those that only sent on to one, or gave something to take away. */
export type Met = { pages: Set<string>; others: Set<string> }

type Walk = {
  page: Page
  routes: Routes
  lang: string
  isPhone: boolean
  /** How many of a kind are opened where the address holds a name: one release may look unlike another. */
  named: number
}

/**
 * Opens every page that links and forms lead to from there, in one language: one of each kind, or some where the address holds a name.
 * Each is looked at, and so is what comes of its forms when they are sent empty.
 */
export async function walk(on: Walk, from: URL[]): Promise<Met> {
  const met: Met = { pages: new Set(), others: new Set() }
  const waiting = [...from]
  const known = new Set(waiting.map(({ href }) => href))
  const kinds = new Map<string, number>()
  for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
    const route = await on.routes.of(url.pathname)
    const answer = await openIn(on, url)
    const shown = answer && (await on.routes.of(new URL(answer.url()).pathname))
    const isPage = answer?.headers()['content-type']?.startsWith('text/html')
    if (route && route !== shown && shown !== '/studio/sign-in') met.others.add(route)
    if (shown && answer.ok()) (isPage ? met.pages : met.others).add(shown)
    if (!isPage) continue
    await look(on)
    for (const href of await on.page.evaluate(waysOn)) {
      const next = new URL(href)
      next.hash = ''
      next.searchParams.delete('lang')
      const kind = await kindOf(next, on.routes)
      const most = kind.includes(':') ? on.named : 1
      const seen = kinds.get(kind) ?? 0
      if (next.origin !== url.origin || known.has(next.href) || seen >= most) continue
      known.add(next.href)
      kinds.set(kind, seen + 1)
      waiting.push(next)
    }
    await sendEmpty(on, shown ?? '', kinds)
  }
  return met
}

/** In this language, for everybody, in light and in dark; on a telephone with letters twice as large as well. */
async function look({ page, lang, isPhone }: Walk): Promise<void> {
  await page.evaluate(awaken)
  const about = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    titles: document.querySelectorAll('h1').length,
  }))
  expect.soft(about, page.url()).toEqual({ lang, titles: 1 })
  await expectAccessible(page, { soft: true })
  for (const size of isPhone ? ['100%', '200%'] : ['100%']) {
    // WCAG 1.4.4 and 1.4.10: nothing hangs over the side.
    expect.soft(await page.evaluate(hangsOver, size), `${page.url()}, letters at ${size}`).toEqual([])
  }
}

/** A page in a language; sent on to another address, it is asked for there again. Null where there is something to take away. */
async function openIn({ page, lang, ...on }: Walk, url: URL): Promise<Response | null> {
  const asked = new URL(url)
  asked.searchParams.set('lang', lang)
  const answer = await page.goto(asked.href, { waitUntil: 'domcontentloaded' }).catch((error: Error) => {
    if (error.message.includes('Download is starting')) return null
    throw error
  })
  if (!answer) return null
  const there = new URL(page.url())
  const same = there.searchParams.has('lang') || there.pathname === url.pathname
  return same ? answer : openIn({ page, lang, ...on }, there)
}

/** Pages of one kind are told apart by their data alone: the route, and the names of what is asked of it. */
async function kindOf({ pathname, searchParams }: URL, routes: Routes): Promise<string> {
  const names = new Set(searchParams.keys())
  for (const name of ['desk', 'artist']) names.delete(name)
  return [(await routes.of(pathname)) ?? pathname, ...[...names].sort()].join('?')
}

/** What a form that lacks what it needs says of it is a page too. Each form once, as somebody whose browser lets it go. */
async function sendEmpty(on: Walk, route: string, kinds: Map<string, number>): Promise<void> {
  const { page, lang } = on
  const forms = await page.evaluate(formsInNeed)
  for (const { index, fields } of forms) {
    const kind = `${route} ${fields}`
    if (kinds.has(kind)) continue
    kinds.set(kind, 1)
    const from = page.url()
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().isNavigationRequest()),
      page.waitForEvent('domcontentloaded'),
      page.evaluate(sendForm, { index, lang }),
    ])
    expect.soft(answer.status(), `the form with ${fields} of ${from}, sent empty`).toBe(422)
    await look(on)
    if (forms.length > 1) await page.goto(from, { waitUntil: 'domcontentloaded' })
  }
}

// What follows runs in the page.

/** What comes to life by a script has done so. */
async function awaken(): Promise<void> {
  for (const island of document.querySelectorAll<HTMLElement>('[data-island][data-src]')) {
    island.scrollIntoView()
    await import(island.dataset['src'] ?? '')
  }
  scrollTo(0, 0)
  await document.fonts.ready
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
}

/** Where links lead, and forms that ask and change nothing. */
function waysOn(): string[] {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('a[href]')].map(({ href }) => href)
  const asks = [...document.querySelectorAll('form')].filter(({ method }) => method === 'get')
  return [
    ...links,
    ...asks.map((form) => {
      const url = new URL(form.action)
      for (const [name, value] of new FormData(form)) url.searchParams.set(name, String(value))
      return url.href
    }),
  ]
}

/** Forms that change something and have a field that must be filled, and is empty. */
function formsInNeed(): { index: number; fields: string }[] {
  return [...document.forms].flatMap((form, index) => {
    const fields = [...form.elements].filter(
      (one) => one instanceof HTMLInputElement || one instanceof HTMLTextAreaElement,
    )
    const needs = fields.some(({ required, value, type }) => required && !value && type !== 'file')
    return form.method === 'post' && needs ? [{ index, fields: fields.map(({ name }) => name).join(', ') }] : []
  })
}

/** Past the script that would keep the page, and past what the browser itself would say. */
function sendForm({ index, lang }: { index: number; lang: string }): void {
  const form = document.forms[index]
  if (!form) return
  const action = new URL(form.action)
  action.searchParams.set('lang', lang)
  form.action = action.href
  HTMLFormElement.prototype.submit.call(form)
}

/** What is wider than the screen at this size of letters, unless it is cut off or rolls in something that is not. */
function hangsOver(size: string): string[] {
  const root = document.documentElement
  root.style.fontSize = size
  const wide = root.clientWidth
  if (root.scrollWidth <= wide) return []
  const isKept = (one: Element): boolean =>
    one.parentElement !== null &&
    one.parentElement !== document.body &&
    (getComputedStyle(one.parentElement).overflowX !== 'visible' || isKept(one.parentElement))
  return [...document.querySelectorAll('main *'), ...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > wide + 1 && !isKept(one))
    .map((one) => `${one.tagName.toLowerCase()}.${one.className}: ${one.textContent?.trim().slice(0, 40)}`)
    .slice(0, 8)
}
