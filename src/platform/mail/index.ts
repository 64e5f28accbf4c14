import type { SendMailOptions, Transporter } from 'nodemailer'
import type { Config } from '../config.ts'

export type Mail = { to: string; subject: string; text: string; html?: string; headers?: Record<string, string> }
/** A mail as it leaves and the address that it is from; answers with the mail to send. */
export type SignMail = (raw: Buffer, from: string) => Promise<Buffer>
export type Mailer = {
  /** False while no SMTP server is named: mails are then printed on the console, for the person who hosts. */
  real: boolean
  /** Throws {@link MayHaveLeft} when it may have been taken all the same; after every other error nothing has left. */
  send(mail: Mail): Promise<void>
  /** From now on each mail is signed before it leaves. */
  signWith(sign: SignMail): void
  close(): void
}

/** A mail that could not be sent, whose body the server had asked for and to which it gave no answer: it may have taken it. */
export class MayHaveLeft extends Error {}

type Noted = { onBody: () => void }

/** In milliseconds: a server that hangs is given up within a minute, so that its mail is tried again. */
const PATIENCE = { connectionTimeout: 30_000, greetingTimeout: 30_000, socketTimeout: 60_000 }

/** Mail over the SMTP server of SMTP_URL; without one, on the console. */
export function openMailer(
  config: Pick<Config, 'smtpUrl' | 'mailFrom' | 'baseUrl'>,
  print: (text: string) => void,
): Mailer {
  if (!config.smtpUrl)
    return {
      real: false,
      send: async (mail) => print(`Mail to ${mail.to}: ${mail.subject}\n\n${mail.text}\n`),
      signWith: () => undefined,
      close: () => undefined,
    }
  const { smtpUrl } = config
  let transport: Promise<Transporter> | null = null
  let sign: SignMail | null = null
  // Loaded with the first mail. What the address says of its times counts before ours.
  const open = async () => {
    const opened = (await import('nodemailer')).createTransport({ url: smtpUrl, ...PATIENCE })
    opened.use('stream', ({ data, message }, done) => {
      message?.processFunc((body) => body.once('resume', (data as Noted).onBody))
      done()
    })
    return opened
  }
  /** A mail's body is read once the server has asked for it, and not before. */
  async function hand(mail: SendMailOptions): Promise<void> {
    let isBegun = false
    const onBody = () => {
      isBegun = true
    }
    const noted: SendMailOptions & Noted = { ...mail, onBody }
    transport ??= open()
    try {
      await (await transport).sendMail(noted)
    } catch (error) {
      const { message, responseCode } = error as Error & { responseCode?: number }
      throw isBegun && responseCode === undefined ? new MayHaveLeft(message, { cause: error }) : error
    }
  }
  const from = config.mailFrom ?? `Ritornello <no-reply@${new URL(config.baseUrl).hostname}>`
  return {
    real: true,
    async send(mail) {
      if (!sign) return hand({ from, ...mail })
      const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
      const composed = new MailComposer({ from, ...mail }).compile()
      const envelope = composed.getEnvelope()
      const raw = await sign(await composed.build(), envelope.from || '')
      await hand({ envelope, raw })
    },
    signWith(with_) {
      sign = with_
    },
    close: () => void transport?.then((opened) => opened.close()),
  }
}
