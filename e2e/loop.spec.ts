import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { parseRssFeed } from 'feedsmith'
import type { ParsedMail } from 'mailparser'
import { createTransport } from 'nodemailer'
import { HARBOUR, writeAlbum } from './support/album.ts'
import { expect, test as journey, PHONE } from './support/journey.ts'
import { laidOut } from './support/laid-out.ts'
import { openMailServer } from './support/mail-server.ts'
import { type Network, openNetwork } from './support/network.ts'
import { becomeOwner } from './support/owner.ts'
import { forgetPlace, freePort, runCommand, startProgram } from './support/program.ts'

type Told = { body: string; signature: string }
type Peers = {
  smtpUrl: string
  mails: ParsedMail[]
  network: Network
  told: Told[]
  callback: string
  /** Whether the hub asked the reader whether it meant it. */
  asked: () => boolean
  /** Where the program takes mail from the mail server in front of it. */
  incoming: number
}

/** The world outside: a mail server, a network of telephones, a reader of feeds. Each keeps what it is given. */
const test = journey.extend<{ peers: Peers }>({
  peers: async ({ browserName: _ }, use) => {
    const smtp = await openMailServer()
    const network = await openNetwork()
    const incoming = await freePort()
    const told: Told[] = []
    let asked = false
    const reader = createServer((request, response) => {
      void (async () => {
        const challenge = new URL(request.url ?? '', 'http://localhost').searchParams.get('hub.challenge')
        const signature = String(request.headers['x-hub-signature'] ?? '')
        if (request.method === 'POST') told.push({ body: (await buffer(request)).toString(), signature })
        asked ||= challenge !== null
        response.end(challenge ?? '')
      })()
    })
    await new Promise<void>((resolve) => reader.listen(0, '127.0.0.1', resolve))
    await use({
      smtpUrl: `smtp://127.0.0.1:${smtp.port}`,
      mails: smtp.mails,
      network,
      told,
      asked: () => asked,
      incoming,
      callback: `http://127.0.0.1:${(reader.address() as AddressInfo).port}/`,
    })
    reader.close()
    await network.close()
    await smtp.close()
  },
  program: async ({ peers }, use) => {
    const program = await startProgram({
      dataDir: laidOut(),
      env: {
        SMTP_URL: peers.smtpUrl,
        MAIL_FROM: 'Ana Marsh <ana@music.example>',
        MAIL_REPLIES: 'music.example',
        MAIL_LISTEN: `127.0.0.1:${peers.incoming}`,
      },
    })
    await use(program)
    await program.stop()
    forgetPlace(program.dataDir)
  },
})

const OUR_NUMBER = '+447700900000'

/** A mobile number where it is day now: text messages wait for the morning elsewhere, and on a French Sunday. */
function numberInDaylight(hour = new Date().getUTCHours()): string {
  if (hour >= 9 && hour < 19) return '447400123456'
  if (hour >= 19 && hour < 23) return '5511961234567'
  return '81312345678'.replace('813', '8190')
}

