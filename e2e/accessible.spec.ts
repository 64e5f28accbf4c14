import type { BrowserContextOptions, Page } from '@playwright/test'
import { expectAccessible } from './support/accessible.ts'
import { bringEverything } from './support/everything.ts'
import { expect, PHONE } from './support/journey.ts'
import { test as inLabel, type Label } from './support/label.ts'
import { type Routes, readRoutes } from './support/routes.ts'
import { walk } from './support/walk.ts'

/**
 * Answers to GET that are no pages, and why. A route that is neither met as a page by the walk nor named here fails it.
 * What only sends on, and what a walk was given as a file, need not be named.
 */
const NO_PAGE: [RegExp, string][] = [
  [/^\/(assets|media)\//, 'files'],
  [/^\/(healthz|metrics|oembed)$/, 'for programs'],
  [/\.(txt|xml|json|webmanifest|ico|csv)$/, 'for programs, or to keep'],
  [/\/progress$/, 'asked by the script of a page that waits'],
  [/\/uploads\/.*:upload/, 'what the protocol asks of an upload'],
  [/(\\\.pdf\}|\/slip\.pdf)$/, 'papers, to print or to keep'],
  [/\/cover\/:index/, 'a picture'],
  [/^\/take\/:short/, 'sends on to what somebody was given, or says that they were not'],
  [/\\\.ics\}$/, 'calendars, for other programs'],
  [/\.(css|js)$|lyrics\\\.txt/, 'for browsers, or to keep'],
  [/^\/studio\/(inbox\/files|parcels\/proofs)\//, 'files'],
  [/\/announcements\/.*\/mail$/, 'a mail, shown in the frame of a page'],
  [/\/announcements\/.*\/size$/, 'asked by the script of the page of an audience'],
  [/^\/studio\/books\/papers\//, 'invoices, to keep'],
  [/\/stems\/:stem$/, 'files, to keep'],
  [/\/:of\{[^/]*\/picture$/, 'a picture'],
  [/\/picture\/:picture|\/(proof\.jws|rider\.pdf)$/, 'files, to keep'],
  [/^\/member-feed\//, 'for programs'],
  [/^\/journal\/video\//, 'a frame that holds the player of another site'],
]

type Place = { routes: Routes; from: { visitor: string[]; owner: string[] } }

const test = inLabel.extend<object, { place: Place }>({
  place: [
    async ({ label }, use) => use({ from: await bringEverything(label), routes: await readRoutes(label.dataDir) }),
    { scope: 'worker', timeout: 400_000 },
  ],
})

// Taking the picture of a page where some of a hundred failed takes long, and says nothing.
test.use({ tolerated: [/the server responded with a status of (404|410|422)/], screenshot: 'off' })

const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 900 }, locale: 'en-GB' }

// Where an address holds a name, the narrow screen sees two of a kind: it is there that a longer name breaks a page.
for (const { how, lang, screen, named } of [
  { how: 'in French on a telephone', lang: 'fr', screen: { ...PHONE, locale: 'fr-FR' }, named: 2 },
  { how: 'in English at a desk', lang: 'en', screen: DESK, named: 1 },
])
  test(`every page can be used by everybody, ${how}`, async ({ label, place: { routes, from }, another, signIn }) => {
    test.setTimeout(1_200_000)
    const open = () => another({ ...screen, reducedMotion: 'reduce' })
    const [visitor, owner] = [await open(), await open()]
    await signIn(owner)
    const on = { routes, lang, named, isPhone: screen !== DESK }
    const there = (paths: string[]) => paths.map((path) => new URL(path, label.url))
    const walks = await Promise.all([
      walk({ ...on, page: visitor }, there(from.visitor)).finally(() => lookAtPlayer(visitor, label)),
      walk({ ...on, page: owner }, there(from.owner)),
    ])

    const pages = new Set(walks.flatMap((met) => [...met.pages]))
    const others = new Set(walks.flatMap((met) => [...met.others]))
    const isNone = (route: string) => NO_PAGE.some(([pattern]) => pattern.test(route))
    const forgotten = routes.all.filter((route) => !pages.has(route) && !others.has(route) && !isNone(route))
    expect.soft(forgotten, FORGOTTEN).toEqual([])
    expect.soft([...pages].filter(isNone), 'pages, though they are said to be none').toEqual([])
    for (const [pattern, what] of NO_PAGE)
      expect
        .soft(
          routes.all.some((route) => pattern.test(route)),
          what,
        )
        .toBe(true)
  })

const FORGOTTEN = `pages that nobody looked at: lead to them by a link or from support/everything.ts, which brings what they are about;
or say in NO_PAGE why they are none`

/** What lies over the pages once something plays: the bar, the list of what follows, the keys. */
async function lookAtPlayer(page: Page, label: Label): Promise<void> {
  // The last page of the walk may be one that sends a file, which ends another navigation.
  await expect(async () => void (await page.goto(label.harbour.url))).toPass()
  await page.locator('main [data-play]').first().click()
  const bar = page.locator('#player')
  await expect(bar).toBeVisible()
  await expectAccessible(page, { soft: true })
  await bar.locator('[popovertarget=player-queue]').first().click()
  await expect(bar.locator('#player-queue')).toBeVisible()
  await expectAccessible(page, { soft: true })
  await bar.locator('#player-queue [popovertarget=player-keys]').click()
  await expect(bar.locator('#player-keys')).toBeVisible()
  await expectAccessible(page, { soft: true })
}
