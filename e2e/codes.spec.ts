import { readFile } from 'node:fs/promises'
import { expectAccessible } from './support/accessible.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'

test('a code redeemed at a show', async ({ page, label, signIn, another }) => {
  await signIn(page)
  const main = page.getByRole('main')
  const batch = `Nantes, ${test.info().project.name}`
  let codes: string[] = []

  await test.step('the artist makes codes for a release, and prints them as cards', async () => {
    await page.goto('/studio/shop/codes/new?desk=ana-marsh')
    await main.getByRole('button', { name: 'Make them' }).click()
    await expect(page.getByRole('alert')).toContainText('Choose a release or a track.')
    await expectAccessible(page, { soft: true })
    await main.getByLabel('What a code gives').selectOption({ label: 'Harbour Lights, Été' })
    await main.getByLabel('Name of the batch').fill(batch)
    await main.getByLabel('How many').fill('12')
    await main.getByRole('button', { name: 'Make them' }).click()
    await expect(main).toContainText('None of 12 codes has been used yet.')
    await expectAccessible(page, { soft: true })
    const [sheet] = await Promise.all([
      page.waitForEvent('download'),
      main.getByRole('link', { name: 'Codes as CSV' }).click(),
    ])
    codes = (await readFile(await sheet.path(), 'utf8')).match(/(?<=^\d+[,;])\w{3}-\w{3}-\w{3}/gm) ?? []
    expect(new Set(codes).size).toBe(12)
    const [cards] = await Promise.all([
      page.waitForEvent('download'),
      main.getByRole('link', { name: 'Cards to print (PDF)' }).click(),
    ])
    expect((await readFile(await cards.path())).subarray(0, 5).toString()).toBe('%PDF-')
  })
  const [first = '', second = ''] = codes

  const holder = await another(PHONE)
  const theirs = holder.getByRole('main')
  await test.step('somebody at the show points a telephone at the card, and takes it with one press', async () => {
    await holder.goto(`${label.url}/code/${first}`)
    await expect(theirs).toContainText('Harbour Lights, Été')
    await expectAccessible(holder, { soft: true })
    await theirs.getByRole('button', { name: 'Take it' }).click()
    await expect(theirs).toContainText('It is yours.')
    await expectAccessible(holder, { soft: true })
    const flac = theirs.getByRole('link', { name: 'Harbour Lights, Été as FLAC' })
    const [download] = await Promise.all([holder.waitForEvent('download', { timeout: 90_000 }), flac.click()])
    expect(download.suggestedFilename()).toMatch(/\.zip$/)
  })

  await test.step('it opens again in the same browser, and is sent to an address on request', async () => {
    await holder.goto(`${label.url}/code/${first}`)
    await theirs.getByLabel('Mail address', { exact: true }).fill('lea')
    await theirs.getByRole('button', { name: 'Send the link' }).click()
    await expect(theirs).toContainText('This is no mail address.')
    const before = label.output().length
    await theirs.getByLabel('Mail address', { exact: true }).fill('lea@codes.example')
    await theirs.getByRole('button', { name: 'Send the link' }).click()
    await expect(theirs.getByRole('status')).toContainText('on its way to lea@codes.example')
    const [, library = ''] = await label.printed(/Mail to lea@codes[\s\S]*?http:[^\s]*?(\/library\/\S+)/, before)
    await holder.goto(label.url + library)
    await expect(theirs).toContainText('Harbour Lights, Été')
  })

  await test.step('a friend who finds the card reads that it has been used; a mistyped code is told so; their own, typed, gives it', async () => {
    const friend = await another(PHONE)
    const friends = friend.getByRole('main')
    await friend.goto(`${label.url}/code/${first}`)
    await expect(friends.getByRole('alert')).toContainText('This code has been used')
    await friend.goto(`${label.url}/code`)
    await friends.getByLabel('Code').fill(`${second.slice(0, -1)}0`)
    await friend.keyboard.press('Enter')
    await expect(friends).toContainText('This is no code.')
    await expect(friends.getByLabel('Code')).toBeFocused()
    await expectAccessible(friend, { soft: true })
    await friends.getByLabel('Code').fill(second.toLowerCase().replaceAll('-', ' '))
    await friend.keyboard.press('Enter')
    await expect(friends).toContainText('It is yours.')
  })

  await test.step('the artist sees how many were used, and closes the rest', async () => {
    await page.reload()
    await expect(main).toContainText('2 of 12 codes have been used.')
    await main.getByRole('link', { name: 'What came back of them' }).click()
    await expect(main).toContainText(batch)
    await page.goBack()
    await main.getByRole('button', { name: 'Close these codes' }).click()
    await expect(page.getByRole('status').first()).toContainText('These codes are closed.')
    const late = await another(PHONE)
    await late.goto(`${label.url}/code/${codes[2]}`)
    await expect(late.getByRole('main').getByRole('alert')).toContainText('closed by Ana Marsh')
  })
})
