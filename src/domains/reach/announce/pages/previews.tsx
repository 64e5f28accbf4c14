import type { Context } from 'hono'
import { formats, LANGUAGES, type Lang } from '../../../../platform/i18n/index.ts'
import type { WebEnv } from '../../../identity/index.ts'
import type { SmsCount } from '../../sms.rules.ts'
import { announceWords } from '../../words.ts'
import type { Announcement } from '../announcement.store.ts'
import { announceHref } from './frame.tsx'

const MAIL_AS = ['light', 'dark', 'text'] as const
export type MailAs = (typeof MAIL_AS)[number]
export const isMailAs = (text: unknown): text is MailAs => (MAIL_AS as readonly unknown[]).includes(text)

export type PreviewProps = {
  c: Context<WebEnv>
  announcement: Announcement
  /** The languages that there are words in, and the one shown. */
  written: Lang[]
  show: Lang
  mailAs: MailAs
  mail: { subject: string; text: string } | null
  sms: { text: string; count: SmsCount; outside: string[]; cost: string | null } | null
  push: { title: string; text: string } | null
  /** How feeds and the journal have what is given. */
  entries: { title: string; href: string; isPost: boolean }[]
}

/** What arrives on each channel, in one language. */
export const Previews = ({ c, announcement, written, show, mailAs, mail, sms, push, entries }: PreviewProps) => {
  const { lang } = c.get('page')
  const t = announceWords(lang)
  const { number } = formats(lang)
  const here = (over: { show?: Lang; as?: MailAs }) =>
    `${announceHref(announcement.id)}?${new URLSearchParams({ show, as: mailAs, ...over })}#previews`
  return (
    <section class="previews" id="previews" data-live="" aria-labelledby="previews-title">
      <h2 id="previews-title">{t('previews')}</h2>
      {written.length === 0 ? (
        <p class="quiet">{t('previews_none')}</p>
      ) : (
        <>
          {written.length > 1 && (
            <nav class="choice" aria-label={t('preview_language')}>
              {LANGUAGES.map((language) => (
                <a href={here({ show: language })} aria-current={language === show ? 'true' : undefined}>
                  {t(`in_${language}`)}
                </a>
              ))}
            </nav>
          )}
          <p class="quiet">{written.length > 1 ? t('languages_both') : t(`languages_only_${written[0] as Lang}`)}</p>
          {mail && (
            <>
              <h3>{t('channel_mail')}</h3>
              <nav class="choice" aria-label={t('preview_mail_as')}>
                {MAIL_AS.map((as) => (
                  <a href={here({ as })} aria-current={as === mailAs ? 'true' : undefined}>
                    {t(`mail_${as}`)}
                  </a>
                ))}
              </nav>
              <p>
                <span class="quiet">{t('mail_subject')}</span> <b>{mail.subject}</b>
              </p>
              <iframe
                class="letter"
                src={`${announceHref(announcement.id)}/mail?show=${show}&as=${mailAs}`}
                title={t('mail_preview')}
                loading="lazy"
              />
            </>
          )}
          {sms && (
            <>
              <h3>{t('channel_sms')}</h3>
              <p class="bubble" lang={show}>
                {sms.text}
              </p>
              <p class="quiet">
                {t('sms_segments', {
                  segments: sms.count.segments,
                  units: number(sms.count.units),
                  left: number(sms.count.left),
                })}{' '}
                {sms.count.encoding === 'gsm7'
                  ? t('sms_gsm')
                  : t('sms_ucs', { signs: sms.outside.slice(0, 8).join(' ') })}{' '}
                {sms.cost ?? t('sms_no_price')}
              </p>
            </>
          )}
          {push && (
            <>
              <h3>{t('channel_push')}</h3>
              <div class="notification" lang={show}>
                <b>{push.title}</b>
                {push.text}
              </div>
            </>
          )}
          <h3>{t('feeds')}</h3>
          {entries.map(({ title, href, isPost }) => (
            <div class="entry">
              <a href={href}>{title}</a>
              <p class="quiet">{isPost ? t('feeds_post') : t('feeds_gift')}</p>
            </div>
          ))}
          {entries.length === 0 && <p class="quiet">{t('feeds_none')}</p>}
        </>
      )}
    </section>
  )
}
