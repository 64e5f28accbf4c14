import { expectAccessible } from './support/accessible.ts'
import { bringPeople } from './support/everything.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'

test('a fan sees what their gestures caused, and is thanked by the artist’s own hand', async ({
  page,
  label,
  signIn,
  another,
}) => {
  test.slow()
  const main = page.getByRole('main')
  const mailed = async (to: string, what: string, from: number) => {
    const [, link = ''] = await label.printed(new RegExp(`Mail to ${to}@[\\s\\S]*?http:[^\\s]*?(/${what}/\\S+)`), from)
    return label.url + link
  }

  const echo = await test.step('a fan makes a link of their own', async () => {
    const before = label.output().length
    await page.goto('/follow/ana-marsh')
    await main.getByLabel('Your mail address').fill('ida@fans.example')
    await main.getByRole('button', { name: 'Write to me' }).click()
    await page.goto(await mailed('ida', 'confirm', before))
    await main.getByRole('link', { name: 'How I am written to' }).click()
    await main.getByRole('link', { name: 'What Ana Marsh gave you' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You and Ana Marsh')
    await expect(main).toContainText('Nobody has come by a link of yours yet')
    await expectAccessible(page, { soft: true })
    const here = page.url()
    await main.getByRole('button', { name: 'Pass on Harbour Lights' }).click()
    await expect(main.getByLabel('The link')).toHaveValue(/\/s\/[a-z2-9]{8}$/)
    return here
  })

  await test.step('people come by it: they read how many, and not who', async () => {
    await bringPeople(label, 'ida@fans.example', 4)
    await page.goto(echo)
    await expect(main).toContainText('Through you: 4 people.')
    await expect(main.getByRole('link', { name: 'Your link for Harbour Lights' })).toBeVisible()
    await expectAccessible(page, { soft: true })
  })

  await test.step('the artist thanks them, in words of their own', async () => {
    const studio = await another(PHONE)
    await signIn(studio)
    const desk = studio.getByRole('main')
    await studio.goto('/studio?desk=ana-marsh')
    await expect(desk).toContainText('brought somebody for the first time.')
    await desk.getByRole('link', { name: 'Thank them' }).click()
    await desk.getByRole('button', { name: 'Send' }).click()
    await expect(studio.getByRole('alert')).toContainText('Write something first.')
    await expectAccessible(studio, { soft: true })
    await desk.getByLabel('Your words').fill('Four people heard the harbour because of you.')
    await desk.getByRole('button', { name: 'Send' }).click()
    await expect(desk).toContainText('Four people heard the harbour because of you.')
    await studio.goto('/studio')
    await expect(desk).not.toContainText('brought somebody')
  })
})
