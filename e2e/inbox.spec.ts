import { expectAccessible } from './support/accessible.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'
import { databaseIn, query } from './support/servers.ts'

test('somebody writes by the form of the site, and is answered in the studio', async ({
  page,
  label,
  signIn,
  another,
}) => {
  const visitor = await another(PHONE)
  await test.step('the form says what is missing, keeps the words, and sends them', async () => {
    await visitor.goto(`${label.url}/ana-marsh`)
    await visitor.getByRole('link', { name: 'Write to Ana Marsh' }).click()
    await visitor.getByLabel('Your words').fill('Are you playing in Lyon this winter?')
    await visitor.getByRole('button', { name: 'Send' }).click()
    await expect(visitor.getByRole('alert')).toContainText('Say your name.')
    await expectAccessible(visitor, { soft: true })
    await visitor.getByLabel('Your name').fill('Zoé')
    await visitor.getByLabel('Your mail address').fill('zoe@fans.example')
    await visitor.getByRole('button', { name: 'Send' }).click()
    await expect(visitor.getByRole('heading', { level: 1 })).toHaveText('Thank you')
  })

  await signIn(page)
  await page.goto('/studio?desk=ana-marsh')
  const main = page.getByRole('main')
  await test.step('the rail counts who waits, the list says since when', async () => {
    await page.getByRole('link', { name: /^Inbox/ }).click()
    await expect(main.getByRole('listitem').filter({ hasText: 'Zoé' })).toContainText('waiting for')
    await expectAccessible(page, { soft: true })
    await main.getByRole('link', { name: 'Zoé' }).click()
  })

  await test.step('she is answered by mail', async () => {
    await expect(main).toContainText('Are you playing in Lyon')
    await expectAccessible(page, { soft: true })
    await main.getByText('Add a note').click()
    await main.getByLabel('Note', { exact: true }).fill('Ask Marc about Lyon.')
    await main.getByRole('button', { name: 'Keep the note' }).click()
    await expect(main.locator('.said')).toContainText('Ask Marc about Lyon.')
    await main.getByLabel('Answer', { exact: true }).fill('In January, at the Sonic.')
    await main.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(main.getByRole('status').first()).toContainText('Your answer leaves now.')
    await expect(main.locator('.said .out')).toContainText('In January, at the Sonic.')
    await main.getByRole('link', { name: 'Inbox' }).click()
    await expect(main).toContainText('Nobody waits for an answer')
  })

  await test.step('who else has it open is shown as they come, and a text is weighed while it is written', async () => {
    const database = databaseIn(label.dataDir)
    await query(
      database,
      `update conversation_messages set channel = 'sms', address = '+33612345678' where direction = 'in'`,
    )
    await main.getByRole('link', { name: 'All', exact: true }).click()
    await main.getByRole('link', { name: 'Zoé' }).click()
    await expect(main).toContainText('Characters: 0')
    await query(
      database,
      `with marc as (insert into accounts (id, email, name, language) values (gen_random_uuid(), 'marc@example.org', 'Marc', 'en') returning id)
       insert into conversation_watchers (conversation_id, account_id, seen_at)
       select c.id, marc.id, now() + interval '1 hour' from conversations c, marc`,
    )
    await expect(main.getByRole('status').filter({ hasText: 'Marc' })).toContainText('has this open as well')
    const answer = main.getByLabel('Answer', { exact: true })
    await answer.fill(`L’été à la fenêtre${' encore'.repeat(9)}`)
    await expect(main).toContainText('Text messages: 2.')
    await expect(main).toContainText('it arrives as below')
    await expect(main.locator('[data-part=sent]')).toContainText("L'été à la fenêtre encore")
    await expectAccessible(page, { soft: true })
    await main.getByRole('button', { name: 'Write it with plain letters' }).click()
    await expect(answer).toHaveValue(/^L'été à la fenetre encore/)
    await expect(main).toContainText('Text messages: 1.')
    await expect(main.locator('[data-part=sent]')).toBeHidden()
  })
})
