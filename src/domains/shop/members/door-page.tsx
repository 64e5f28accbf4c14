import { Button, Form } from '../../../ui/forms.tsx'
import type { Page } from '../../../ui/page.ts'
import { words } from './words.ts'

export type Door = {
  /** This browser was let in. */
  isInside: boolean
  /** Their own feed. */
  feed: string
  /** What there is to read and to hear. */
  inside: { href: string; title: string }[]
}

/** What members read and hear: let in on this browser by one press, and in a feed of one's own. */
export const MemberDoor = ({ page, door, href }: { page: Page; door: Door; href: string }) => {
  const t = words(page.lang)
  const press = (to: 'enter' | 'out' | 'close', kind: 'main' | 'plain' | 'quiet') => (
    <Form page={page} action={`${href}/${to}`}>
      <Button kind={kind}>{t(`door_${to}`)}</Button>
    </Form>
  )
  return (
    <section>
      <h2>{t('door')}</h2>
      {door.inside.length === 0 ? (
        <p>{t('door_empty')}</p>
      ) : (
        <ul>
          {door.inside.map(({ href, title }) => (
            <li>{door.isInside ? <a href={href}>{title}</a> : title}</li>
          ))}
        </ul>
      )}
      <p>{t(door.isInside ? 'door_open' : 'door_closed')}</p>
      <div class="actions">{door.isInside ? press('out', 'plain') : press('enter', 'main')}</div>
      <p class="quiet">
        {t('door_feed')} <a href={door.feed}>{t('door_feed_link')}</a>
      </p>
      <p class="quiet">{t('door_close_words')}</p>
      {press('close', 'quiet')}
    </section>
  )
}