test('three fans join, each is told once where they asked, answers, is answered, and leaves', async ({
  page,
  program,
  peers,
  another,
}) => {
  page.setDefaultTimeout(20_000)
  const { mails, network, told } = peers
  const main = page.getByRole('main')
  const fanNumber = numberInDaylight()
  const mailTo = async (address: string, subject?: RegExp) => {
    const found = () =>
      mails.find((mail) => JSON.stringify(mail.to).includes(address) && (!subject || subject.test(mail.subject ?? '')))
    await expect.poll(() => found() !== undefined, { timeout: 90_000, message: `a mail to ${address}` }).toBe(true)
    return found() as ParsedMail
  }
  const textTo = async (text: RegExp, from = 0) => {
    const found = () => network.messages.slice(from).filter((one) => one.to === fanNumber)
    await expect
      .poll(
        () =>
          found()
            .map((one) => one.text)
            .join(''),
        { timeout: 90_000 },
      )
      .toMatch(text)
    return found()
      .map((one) => one.text)
      .join('')
  }
  let door = ''
  let song = ''

  await test.step('an artist with an album, a number, a poster and a keyword', async () => {
    const folder = await writeAlbum(dirname(program.dataDir), HARBOUR)
    await runCommand(['import', folder, '--publish', '--json'], { DATA_DIR: program.dataDir })
    await becomeOwner(page, program)
    await page.goto('/studio/channels')
    await page.getByRole('link', { name: 'Add an SMPP network' }).click()
    await main.getByLabel('Your name for it').fill('A network of this machine')
    await main.getByLabel('Server').fill('127.0.0.1')
    await main.getByLabel('Port').fill(String(network.port))
    await main.getByLabel('Encrypted (TLS)').uncheck()
    await main.getByLabel('System ID').fill('ritornello')
    await main.getByLabel('Password').fill(network.password)
    await main.getByLabel('Sender').fill(OUR_NUMBER)
    await main.getByRole('button', { name: 'Add it' }).click()
    await expect(page.getByText('It is there. Try it now.')).toBeVisible()
    await page.goto('/studio/fans/doors')
    await main.getByLabel('Where or when').fill('The harbour, tonight')
    await main.getByRole('button', { name: 'Make it' }).click()
    door = (await main.getByRole('link', { name: /\/q\// }).first().getAttribute('href')) as string
    await main.getByLabel('The word').fill('Harbour')
    await main.getByRole('button', { name: 'Use this word' }).click()
    await expect(page.getByText('Whoever texts HARBOUR joins.', { exact: false })).toBeVisible()
    await network.bound
  })

  await test.step('Léa by the form, in French', async () => {
    const lea = await another({ ...PHONE, locale: 'fr-FR' })
    await lea.goto('/follow/ana-marsh')
    await lea.locator('input[name=mail]').fill('lea@fans.example')
    await lea.locator('main form').getByRole('button').first().click()
    const asked = await mailTo('lea@fans.example')
    await lea.goto(/http\S+\/confirm\/\S+/.exec(asked.text ?? '')?.[0] ?? '')
    await expect(lea.getByRole('heading', { level: 1 })).toHaveText('Bienvenue')
  })

  await test.step('Max by the poster, in English, on another device than the one with his mail', async () => {
    const max = await another(PHONE)
    await max.goto(door)
    await max.getByRole('textbox').first().fill('max@fans.example')
    await max.getByRole('button').click()
    await expect(max.getByRole('heading', { level: 1 })).toHaveText('Thank you')
    const desk = await another()
    const asked = await mailTo('max@fans.example')
    await desk.goto(/http\S+\/confirm\/\S+/.exec(asked.text ?? '')?.[0] ?? '')
    await desk.getByRole('button', { name: 'Yes, write to me' }).click()
    await expect(desk.getByRole('heading', { level: 1 })).toHaveText('Welcome')
  })

  await test.step('Kim by a text message', async () => {
    const status = await network.deliver(fanNumber, OUR_NUMBER, 'harbour')
    expect(status).toBe(0)
    await textTo(/Ana Marsh/)
  })

  await test.step('a reader of feeds asks to be told', async () => {
    const answer = await fetch(`${program.url}/websub`, {
      method: 'POST',
      body: new URLSearchParams({
        'hub.mode': 'subscribe',
        'hub.topic': `${program.url}/ana-marsh/feed.xml`,
        'hub.callback': peers.callback,
        'hub.secret': 'between us',
      }),
    })
    expect(answer.status).toBe(202)
    await expect.poll(() => peers.asked()).toBe(true)
  })

  await test.step('a letter is published: the reader has it at once', async () => {
    await page.goto('/studio/journal')
    await page.getByRole('button', { name: 'Write' }).click()
    await main.getByLabel('Title').fill('The kitchen, in the rain')
    await main.getByLabel('Words').fill('It rained for a week, so we played.')
    await expect(main.locator('[data-saving]')).toContainText('Saved.')
    await page.getByRole('link', { name: 'Publish' }).click()
    await page.getByRole('button', { name: 'Publish now' }).click()
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(1)
    const [{ body, signature } = { body: '', signature: '' }] = told
    expect(signature).toBe(`sha256=${createHmac('sha256', 'between us').update(body).digest('hex')}`)
    expect(parseRssFeed(body).items?.[0]?.title).toBe('The kitchen, in the rain')
  })

  const before = { texts: network.messages.length }
  await test.step('it is announced once, in two languages, to the three of them', async () => {
    before.texts = network.messages.length
    await page.goto('/studio/announcements')
    await page.getByRole('button', { name: 'Write an announcement' }).click()
    const chosen = page.locator('select[name=subject]')
    const songs = () => chosen.locator('option').filter({ hasText: /^\u2003/ })
    await chosen.selectOption({ label: 'The kitchen, in the rain' })
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    const things = page.locator('#things li')
    await expect(things).toHaveCount(1)
    song = ((await songs().first().textContent()) ?? '').trim()
    await chosen.selectOption({ label: `\u2003${song}` })
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(things).toHaveCount(2)
    // The song was added last: up it goes, and down again.
    await page.getByRole('button', { name: `Up: ${song}` }).click()
    await expect(things.first()).toContainText(song)
    await page.getByRole('button', { name: `Down: ${song}` }).click()
    await expect(things.first()).toContainText('The kitchen, in the rain')
    await page.locator('[name=title_en]').fill('A letter, and a song')
    await page.locator('[name=body_en]').fill('It rained, so I wrote. The song is **yours**.')
    await page.getByText('French', { exact: true }).click()
    await page.locator('[name=title_fr]').fill('Une lettre, une chanson')
    await page.locator('[name=body_fr]').fill('Il a plu, alors j’ai écrit. La chanson est **à vous**.')
    await page.locator('[name=body_fr]').blur()
    await expect(page.locator('[data-saving]')).toContainText('Saved.')
    await page.getByRole('link', { name: 'Send', exact: true }).click()
    await expect(main).toContainText('2 people by mail.')
    await expect(main).toContainText('One person by text message.')
    await page.locator('select[name=undo]').selectOption('1')
    await page.getByRole('button', { name: 'Send to 3 people' }).click()
    const french = await mailTo('lea@fans.example', /Une lettre/)
    const english = await mailTo('max@fans.example', /A letter/)
    expect(french.headers.get('list-unsubscribe-post') ?? JSON.stringify(french.headers.get('list'))).toBeTruthy()
    expect(english.text).toContain('It rained, so I wrote.')
    for (const thing of ['The kitchen, in the rain', song])
      expect(english.text?.split('\n')[english.text.split('\n').indexOf(thing) + 1]).toMatch(/\/l\/\S+/)
    await textTo(/letter[\s\S]*\/l\/|lettre[\s\S]*\/l\//, before.texts)
    expect(mails.filter((mail) => /A letter|Une lettre/.test(mail.subject ?? ''))).toHaveLength(2)
  })

  await test.step('Max opens both links of his mail, and reads', async () => {
    const max = await another(PHONE)
    const mail = await mailTo('max@fans.example', /A letter/)
    // Whoever is quicker than this is taken for a program that examines mails.
    await max.waitForTimeout(5_000)
    const [letter = '', sung = ''] = mail.text?.match(/http\S+\/l\/[\w-]+/g) ?? []
    const reported = () =>
      max.waitForResponse((answer) => answer.url().endsWith('/api/touches') && answer.status() === 204)
    for (const [link, title] of [
      [letter, 'The kitchen, in the rain'],
      [sung, song],
    ] as const) {
      await Promise.all([reported(), max.goto(link)])
      await expect(max.getByRole('heading', { level: 1 })).toContainText(title)
    }
  })

  await test.step('Kim answers by text, the artist answers from the inbox', async () => {
    await network.deliver(fanNumber, OUR_NUMBER, 'I cried in the tram')
    await expect
      .poll(async () => {
        await page.goto('/studio/inbox')
        return main.textContent()
      })
      .toContain('I cried in the tram')
    await main
      .getByRole('link', { name: /I cried in the tram|4474|5511|8190/ })
      .first()
      .click()
    const from = network.messages.length
    await main.locator('textarea[name=text]').first().fill('So did I, writing it')
    await main.getByRole('button', { name: 'Send and be done' }).click()
    await textTo(/So did I, writing it/, from)
  })

  await test.step('Max answers by mail, and is answered by mail', async () => {
    const mail = await mailTo('max@fans.example', /A letter/)
    const server = createTransport({ host: '127.0.0.1', port: peers.incoming, ignoreTLS: true })
    await server.sendMail({
      from: 'Max <max@fans.example>',
      to: mail.replyTo?.text ?? '',
      subject: `Re: ${mail.subject}`,
      inReplyTo: mail.messageId,
      text: 'I played it to my mother.\n\nOn Wednesday Ana Marsh wrote:\n> It rained, so I wrote.\n',
    })
    server.close()
    await expect
      .poll(async () => {
        await page.goto('/studio/inbox')
        return main.textContent()
      })
      .toContain('I played it to my mother')
    await main
      .getByRole('link', { name: /I played it to my mother|max/i })
      .first()
      .click()
    await main.locator('textarea[name=text]').first().fill('Kiss her from me')
    await main.getByRole('button', { name: 'Send and be done' }).click()
    const answer = await mailTo('max@fans.example', /^Re: /)
    expect(answer.text).toContain('Kiss her from me')
  })

  await test.step('one leaves with STOP, one by the button of a mail program', async () => {
    const from = network.messages.length
    await network.deliver(fanNumber, OUR_NUMBER, 'Stop.')
    await textTo(/./, from)
    const mail = await mailTo('lea@fans.example', /Une lettre/)
    const list = mail.headers.get('list') as { unsubscribe?: { url?: string } }
    const answer = await fetch(list.unsubscribe?.url ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    })
    expect(answer.status).toBe(200)
    await page.goto('/studio/fans')
    for (const [who, now] of [
      [fanNumber, 'left'],
      ['lea@fans.example', 'left'],
      ['max@fans.example', 'written to'],
    ])
      await expect(main).toContainText(`${who}, ${now}`)
  })

  await test.step('the studio shows what came back', async () => {
    await page.goto('/studio/returns')
    await main
      .getByRole('link', { name: /A letter/ })
      .first()
      .click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('A letter')
    for (const thing of ['The kitchen, in the rain', song])
      await expect(main.getByRole('row').filter({ hasText: thing }).first()).toContainText('1')
    const whole = async () => {
      await page.getByRole('heading', { level: 1 }).getByRole('link').click()
      return main.textContent()
    }
    expect(await whole()).toContain('2 pages and tracks opened by its links, by one person')
  })
})
