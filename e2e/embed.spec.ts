import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HARBOUR } from './support/album.ts'
import { expect } from './support/journey.ts'
import { test } from './support/label.ts'
import { expectSound, listenIn } from './support/sound.ts'

/** Somebody else's site: one page. */
async function elsewhere(html: string): Promise<{ url: string; close(): Promise<unknown> }> {
  const server = createServer((_, answer) =>
    answer
      .setHeader('content-type', 'text/html; charset=utf-8')
      .end(`<!doctype html><link rel="icon" href="data:,">${html}`),
  )
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // "localhost" is ours: by its number it is another site to the browser.
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((done) => server.close(done)),
  }
}

test('the player is copied into another site’s page, plays there, and leads back here', async ({
  page,
  label,
  another,
  signIn,
}) => {
  await page.goto(label.harbour.url)
  await page.getByText('Put it on your page').click()
  const code = await page.getByRole('textbox', { name: 'Code to copy' }).inputValue()
  const blog = await elsewhere(`<title>A blog</title><h1>What I hear</h1>${code}`)
  const reader = await another()
  await listenIn(reader)
  await reader.goto(blog.url)
  await reader.locator('iframe').scrollIntoViewIfNeeded()
  const player = reader.frameLocator('iframe')
  await expect(player.getByRole('heading', { level: 1 })).toContainText(HARBOUR.title)
  await player.getByRole('button', { name: `Play L’été dernier` }).click()
  const frame = reader.frames().find((one) => one.url().startsWith(label.url))
  if (!frame) throw new Error('The frame is not there.')
  await expectSound(frame)

  const opening = reader.waitForEvent('popup')
  await player.getByRole('heading', { level: 1 }).getByRole('link', { name: HARBOUR.title }).click()
  const here = await opening
  await expect(here).toHaveURL(label.harbour.url)

  await test.step('the studio says that it came from there', async () => {
    await signIn(page)
    await expect(async () => {
      await page.goto('/studio?desk=ana-marsh')
      await page.getByRole('link', { name: HARBOUR.title }).first().click()
      await expect(page.getByText('The embedded player, on 127.0.0.1')).toBeVisible({ timeout: 1_000 })
    }).toPass({ timeout: 20_000 })
  })
  await reader.close()
  await here.close()
  await blog.close()
})

test('a program that is given the address finds the player by oEmbed, in the size that it asks for', async ({
  page,
  label,
}) => {
  await page.goto(label.harbour.url)
  const found = await page.locator('link[type="application/json+oembed"]').getAttribute('href')
  for (const [maxwidth, maxheight] of [
    [400, 120],
    [400, 500],
  ] as const) {
    const url = new URL(found ?? '', label.url)
    url.searchParams.set('maxwidth', String(maxwidth))
    url.searchParams.set('maxheight', String(maxheight))
    const answer = (await (await fetch(url)).json()) as Record<string, unknown>
    expect(answer).toMatchObject({ version: '1.0', type: 'rich', author_name: HARBOUR.artist })
    expect(answer['width']).toBeLessThanOrEqual(maxwidth)
    expect(answer['height']).toBeLessThanOrEqual(maxheight)
    await page.setViewportSize({ width: maxwidth, height: maxheight })
    await page.goto(
      String(answer['html'])
        .match(/src="([^"]+)"/)?.[1]
        ?.replaceAll('&amp;', '&') ?? '',
    )
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeInViewport({ ratio: 1 })
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(over, `${maxwidth} × ${maxheight}: nothing hangs over the side`).toBeLessThanOrEqual(0)
  }
})
