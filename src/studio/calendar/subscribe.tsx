import type { Context } from 'hono'
import type { SenderAtDesk, WebEnv } from '../../domains/identity/index.ts'
import { formats } from '../../platform/i18n/index.ts'
import { Button, Form } from '../../ui/forms.tsx'
import { calendarHref, type Shown } from './calendar-page.tsx'
import { words } from './words.ts'

type Props = {
  c: Context<WebEnv>
  own: SenderAtDesk
  shown: Shown
  /** Since when there is an address; null while there is none. */
  since: Date | null
  /** The address just made: it is seen here, and never again. */
  address: string | null
}

/** The same calendar in another program, by an address of one's own. */
export const Subscribe = ({ c, own, shown, since, address }: Props) => {
  const page = c.get('page')
  const t = words(page.lang)
  const action = (path: string) => `${calendarHref(own, shown, path)}#subscribe`
  return (
    <section id="subscribe">
      <h2>{t('subscribe')}</h2>
      <p class="lead">{t('subscribe_words')}</p>
      {address && (
        <>
          <p role="status">{t('address_made')}</p>
          <p class="actions">
            <input
              type="text"
              readonly
              id="calendar-address"
              value={address}
              data-copy={t('copy')}
              data-copied={t('copied')}
              aria-label={t('address')}
            />
          </p>
        </>
      )}
      {since && !address && <p>{t('address_since', { date: formats(page.lang).date(since) })}</p>}
      <div class="actions">
        <Form page={page} action={action('/address')}>
          <Button kind="plain">{t(since || address ? 'address_renew' : 'address_make')}</Button>
        </Form>
        {(since || address) && (
          <Form page={page} action={action('/address/end')}>
            <Button kind="quiet">{t('address_end')}</Button>
          </Form>
        )}
      </div>
    </section>
  )
}
