import type { ParsedMail } from 'mailparser'
import { createTransport } from 'nodemailer'
import { expectAccessible } from './support/accessible.ts'
import { expect, test as journey } from './support/journey.ts'
import { laidOut } from './support/laid-out.ts'
import { openMailServer } from './support/mail-server.ts'
import { becomeOwner, openArtist } from './support/owner.ts'
import { forgetPlace, freePort, startProgram } from './support/program.ts'

type Post = { smtpUrl: string; mails: ParsedMail[]; incoming: number }

const test = journey.extend<{ post: Post }>({
  post: async ({ browserName: _ }, use) => {
    const smtp = await openMailServer()
    await use({ smtpUrl: `smtp://127.0.0.1:${smtp.port}`, mails: smtp.mails, incoming: await freePort() })
    await smtp.close()
  },
  program: async ({ post }, use) => {
    const program = await startProgram({
      dataDir: laidOut(),
      env: {
        SMTP_URL: post.smtpUrl,
        MAIL_FROM: 'The place <place@music.example>',
        MAIL_REPLIES: 'music.example',
        MAIL_LISTEN: `127.0.0.1:${post.incoming}`,
      },
    })
    await use(program)
    await program.stop()
    forgetPlace(program.dataDir)
  },
})

test('a label’s page is joined; the label tells its fans once, hears back and answers, in its own name', async ({
  page,
  program,
  post: { mails, incoming },
  another,
}) => {
  page.setDefaultTimeout(30_000)
  const main = page.getByRole('main')
  const mailsTo = (who: string, subject: RegExp) =>
    mails.filter((mail) => mail.to && JSON.stringify(mail.to).includes(`${who}@`) && subject.test(mail.subject ?? ''))
  const lea = (subject: RegExp) => mailsTo('lea', subject)
  const mailed = async (subject: RegExp, who = 'lea') => {
    await expect.poll(() => mailsTo(who, subject).length, { timeout: 120_000, message: String(subject) }).toBe(1)
    return mailsTo(who, subject)[0] as ParsedMail
  }

  await becomeOwner(page, program)
  await openArtist(page, 'Ana Marsh')
  const made = await page.request.post('/studio/labels/new', {
    form: { name: 'Fern Records', language: 'en', who: 'me' },
    headers: { origin: program.url },
  })
  expect(made.ok()).toBe(true)

  await test.step('somebody joins on the label’s page', async () => {
    const fan = await another()
    await fan.goto(`${program.url}/fern-records`)
    await expect(fan.getByRole('heading', { level: 1 })).toHaveText('Fern Records')
    await expectAccessible(fan)
    await fan.getByLabel('Your mail address').fill('lea@fans.example')
    await fan.getByRole('button', { name: 'Write to me' }).click()
    await expect(fan.getByRole('heading', { level: 1, name: 'One thing more' })).toBeVisible()
    const link = (await mailed(/Fern Records/)).text?.match(/http\S+\/confirm\/\S+/)?.[0] ?? ''
    await fan.goto(link)
    await expect(fan.getByRole('main')).toContainText('Fern Records writes to you at lea@fans.example from now on')
  })

  await test.step('the label sees its fan, and has its posters', async () => {
    await page.goto('/studio/fans?desk=fern-records')
    await expect(main).toContainText('lea@fans.example')
    await expectAccessible(page)
    await page.goto('/studio/fans/doors?desk=fern-records')
    await expectAccessible(page)
    await page.goto('/studio/fans?desk=ana-marsh')
    await expect(main).not.toContainText('lea@fans.example')
  })

  await test.step('it announces, and she gets one mail from the label', async () => {
    await page.goto('/studio/announcements?desk=fern-records')
    await main.getByRole('button', { name: 'Write an announcement' }).click()
    await main.getByLabel('Title').first().fill('A winter of new music')
    await main.getByLabel('Words', { exact: true }).first().fill('Three records, one each month.')
    await main.getByRole('button', { name: 'Save' }).click()
    await expectAccessible(page)
    await main.getByRole('link', { name: 'Next: for whom' }).click()
    await expectAccessible(page)
    await main.getByRole('link', { name: 'Next: send' }).click()
    await main.locator('select[name=undo]').selectOption('1')
    await expectAccessible(page)
    await main.getByRole('button', { name: /^Send to/ }).click()
    const mail = await mailed(/A winter of new music/)
    expect(mail.from?.value[0]?.name).toBe('Fern Records')
    expect(String(mail.headers.get('list-unsubscribe') ?? JSON.stringify(mail.headers.get('list')))).toContain(
      '/leave/',
    )
    expect(mail.text).toContain('You get this because you asked to hear from Fern Records')
  })

  await test.step('she answers, the label answers her, and the artist’s inbox knows nothing of it', async () => {
    const mail = await mailed(/A winter of new music/)
    const to = mail.replyTo?.value[0]?.address ?? ''
    const transport = createTransport({ host: '127.0.0.1', port: incoming, ignoreTLS: true })
    await transport.sendMail({ from: 'lea@fans.example', to, subject: 'Re: A winter', text: 'Which one comes first?' })
    transport.close()
    await page.goto('/studio/inbox?desk=fern-records')
    await expect(async () => {
      await page.reload()
      await expect(main).toContainText('Which one comes first?', { timeout: 1_000 })
    }).toPass({ timeout: 60_000 })
    await main.getByRole('link', { name: /lea@fans.example/ }).click()
    await main.getByLabel('Answer', { exact: true }).fill('The one with the ferns.')
    await expectAccessible(page)
    await main.getByRole('button', { name: 'Send', exact: true }).click()
    const answer = await mailed(/^Re: A winter/)
    expect(answer.from?.value[0]?.name).toBe('Fern Records')
    expect(answer.text).toContain('The one with the ferns.')
    await page.goto('/studio/inbox?desk=ana-marsh')
    await expect(main).not.toContainText('Which one comes first?')
    expect(lea(/A winter of new music/)).toHaveLength(1)
  })

  await test.step('it lays down a sequence; who joins it from then on gets that, once, and who was there does not', async () => {
    await page.goto('/studio/announcements?desk=fern-records')
    await main.getByRole('link', { name: /^Sequences/ }).click()
    await expectAccessible(page)
    await main.getByRole('link', { name: 'Begin a sequence' }).click()
    await expect(main.getByRole('radio', { name: 'buy something' })).toHaveCount(0)
    await expectAccessible(page)
    await main.getByLabel('Name').fill('Welcome')
    await main.getByRole('button', { name: 'Save' }).click()
    await main.getByRole('button', { name: 'Give', exact: true }).click()
    await main.getByLabel('Title').first().fill('Hello from the ferns')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(main.locator('#preview')).toContainText('Hello from the ferns')
    await expectAccessible(page)
    await main.getByRole('link', { name: 'Back to what it does' }).click()
    await main.getByRole('link', { name: 'Try it on the past' }).click()
    await main.getByRole('button', { name: 'Try it' }).click()
    await expect(main).toContainText('this would have reached one person with one message.')
    await main.getByRole('button', { name: 'Switch it on' }).click()
    await expect(page.getByRole('status').first()).toContainText('It is on.')
    const fan = await another()
    await fan.goto(`${program.url}/fern-records`)
    await fan.getByLabel('Your mail address').fill('max@fans.example')
    await fan.getByRole('button', { name: 'Write to me' }).click()
    const link = (await mailed(/Fern Records/, 'max')).text?.match(/http\S+\/confirm\/\S+/)?.[0] ?? ''
    await fan.goto(link)
    const mail = await mailed(/Hello from the ferns/, 'max')
    expect(mail.from?.value[0]?.name).toBe('Fern Records')
    expect(mail.text).toContain('/leave/')
    expect(lea(/Hello from the ferns/)).toHaveLength(0)
  })
})
