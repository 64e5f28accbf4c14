import { copyFileSync, truncateSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expectAccessible } from './support/accessible.ts'
import { sleeve } from './support/album.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'

async function publishPost(page: Page, title: string, words: string): Promise<void> {
  await page.goto('/studio?desk=ana-marsh')
  await page.goto('/studio/journal')
  await page.getByRole('button', { name: 'Write' }).click()
  const main = page.getByRole('main')
  await main.getByLabel('Title').fill(title)
  await main.getByLabel('Words').fill(words)
  await main.getByRole('button', { name: 'Save' }).click()
  await expect(main.locator('[data-saving]')).toContainText('Saved.')
  await page.getByRole('link', { name: 'Publish' }).click()
  await page.getByRole('button', { name: 'Publish now' }).click()
}

test('a letter is written with a picture and a song between its words, and read by everyone', async ({
  page,
  label,
  signIn,
  another,
}) => {
  await signIn(page)
  await page.goto('/studio?desk=ana-marsh')
  await page.getByRole('link', { name: 'Journal' }).click()
  await page.getByRole('button', { name: 'Write' }).click()
  const main = page.getByRole('main')
  const words = main.getByLabel('Words')
  const reading = main.getByRole('region', { name: 'How it will read' })
  const said = main.locator('[data-saving]')

  await test.step('words are drawn beside, and saved as one goes', async () => {
    await main.getByLabel('Title').fill('The kitchen, in the rain')
    await words.fill('It rained for a week, so we stayed in and played.\n\n')
    await expect(reading).toContainText('It rained for a week')
    await expect(said).toContainText('Saved.')
    await words.press('Control+End')
    await words.pressSequentially('We said yes')
    await words.press('Shift+Control+ArrowLeft')
    await main.getByRole('button', { name: 'Bold' }).click()
    await expect(reading.locator('strong')).toHaveText('yes')
    await words.press('Control+End')
  })

  await test.step('a picture asks what it shows', async () => {
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      main.getByRole('toolbar').getByRole('button', { name: 'Picture' }).click(),
    ])
    await chooser.setFiles({
      name: 'kitchen.jpg',
      mimeType: 'image/jpeg',
      buffer: await sleeve({ title: 'Kitchen' }),
    })
    const panel = main.locator('.ask-picture')
    await panel.getByRole('button', { name: 'Add the picture' }).click()
    await expect(panel.getByRole('status')).toContainText('Say what the picture shows')
    await panel.getByLabel('What it shows').fill('A window, a kettle, rain')
    await panel.getByRole('button', { name: 'Add the picture' }).click()
    await expect(reading.getByRole('img', { name: 'A window, a kettle, rain' })).toBeVisible()
  })

  await test.step('a song is put where one writes', async () => {
    await main.getByLabel('A track or a release').selectOption({ label: 'First Ferry' })
    await main.getByRole('button', { name: 'Put it in the text' }).click()
    await expect(reading.getByRole('link', { name: 'First Ferry' })).toBeVisible()
    await expect(said).toContainText('Saved.')
    await page.reload()
    await expect(words).toHaveValue(/\[\[track:[0-9a-f-]+\|First Ferry\]\]/)
  })

  await test.step('it is accessible, and published', async () => {
    await expectAccessible(page, { soft: true })
    await page.getByRole('link', { name: 'Publish' }).click()
    await page.getByRole('button', { name: 'Publish now' }).click()
    await expect(page.getByRole('main').getByRole('status')).toContainText('It is public')
  })

  await test.step('a reader on a telephone finds it on the artist’s page, reads, and hears', async () => {
    const reader = await another(PHONE)
    await reader.goto(`${label.url}/ana-marsh`)
    await reader.getByRole('link', { name: /The kitchen, in the rain/ }).click()
    await expect(reader.getByRole('heading', { level: 1 })).toHaveText('The kitchen, in the rain')
    await expect(reader.getByRole('img', { name: 'A window, a kettle, rain' })).toBeVisible()
    await expectAccessible(reader, { soft: true })
    await reader.getByRole('button', { name: 'Play First Ferry' }).click()
    await expect(reader.getByRole('button', { name: 'Play First Ferry' })).toHaveAttribute('aria-pressed', 'true')
    await reader.getByRole('link', { name: 'Journal', exact: true }).click()
    await expect(reader.getByRole('heading', { level: 1 })).toContainText('Journal')
    await expectAccessible(reader, { leaveOut: ['#player'], soft: true })
  })
})

