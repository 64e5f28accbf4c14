import { expectAccessible } from './support/accessible.ts'
import { expect } from './support/journey.ts'
import { test } from './support/label.ts'

const yesterday = () => new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)

test('an artist says who sells, shares a release with two people, records what it cost, and sends a statement', async ({
  page,
  label,
  signIn,
  another,
}) => {
  test.slow()
  await signIn(page)
  const main = page.getByRole('main')

  await test.step('who sells, with what is missing told', async () => {
    await page.goto('/studio/books/seller?desk=ana-marsh')
    await main.getByLabel('Legal name').fill('Ana Ribeiro')
    await main.getByLabel('Street and number').fill('3 rue du Port')
    await main.getByLabel('Town').fill('Concarneau')
    await main.getByLabel('Country', { exact: true }).selectOption('FR')
    await main.getByLabel('Register number').fill('732829321')
    await main.getByLabel('I charge no VAT').check()
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('alert')).toContainText('This is no SIREN or SIRET')
    await expectAccessible(page, { soft: true })
    await main.getByLabel('Register number').fill('732 829 320')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(main.getByRole('status').first()).toContainText('Saved.')
  })

  await test.step('two who share', async () => {
    await page.goto('/studio/books/people')
    for (const [name, mail] of [
      ['Noé', 'noe@people.example'],
      ['Léa', 'lea@people.example'],
    ] as const) {
      await main.getByLabel('Name', { exact: true }).fill(name)
      await main.getByLabel('Mail address').fill(mail)
      await main.getByRole('button', { name: 'Add' }).click()
      await expect(main.getByRole('link', { name })).toBeVisible()
    }
    await expectAccessible(page, { soft: true })
  })

  await test.step('the parts must make a whole', async () => {
    await main.getByRole('link', { name: 'Splits' }).click()
    await main.getByRole('button', { name: 'Share it' }).click()
    await main.getByLabel('Noé, in percent').fill('33.33')
    await main.getByLabel('Léa, in percent').fill('33,33')
    await main.getByLabel('Kept by Ana Ribeiro').fill('33')
    await main.getByLabel('From', { exact: true }).fill('2026-01-01')
    await main.getByRole('button', { name: 'Share it so' }).click()
    await expect(page.getByRole('alert')).toContainText('The parts make 99.66')
    await expectAccessible(page, { soft: true })
    await main.getByLabel('Kept by Ana Ribeiro').fill('33.34')
    await main.getByRole('button', { name: 'Share it so' }).click()
    await expect(main).toContainText('Noé 33.33%')
  })

  await test.step('a change is asked of those whom it concerns, and one answers by the link of the mail', async () => {
    const before = label.output().length
    await main.getByLabel('Noé, in percent').fill('50')
    await main.getByLabel('Kept by Ana Ribeiro').fill('16.67')
    await main.getByRole('button', { name: 'Ask them' }).click()
    await expect(main).toContainText('was asked by mail')
    const [, link = ''] = await label.printed(/Mail to noe@[\s\S]*?(http:\S*\/books\/split\/\S+)/, before)
    const noe = await another()
    await noe.goto(link)
    await expectAccessible(noe, { soft: true })
    await noe.getByRole('button', { name: 'I agree' }).click()
    await expect(noe.getByRole('status').first()).toContainText('You agreed.')
    await page.reload()
    await expect(main).toContainText('Noé 50%')
    await expect(main.getByText('agreed on')).toHaveCount(0)
  })

  await test.step('what it cost, with its proof, and taken back', async () => {
    await page.goto('/studio/books/costs')
    await main.getByLabel('Amount in euros').fill('120,50')
    await main.getByLabel('Why, or').fill('Studio')
    await main.getByLabel('Proof').setInputFiles({ name: 'bill.txt', mimeType: 'text/plain', buffer: Buffer.from('1') })
    await main.getByRole('button', { name: 'Record it' }).click()
    await expect(main.getByRole('listitem').filter({ hasText: '€120.50' })).toContainText('proof')
    await main.getByRole('button', { name: /^Take back €120.50/ }).click()
    await expect(main.getByRole('listitem').filter({ hasText: '€120.50' })).toContainText('taken back on')
    await expectAccessible(page, { soft: true })
  })

  await test.step('statements are made, looked at and sent', async () => {
    await page.goto('/studio/books')
    await expectAccessible(page, { soft: true })
    await main.getByLabel('Distribute what was earned').fill(yesterday())
    await main.getByRole('button', { name: 'Distribute' }).click()
    await expect(main.getByRole('heading', { level: 1 })).toContainText('Statements up to')
    await expectAccessible(page, { soft: true })
    const before = label.output().length
    await main.getByRole('button', { name: 'Send 2 by mail' }).click()
    const [, link = ''] = await label.printed(/Mail to lea@[\s\S]*?(http:\S*\/books\/statement\/\S+)/, before)
    const lea = await another()
    await lea.goto(link)
    await expect(lea.getByRole('heading', { level: 1 })).toHaveText('Statement 1')
    await expectAccessible(lea, { soft: true })
  })

  await test.step('the month, and what the accountant takes away', async () => {
    await page.goto('/studio/books/month')
    await expectAccessible(page, { soft: true })
    await main.getByRole('link', { name: 'Papers and accountant' }).click()
    await expectAccessible(page, { soft: true })
    const download = page.waitForEvent('download')
    await main.getByRole('link', { name: 'FEC' }).first().click()
    expect((await download).suggestedFilename()).toMatch(/^732829320FEC\d{4}1231\.txt$/)
  })
})
