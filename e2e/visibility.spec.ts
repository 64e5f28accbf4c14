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
  await expect(row.getByRole('cell').filter({ hasText: /^1$/ }), 'the visit is counted').toBeVisible()
  await main.getByRole('button', { name: /^Revoke the link/ }).click()
  await expect(page.getByText('The link opens nothing any more.')).toBeVisible()
  await friend.goto(link)
  await expect(friend.getByRole('heading', { level: 1 })).toContainText('There is no page here')
  // A player asks for many small pieces: what was found for one is believed for two seconds.
  const sound = async () => (await fetch(streams[0] ?? '', { headers: { range: 'bytes=0-1' } })).status
  await expect.poll(sound, { message: 'the sound too' }).toBe(404)
})
