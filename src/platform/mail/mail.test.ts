import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { expect, test } from 'vitest'
import { openMailer } from './index.ts'

/** A real SMTP server that keeps what it is given. */
async function postOffice() {
  const received: { from: string; to: string[]; message: string }[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      void text(stream).then((message) => {
        const { mailFrom, rcptTo } = session.envelope
        received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), message })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    received,
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

const letter = { to: 'lea@fans.example', subject: 'Votre lien, dès ce soir', text: 'Voici : https://music.example/é' }

test('a mail leaves by the server that is named, from whom the host says', async () => {
  const office = await postOffice()
  const mailer = openMailer(
    { smtpUrl: office.url, mailFrom: 'Music <hello@music.example>', baseUrl: 'https://music.example' },
    () => undefined,
  )
  await mailer.send(letter)
  mailer.close()
  await office.close()
  expect(office.received).toHaveLength(1)
  expect(office.received[0]).toMatchObject({ from: 'hello@music.example', to: ['lea@fans.example'] })
  expect(office.received[0]?.message).toContain('From: Music <hello@music.example>')
  expect(office.received[0]?.message).toMatch(/^Subject: =\?UTF-8\?/m)
})

test('a server that is away makes the sending fail, so that its job is tried again', async () => {
  const office = await postOffice()
  await office.close()
  const mailer = openMailer({ smtpUrl: office.url, mailFrom: null, baseUrl: 'https://music.example' }, () => undefined)
  await expect(mailer.send(letter)).rejects.toThrow('ECONNREFUSED')
  mailer.close()
})

test('with no server named, the mail is printed for the person who hosts', async () => {
  const printed: string[] = []
  const mailer = openMailer({ smtpUrl: null, mailFrom: null, baseUrl: 'https://music.example' }, (line) =>
    printed.push(line),
  )
  await mailer.send(letter)
  expect(mailer.real).toBe(false)
  expect(printed.join()).toContain('https://music.example/é')
})
