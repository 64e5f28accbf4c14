import type { Transporter } from 'nodemailer'
import type { Config } from '../config.ts'

export type Mail = { to: string; subject: string; text: string; html?: string; headers?: Record<string, string> }
/** A mail as it leaves and the address that it is from; answers with the mail to send. */
export type SignMail = (raw: Buffer, from: string) => Promise<Buffer>
export type Mailer = {
  /** False while no SMTP server is named: mails are then printed on the console, for the person who hosts. */
  real: boolean
  send(mail: Mail): Promise<void>
  /** From now on each mail is signed before it leaves. */
  signWith(sign: SignMail): void
  close(): void
}

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
  // Loaded with the first mail.
  const open = async () => (await import('nodemailer')).createTransport(smtpUrl)
  const from = config.mailFrom ?? `Ritornello <no-reply@${new URL(config.baseUrl).hostname}>`
  return {
    real: true,
    async send(mail) {
      transport ??= open()
      if (!sign) {
        await (await transport).sendMail({ from, ...mail })
        return
      }
      const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
      const composed = new MailComposer({ from, ...mail }).compile()
      const envelope = composed.getEnvelope()
      const raw = await sign(await composed.build(), envelope.from || '')
      await (await transport).sendMail({ envelope, raw })
    },
    signWith(with_) {
      sign = with_
    },
    close: () => void transport?.then((opened) => opened.close()),
  }
}

/**
 * Whether a mail that could not be sent may have been taken all the same: the connection ended, or the answer never came, once there was one. Of what the server refused, of a connection that never was
 * and of what never reached one, nothing has left.
 */
export function mayHaveLeft(error: unknown): boolean {
  const { code, responseCode, syscall } = error as { code?: string; responseCode?: number; syscall?: string }
  return (
    ['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EPROTOCOL'].includes(code ?? '') &&
    responseCode === undefined &&
    syscall !== 'connect'
  )
}
