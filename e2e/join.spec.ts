import { expectAccessible } from './support/accessible.ts'
import { HARBOUR } from './support/album.ts'
import { expect } from './support/journey.ts'
import { test } from './support/label.ts'

const ARTIST = HARBOUR.artist

test('a fan signs up on a release’s page, says yes in one click, chooses how often, and leaves', async ({
  page,
  label,
  another,
}) => {
  const main = page.getByRole('main')
  let fan = ''
  /** The link of that kind in the newest mail to this address. */
  const mailed = async (to: string, from = 0) =>
    (await label.printed(new RegExp(`Mail to ${to}:[\\s\\S]*?(http\\S+/(?:confirm|fan)/\\S+)`), from))[1] as string

  await test.step('signs up', async () => {
    await page.goto(label.harbour.url)
    await main.getByLabel('Your mail address').fill('lea@fans')
    await main.getByRole('button', { name: 'Write to me' }).click()
    await expect(main.getByRole('alert')).toContainText('This is no mail address')
    await main.getByLabel('Your mail address').fill('lea@fans.example')
    await main.getByText('Your name, being recognised').click()
    await main.getByLabel('Your name').fill('Léa')
    await expectAccessible(page)
    await main.getByRole('button', { name: 'Write to me' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'One thing more' })).toBeVisible()
    await expect(main).toContainText('A mail is on its way to lea@fans.example')
    await expectAccessible(page)
  })

  await test.step('opens the link where she signed up: that was the click', async () => {
    await page.goto(await mailed('lea@fans.example'))
    await expect(page.getByRole('heading', { level: 1, name: 'Welcome' })).toBeVisible()
    await expect(main).toContainText(`${ARTIST} writes to you at lea@fans.example from now on`)
    fan = (await main.getByRole('link', { name: 'How I am written to' }).getAttribute('href')) as string
  })

  await test.step('another opens hers elsewhere: nothing happens before the button', async () => {
    await page.goto(`/follow/ana-marsh`)
    await main.getByLabel('Your mail address').fill('max@fans.example')
    await main.getByRole('button', { name: 'Write to me' }).click()
    await expect(main).toContainText('max@fans.example')
    const elsewhere = await another()
    await elsewhere.goto(await mailed('max@fans.example'))
    const button = elsewhere.getByRole('button', { name: 'Yes, write to me' })
    await expect(button).toBeVisible()
    await expectAccessible(elsewhere)
    await button.click()
    await expect(elsewhere.getByRole('heading', { level: 1, name: 'Welcome' })).toBeVisible()
  })

  await test.step('chooses once a week, in French', async () => {
    await page.goto(fan)
    await main.getByLabel('Once a week, all together').check()
    await main.getByLabel('Language').selectOption('fr')
    await expectAccessible(page)
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(main.getByRole('status')).toHaveText('Enregistré.')
    await expect(main.getByLabel('Une fois par semaine, tout ensemble')).toBeChecked()
  })

  await test.step('who signs up again is told that there is nothing to confirm', async () => {
    const from = label.output().length
    await page.goto(label.harbour.url)
    await main.getByLabel('Your mail address').fill('Lea@fans.example')
    await main.getByRole('button', { name: 'Write to me' }).click()
    await expect(main).toContainText('A mail is on its way')
    expect(new URL(await mailed('lea@fans.example', from)).pathname).toBe(new URL(fan).pathname)
  })

  await test.step('leaves', async () => {
    await page.goto(fan)
    await main.getByRole('button', { name: `Quitter ${ARTIST}` }).click()
    await expect(main).toContainText('Personne n’écrit à lea@fans.example.')
  })
})
