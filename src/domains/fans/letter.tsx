import type { Lang } from '../../platform/i18n/index.ts'

type Letter = {
  lang: Lang
  title: string
  lead: string
  button: { label: string; href: string }
  after: string
  foot: string
  /** Where nothing more is sent from, one press away. */
  leave?: { label: string; href: string }
}

const FACE = 'font-family:Georgia,serif;font-size:17px;line-height:1.5'

/** One thing to say and one to press, as mail programs can show it: tables and styles in place, nothing loaded from anywhere. */
export const letter = ({ lang, title, lead, button, after, foot, leave }: Letter): string =>
  `<!doctype html>${(
    <html lang={lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
      </head>
      <body style={`margin:0;padding:24px 16px;${FACE}`}>
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border={0}>
          <tr>
            <td style={`max-width:34em;${FACE}`}>
              <p style="margin:0 0 24px">{lead}</p>
              <p style="margin:0 0 24px">
                <a
                  href={button.href}
                  style="display:inline-block;padding:12px 22px;background:#1d1b18;color:#ffffff;border:1px solid #8a857d;border-radius:4px;text-decoration:none;font-weight:bold"
                >
                  {button.label}
                </a>
              </p>
              <p style="margin:0 0 24px">{after}</p>
              <p style="margin:0 0 24px;font-size:14px">
                <a href={button.href} style="color:inherit;word-break:break-all">
                  {button.href}
                </a>
              </p>
              <p style="margin:0;font-size:14px;opacity:.75">{foot}</p>
              {leave && (
                <p style="margin:8px 0 0;font-size:14px">
                  <a href={leave.href} style="color:inherit">
                    {leave.label}
                  </a>
                </p>
              )}
            </td>
          </tr>
        </table>
      </body>
    </html>
  )}`
