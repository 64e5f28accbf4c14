import { type Album, HARBOUR } from './support/album.ts'
import { expect } from './support/journey.ts'
import { test } from './support/label.ts'

const short = (title: string): Album => ({ ...HARBOUR, title, tracks: [{ title: 'Only', seconds: 4, as: 'flac' }] })

test.use({ tolerated: [/the server responded with a status of 404/] })

test('a release that is scheduled appears by itself, to the minute', async ({ page, label, another, signIn }) => {
  const release = await label.bring(short('Tomorrow'), 'draft')
  await signIn(page)
  const main = page.getByRole('main')
  await page.goto('/studio?desk=ana-marsh')
  await page.getByRole('link', { name: 'Tomorrow' }).click()
  await main.getByRole('link', { name: 'Who may hear it' }).click()
  // The next whole minute that is at least ten seconds away.
  const at = new Date(Math.ceil((Date.now() + 10_000) / 60_000) * 60_000)
  await main.getByLabel('Time zone').selectOption('Asia/Tokyo')
  await main.getByLabel('Day and time').fill(inZone(at, 'Asia/Tokyo'))
  await main.getByRole('button', { name: 'Schedule' }).click()
  await expect(page.getByText('time of Asia/Tokyo').first()).toBeVisible()

  const visitor = await another()
  await visitor.goto(release.url)
  await expect(visitor.getByRole('heading', { level: 1 })).toContainText('There is no page here')
  await expect(async () => {
    await visitor.goto(release.url)
    await expect(visitor.getByRole('heading', { level: 1 })).toContainText('Tomorrow', { timeout: 500 })
  }).toPass({ timeout: 90_000, intervals: [1_000] })
  expect(Date.now(), 'not before').toBeGreaterThanOrEqual(at.getTime())
  expect(Date.now(), 'and soon').toBeLessThan(at.getTime() + 15_000)
  await visitor.goto('/ana-marsh')
  await expect(visitor.getByRole('main').getByRole('link', { name: 'Tomorrow' }).first()).toBeVisible()
})

/** As a field of type datetime-local writes it. */
const inZone = (at: Date, timeZone: string) =>
  new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(at).replace(' ', 'T')
