/** What our tests use of the npm package `hoodiecrow-imap`, which has no types: a mail server to read from, written by others. */
declare module 'hoodiecrow-imap' {
  import type { Server } from 'node:net'

  type Options = { plugins?: string[]; storage?: Record<string, unknown> }
  type Hoodiecrow = {
    server: Server
    listen(port: number, done: () => void): void
    close(done: () => void): void
    appendMessage(mailbox: string, flags: string[], internalDate: string | Date | false, raw: string | Buffer): void
    getMailbox(path: string): {
      uidvalidity: number
      uidnext: number
      messages: { raw: string; uid?: number; flags: string[] }[]
    }
  }
  const hoodiecrow: (options: Options) => Hoodiecrow
  export = hoodiecrow
}
