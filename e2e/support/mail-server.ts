import type { AddressInfo } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

/** A mail server on this machine that takes everything and passes nothing on. */
export type MailServer = {
  port: number
  /** What it has taken so far. */
  mails: ParsedMail[]
  /** The next mail that comes. */
  next(): Promise<ParsedMail>
  close(): Promise<void>
}

export async function openMailServer(): Promise<MailServer> {
  const mails: ParsedMail[] = []
  let arrived = Promise.withResolvers<ParsedMail>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) =>
      void simpleParser(stream).then((mail) => {
        mails.push(mail)
        arrived.resolve(mail)
        arrived = Promise.withResolvers()
        done(null)
      }, done),
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    next: () => arrived.promise,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
