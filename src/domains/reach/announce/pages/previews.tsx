import type { Context } from 'hono'
import { formats, LANGUAGES, type Lang } from '../../../../platform/i18n/index.ts'
import { Button } from '../../../../ui/forms.tsx'
import type { WebEnv } from '../../../identity/index.ts'
import { namedSigns, type SmsWeighed } from '../../sms.rules.ts'
import { announceWords } from '../../words.ts'
import type { Announcement } from '../announcement.store.ts'
import { announceHref, WORDS_FORM } from './frame.tsx'

const MAIL_AS = ['light', 'dark', 'text'] as const
export type MailAs = (typeof MAIL_AS)[number]
export const isMailAs = (text: unknown): text is MailAs => (MAIL_AS as readonly unknown[]).includes(text)

/** A text message as it arrives, and what it costs a person: so, as typed, with plain letters. */
export type SmsShown = SmsWeighed & {
  /** Plain letters were agreed to. */
  agreed: boolean
  cost: string | null
  typedCost: string | null
  plainCost: string | null
}

export type PreviewProps = {
  c: Context<WebEnv>
  announcement: Announcement
  /** The languages that there are words in, and the one shown. */
  written: Lang[]
  show: Lang
  mailAs: MailAs
  mail: { subject: string; text: string } | null
  sms: SmsShown | null
  push: { title: string; text: string } | null
  /** How feeds and the journal have what is given. */
  entries: { title: string; href: string; isPost: boolean }[]
}

/** What arrives on each channel, in one language. */
export const Previews = ({ c, announcement, written, show, mailAs, mail, sms, push, entries }: PreviewProps) => {
  const { lang } = c.get('page')
  const t = announceWords(lang)
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
          {sms && <TextMessage lang={lang} show={show} sms={sms} draft={announcement.state === 'draft'} />}
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

type TextProps = { lang: Lang; show: Lang; sms: SmsShown; draft: boolean }

/** A text message as it arrives, what it is to pay, and what became of the signs that telephones lack. */
const TextMessage = ({ lang, show, sms, draft }: TextProps) => {
  const t = announceWords(lang)
  const { number } = formats(lang)
  const { sent, count, outside, replaced, typed, plain, agreed, cost, typedCost, plainCost } = sms
  const signs = (some: string[]) => namedSigns(some, t('sms_spaces'))
  const press = (letters: 'plain' | 'own') => (
    <p class="actions">
      <Button kind="plain" form={WORDS_FORM} name="do" value={`letters:${letters}`}>
        {t(`sms_letters_${letters}`)}
      </Button>
    </p>
  )
  return (
    <section id="sms">
      <h3>{t('channel_sms')}</h3>
      <p class="bubble" lang={show}>
        {sent}
      </p>
      <p class="quiet">
        {t('sms_segments', { segments: count.segments, units: number(count.units), left: number(count.left) })}{' '}
        {count.encoding === 'gsm7' ? t('sms_gsm') : t('sms_ucs', { signs: signs(outside) })} {cost ?? t('sms_no_price')}
      </p>
      {replaced.length > 0 && (
        <p class="quiet">
          {t(agreed ? 'sms_replaced_letters' : 'sms_replaced', { signs: signs(replaced) })}{' '}
          {t('sms_as_typed', { segments: typed })} {typed !== count.segments && typedCost}
        </p>
      )}
      {draft && plain && (
        <>
          <p>
            {t('sms_plainly', { segments: plain.count.segments, left: number(plain.count.left) })} {plainCost}
          </p>
          {press('plain')}
        </>
      )}
      {draft && agreed && press('own')}
    </section>
  )
}
