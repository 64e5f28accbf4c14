import { type Album, HARBOUR } from './support/album.ts'
import { expect } from './support/journey.ts'
import { test } from './support/label.ts'
import { expectSound, listenIn } from './support/sound.ts'

const short = (title: string): Album => ({ ...HARBOUR, title, tracks: [{ title: 'Only', seconds: 4, as: 'flac' }] })

test.use({ tolerated: [/the server responded with a status of 404/] })

test('a release is heard by those who hold its secret link, until the link is taken back', async ({
  page,
  label,
  another,
  signIn,
}) => {
  const release = await label.bring(short('For Few'), 'draft')
  await signIn(page)
  const main = page.getByRole('main')
  const friend = await another()
  await friend.goto(release.url)
  await expect(friend.getByRole('heading', { level: 1 })).toContainText('There is no page here')

  await page.goto('/studio?desk=ana-marsh')
  await page.getByRole('link', { name: 'For Few' }).click()
  await main.getByRole('link', { name: 'Who may hear it' }).click()
  await main.getByRole('button', { name: 'Make it unlisted' }).click()
  const link = await main
    .getByRole('textbox', { name: /^Address of the link/ })
    .first()
    .inputValue()

  await listenIn(friend)
  await friend.goto(release.url)
  await expect(friend.getByRole('heading', { level: 1 }), 'without the link').toContainText('There is no page here')
  await friend.goto(link)
  await expect(friend.getByRole('heading', { level: 1 })).toContainText('For Few')
  await expect(friend.getByText('Only those who were given this link can see this page.')).toBeVisible()
  const streams: string[] = []
  friend.on('request', (request) => void (request.url().includes('/media/stream/') && streams.push(request.url())))
  await friend.getByRole('main').getByRole('button', { name: 'Play For Few' }).click()
  await expectSound(friend)
  expect((await fetch(streams[0] ?? '', { headers: { range: 'bytes=0-1' } })).status).toBe(206)

  await page.reload()
  const row = main.getByRole('row').filter({ has: page.getByRole('textbox', { name: /^Address of the link/ }) })
  await expect(row.getByRole('cell', { name: '1', exact: true }), 'the visit is counted').toBeVisible()
  await main.getByRole('button', { name: /^Revoke the link/ }).click()
  await expect(page.getByText('The link opens nothing any more.')).toBeVisible()
  await friend.goto(link)
  await expect(friend.getByRole('heading', { level: 1 })).toContainText('There is no page here')
  expect((await fetch(streams[0] ?? '', { headers: { range: 'bytes=0-1' } })).status, 'the sound too').toBe(404)
})

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
