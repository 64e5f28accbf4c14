import { type AddressInfo, createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { expect, test } from 'vitest'
import { MayHaveLeft, openMailer } from './index.ts'

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

type Hears = 'connection' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'body'

/** A server that says what it should up to a moment, and then what it is told: null, nothing more; '', it hangs up. */
async function moodyOffice(at: Hears, says: string | null) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let isBody = false
    const answer = (to: Hears, usual: string) => {
      if (to !== at) socket.write(`${usual}\r\n`)
      else if (says) socket.write(`${says}\r\n`)
      else if (says === '') socket.destroy()
    }
    const USUAL: [Hears, string][] = [
      ['EHLO', '250 moody'],
      ['MAIL', '250 OK'],
      ['RCPT', '250 OK'],
      ['DATA', '354 Go on'],
    ]
    let heard = ''
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      heard += data.toString()
      if (isBody) {
        if (heard.endsWith('\r\n.\r\n')) answer('body', '250 Taken')
        return
      }
      const known = USUAL.find(([verb]) => heard.startsWith(verb))
      heard = ''
      if (!known) return
      isBody = known[0] === 'DATA'
      answer(...known)
    })
    answer('connection', '220 moody')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}?greetingTimeout=60&socketTimeout=120`,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

const MOMENTS: Hears[] = ['connection', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'body']

test.for(MOMENTS.flatMap((at) => [null, '', '451 Not now', '550 Never'].map((says) => ({ at, says }))))(
  'a mail to a server that says "$says" at "$at" may have left only if its body was asked for and never answered',
  async ({ at, says }) => {
    for (const isSigned of [false, true]) {
      const office = await moodyOffice(at, says)
      const mailer = openMailer(
        { smtpUrl: office.url, mailFrom: null, baseUrl: 'https://music.example' },
        () => undefined,
      )
      if (isSigned) mailer.signWith(async (raw) => raw)
      const error = await mailer.send(letter).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      mailer.close()
      office.close()
      expect(error).toBeInstanceOf(Error)
      expect(error instanceof MayHaveLeft).toBe(at === 'body' && !says)
    }
  },
)

test('with no server named, the mail is printed for the person who hosts', async () => {
  const printed: string[] = []
  const mailer = openMailer({ smtpUrl: null, mailFrom: null, baseUrl: 'https://music.example' }, (line) =>
    printed.push(line),
  )
  await mailer.send(letter)
  expect(mailer.real).toBe(false)
  expect(printed.join()).toContain('https://music.example/é')
})
