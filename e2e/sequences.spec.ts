import { expect } from './support/journey.ts'
import { test } from './support/label.ts'
import { openMailServer } from './support/mail-server.ts'
import { databaseIn, query } from './support/servers.ts'

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false })

  test('a welcome is laid down by buttons alone, tried on the past, switched on; who joins then gets it, once', async ({
    page,
    label,
    signIn,
    another,
  }) => {
    const main = page.getByRole('main')
    const status = page.getByRole('status').first()
    const sections = page.getByRole('navigation', { name: 'Pages of this sequence' })
    const guest = await another()
    const joins = async (name: string) => {
      const before = label.output().length
      await guest.goto('/follow/ana-marsh')
      await guest.getByLabel('Your mail address').fill(`${name}@fans.example`)
      await guest.getByRole('button', { name: 'Write to me' }).click()
      const [, link = ''] = await label.printed(
        new RegExp(`Mail to ${name}@[\\s\\S]*?http:[^\\s]*?(/confirm/\\S+)`),
        before,
      )
      await guest.goto(link)
      await guest.getByRole('button', { name: 'Yes, write to me' }).click()
      await expect(guest.getByRole('heading', { level: 1 })).toHaveText('Welcome')
    }

    await test.step('what it does is laid down, step by step', async () => {
      await joins('ida')
      await signIn(page)
      await page.goto('/studio/announcements?desk=ana-marsh')
      await main.getByRole('link', { name: /^Sequences/ }).click()
      await main.getByRole('link', { name: 'Begin a sequence' }).click()
      await main.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByRole('alert')).toContainText('Give it a name first.')
      await main.getByLabel('Name').fill('Welcome')
      await main.getByRole('button', { name: 'Save' }).click()
      await main.getByRole('button', { name: 'Give', exact: true }).click()
      await main.getByLabel('What it gives').selectOption({ label: 'Harbour Lights, Été' })
      await main.getByLabel('Title').first().fill('A song for you')
      await main.getByRole('button', { name: 'Save' }).click()
      await expect(main.locator('#preview')).toContainText('A song for you')
      await main.getByRole('link', { name: 'Back to what it does' }).click()
      await main.getByRole('button', { name: 'Wait', exact: true }).click()
      await main.getByRole('link', { name: 'Back to what it does' }).click()
      await main.getByRole('button', { name: 'Up: Wait 3 days, until 18:00' }).click()
      await expect(main.locator('ol > li').first()).toContainText('Wait 3 days')
      await main.getByRole('button', { name: 'Remove: Wait 3 days, until 18:00' }).click()
      await expect(main.locator('ol > li')).toHaveCount(1)
    })

    await test.step('it cannot be switched on before it was tried', async () => {
      await sections.getByRole('link', { name: 'Try and switch on' }).click()
      await expect(main.getByRole('button', { name: 'Switch it on' })).toHaveCount(0)
      await main.getByRole('button', { name: 'Try it' }).click()
      // Others may have joined meanwhile: the place is shared.
      await expect(main).toContainText(
        /this would have reached (?:one person with one message|\d+ people with \d+ messages)\./,
      )
      await main.getByRole('button', { name: 'Switch it on' }).click()
      await expect(status).toContainText('It is on.')
    })

    await test.step('who joins from now on gets it; who was there before does not', async () => {
      await joins('max')
      const smtp = await openMailServer()
      await page.goto('/studio/channels/new/smtp')
      await page.getByLabel('Server', { exact: true }).fill('127.0.0.1')
      await page.getByLabel('Port').fill(String(smtp.port))
      await page.getByLabel('Encryption').selectOption('any')
      await page.getByLabel('Address that mail comes from').fill('ana@marsh.example')
      await page.getByRole('button', { name: 'Add it', exact: true }).click()
      const arrived = smtp.next()
      for (let twice = 0; twice < 2; twice++)
        await query(databaseIn(label.dataDir), `select graphile_worker.add_job('sequences.run', '{}'::json)`)
      const mail = await arrived
      expect([mail.subject, JSON.stringify(mail.to)]).toEqual(['A song for you', expect.stringContaining('max@')])
      expect(mail.text).toMatch(/\/leave\/\S+/)
      await expect(async () => {
        await page.goto('/studio/sequences')
        await main.getByRole('link', { name: 'Welcome' }).click()
        await sections.getByRole('link', { name: 'People' }).click()
        await expect(main).toContainText('Came to the end')
        await expect(main.getByRole('row', { name: /^A song for you/ }).first()).toContainText(/0\s*1\s*0\s*0/, {
          timeout: 100,
        })
      }).toPass()
      expect(smtp.mails).toHaveLength(1)
      await smtp.close()
      await main.getByRole('button', { name: 'Switch it off' }).click()
      await expect(status).toContainText('It is off.')
    })
  })
})