test('words that were not saved are still there, in the browser that they were written in', async ({
  page,
  signIn,
  label,
}) => {
  await signIn(page)
  const main = page.getByRole('main')
  await publishPost(page, 'Public already', 'First words.')
  await page.getByRole('link', { name: 'Write', exact: true }).click()

  // A public post changes when one says so: what is typed stays in this browser until then.
  await main.getByLabel('Words').fill('First words. And a second thought.')
  await expect(main.getByRole('region', { name: 'How it will read' })).toContainText('second thought')
  await page.goto('/studio/journal')
  await page.getByRole('link', { name: 'Public already' }).click()
  await expect(main.getByLabel('Words')).toHaveValue('First words.')
  await main.getByRole('button', { name: 'Put them back' }).click()
  await expect(main.getByLabel('Words')).toHaveValue('First words. And a second thought.')
  await main.getByRole('button', { name: 'Save' }).click()
  await expect(main.getByRole('status').first()).toContainText('Saved.')
  const answer = await page.request.get(`${label.url}/ana-marsh/journal/public-already`)
  expect(await answer.text()).toContain('And a second thought.')
})

test('a journal is written and published without scripts', async ({ label, another }) => {
  const page = await another({ javaScriptEnabled: false })
  await page.context().addCookies([{ ...label.session, url: label.url, httpOnly: true, sameSite: 'Lax' }])
  await page.goto(`${label.url}/studio?desk=ana-marsh`)
  await page.goto(`${label.url}/studio/journal`)
  await page.getByRole('button', { name: 'Write' }).click()
  await page.getByLabel('Title').fill('By hand')
  await page.getByLabel('Words').fill('## A heading\n\nAnd *words*.')
  await page.getByLabel('A track or a release').selectOption({ label: 'First Ferry' })
  await page.getByRole('button', { name: 'Put it in the text' }).click()
  await expect(page.getByLabel('Words')).toHaveValue(/^## A heading\n\nAnd \*words\*\.\n\n\[\[track:/)
  await page.getByLabel('Picture', { exact: true }).setInputFiles({
    name: 'a.jpg',
    mimeType: 'image/jpeg',
    buffer: await sleeve({ title: 'By hand' }),
  })
  await page.getByLabel('What it shows').fill('Two colours')
  await page.getByRole('button', { name: 'Add the picture' }).click()
  await expect(page.getByRole('img', { name: 'Two colours' }).first()).toBeVisible()
  await page.getByRole('link', { name: 'Publish' }).click()
  await page.getByRole('button', { name: 'Publish now' }).click()
  await expect(page.getByRole('button', { name: 'Publish now' })).toBeHidden()
  await page.goto(`${label.url}/ana-marsh/journal/by-hand`)
  await expect(page.getByRole('heading', { level: 2, name: 'A heading' })).toBeVisible()
  await expect(page.getByRole('img', { name: 'Two colours' })).toBeVisible()
})

test('a reader comments on a telephone, says by mail that it is theirs, and is answered', async ({
  page,
  label,
  signIn,
  another,
}) => {
  await signIn(page)
  const main = page.getByRole('main')
  await publishPost(page, 'Open to answers', 'What did you hear?')

  const reader = await another(PHONE)
  const printed = label.output().length
  await test.step('written, and a mail asks', async () => {
    await reader.goto(`${label.url}/ana-marsh/journal/open-to-answers`)
    await reader.getByLabel('Your name').fill('Zoé')
    await reader.getByLabel('Your comment').fill('A kettle, I think.')
    await reader.getByLabel('Mail address').fill('zoe@fans.example')
    await expectAccessible(reader, { soft: true })
    await reader.getByRole('button', { name: 'Send' }).click()
    await expect(reader.getByRole('heading', { level: 1 })).toHaveText('Thank you')
    await expectAccessible(reader, { soft: true })
  })

  await test.step('it is theirs once they say so', async () => {
    const [link] = await label.printed(/http\S+\/journal\/comments\/\S+/, printed)
    await reader.goto(link)
    await expectAccessible(reader, { soft: true })
    await reader.getByRole('button', { name: 'Yes, it is mine' }).click()
    await expect(reader.getByText('Thank you, it is yours.')).toBeVisible()
  })

  await test.step('the artist sees it, answers, and both are shown', async () => {
    await page.goto('/studio/journal')
    await page.getByRole('link', { name: '1 comment waits' }).click()
    await expect(main).toContainText('A kettle, I think.')
    await expect(main).toContainText('their address is confirmed')
    await main.getByText('Answer', { exact: true }).click()
    await main.getByLabel('Your answer, under Zoé’s comment').fill('It was the kettle.')
    await expectAccessible(page, { soft: true })
    await main.getByRole('button', { name: 'Publish the answer' }).click()
    await expect(main.getByRole('button', { name: 'Publish the answer' })).toBeHidden()
    await reader.goto(`${label.url}/ana-marsh/journal/open-to-answers`)
    await expect(reader.getByRole('region', { name: '1 comment' })).toContainText('It was the kettle.')
    await expectAccessible(reader, { soft: true })
  })
})

test('a film whose sending breaks off goes on where it stopped, is made ready, taken off and put back', async ({
  page,
  signIn,
}, info) => {
  const path = info.outputPath('our_kitchen.mp4')
  copyFileSync('src/testing/film.mp4', path)
  // Larger than what is sent in one piece; what follows a film's end is not looked at.
  truncateSync(path, 70_000_000)
  await signIn(page)
  // The line is silent from the second piece on. In the page itself: whoever stands between it and the place is handed each piece, and takes long over 32 MiB.
  await page.addInitScript(() => {
    const { setRequestHeader, send } = XMLHttpRequest.prototype
    const from = new WeakMap<XMLHttpRequest, string>()
    XMLHttpRequest.prototype.setRequestHeader = function (name, value) {
      if (name.toLowerCase() === 'upload-offset') from.set(this, value)
      setRequestHeader.call(this, name, value)
    }
    XMLHttpRequest.prototype.send = function (body) {
      const offset = from.get(this)
      if (offset !== undefined)
        sessionStorage.setItem('offsets', `${sessionStorage.getItem('offsets') ?? ''} ${offset}`)
      if (!offset || offset === '0' || sessionStorage.getItem('line')) send.call(this, body)
    }
  })
  await page.goto('/studio?desk=ana-marsh')
  await page.goto('/studio/journal')
  await page.getByRole('button', { name: 'Write' }).click()
  // Loaded to its end: before its script is there, the form sends the film whole, by itself.
  await page.waitForURL(/\/studio\/journal\/[0-9a-f-]{36}/)
  const films = page.locator('#videos')
  const choose = async () => {
    await films.getByLabel('Film', { exact: true }).setInputFiles(path)
    await films.getByRole('button', { name: 'Add the film' }).click()
  }
  const offsets = () => page.evaluate(() => (sessionStorage.getItem('offsets') ?? '').trim().split(' ').map(Number))

  await choose()
  const piece = 32 * 1024 * 1024
  await expect.poll(offsets).toEqual([0, piece])
  await expect(films.getByRole('status')).toContainText('47% has been sent')
  await expectAccessible(page)
  page.once('dialog', (dialog) => dialog.accept())
  await page.reload()
  await expect(films).toContainText('47% of our_kitchen.mp4 has come. Choose the same file again')
  await page.evaluate(() => sessionStorage.setItem('line', 'back'))
  await choose()
  await expect(films.getByRole('heading', { name: 'our kitchen' })).toBeVisible()
  expect(await offsets()).toEqual([0, piece, piece, 2 * piece])

  await expect(async () => {
    await page.reload()
    await expect(films).toContainText('Ready, ', { timeout: 500 })
  }).toPass()
  await films.getByRole('button', { name: 'Take off our kitchen' }).click()
  await expect(page.getByLabel('Words')).toHaveValue('')
  await page.getByRole('button', { name: 'Put back our kitchen' }).first().click()
  await expect(page.getByLabel('Words')).toHaveValue(/^\[\[video:[0-9a-f-]{36}\|our kitchen\]\]/)
  await expect(films).toContainText('Ready, ')
})
