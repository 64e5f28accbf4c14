import { formats } from '../../../platform/i18n/index.ts'
import { Button, Field, type FieldErrors, Form, TextArea } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import type { Present } from './present.store.ts'
import { words } from './words.ts'

/** What was typed of a present, with the order. */
export type TypedPresent = { isPresent: boolean; friend: string; giver: string; day: string; message: string }

/** Beside an order that holds downloads: for whom they are, when it is somebody else. Open where it is filled in. */
export const PresentFields = ({
  page,
  typed,
  errors,
}: {
  page: Page
  typed: TypedPresent
  errors: FieldErrors | undefined
}) => {
  const t = words(page.lang)
  return (
    <details class="field" open={typed.isPresent}>
      <summary>{t('for_friend')}</summary>
      <p class="hint">{t('for_friend_hint')}</p>
      <Field
        name="friend"
        type="email"
        label={t('friend')}
        value={typed.friend}
        error={errors?.['friend']}
        autocomplete="off"
        autocapitalize="off"
        maxlength={254}
      />
      <Field
        name="giver"
        label={t('giver')}
        value={typed.giver}
        error={errors?.['giver']}
        autocomplete="name"
        maxlength={100}
      />
      <Field name="day" type="date" label={t('day')} hint={t('day_hint')} value={typed.day} error={errors?.['day']} />
      <TextArea
        name="message"
        label={t('message')}
        note={t('optional')}
        value={typed.message}
        maxlength={1000}
        rows={3}
      />
    </details>
  )
}

type BuyerProps = {
  page: Page
  present: Present
  /** Of the order: where another address is said. */
  href: string
  isPaid: boolean
  mail?: string | undefined
  error?: string | undefined
}

/** What becomes of it, for who bought it; until it is taken, the address can be set right and the mail sent again. */
export const PresentOfBuyer = ({ page, present, href, isPaid, mail, error }: BuyerProps) => {
  const t = words(page.lang)
  const { date, dateTime } = formats(page.lang)
  const { takenAt, sentAt, isRefused } = present
  const day = date(new Date(present.day), 'UTC')
  return (
    <section>
      <h2>{t('title')}</h2>
      <p>
        {takenAt
          ? t('taken', { at: dateTime(takenAt) })
          : isRefused
            ? t('refused', { mail: present.mail })
            : sentAt
              ? t('sent', { mail: present.mail, at: dateTime(sentAt) })
              : t(isPaid ? 'waits' : 'unpaid', { mail: present.mail, day })}
      </p>
      {!takenAt && isPaid && (
        <Form page={page} action={`${href}/present`} novalidate>
          <Field
            name="friend"
            type="email"
            label={t('friend')}
            hint={t('again_hint')}
            value={mail ?? present.mail}
            error={error}
            autofocus={error ? true : undefined}
            autocomplete="off"
            autocapitalize="off"
            maxlength={254}
          />
          <Button kind="plain">{t(sentAt ? 'again' : 'correct')}</Button>
        </Form>
      )}
    </section>
  )
}

type FriendProps = { page: Page; present: Present; titles: string[]; artistName: string; href: string }

/** What the friend sees: from whom, what it is, their words, and the one thing to press. */
export const PresentBody = ({ page, present, titles, artistName, href }: FriendProps) => {
  const t = words(page.lang)
  return (
    <div class="shop">
      <p class="lead">{t('mail_lead', { giver: present.giver, name: artistName })}</p>
      <ul>
        {titles.map((title) => (
          <li>
            <strong>{title}</strong>
          </li>
        ))}
      </ul>
      {present.message && (
        <blockquote>
          <p class="as-written">{present.message}</p>
        </blockquote>
      )}
      <Form page={page} action={href}>
        <Button>{t(present.takenAt ? 'to_library' : 'take')}</Button>
      </Form>
      <p class="quiet">{t('no_consent')}</p>
    </div>
  )
}
