import type { Context } from 'hono'
import { Empty } from '../../../../ui/empty.tsx'
import { Button, Form } from '../../../../ui/forms.tsx'
import { can, type SenderAtDesk, StudioPage, senderThing, type WebEnv, zoneAt } from '../../../identity/index.ts'
import { announceWords, channelsWords } from '../../words.ts'
import type { AnnouncementLine } from '../progress.views.ts'
import { announceHref, stateSentence } from './frame.tsx'

type ListProps = { c: Context<WebEnv>; own: SenderAtDesk; lines: AnnouncementLine[] }

/** Every announcement, the latest first, and the way to begin one. */
export const ListPage = ({ c, own, lines }: ListProps) => {
  const page = c.get('page')
  const t = announceWords(page.lang)
  const begin = (
    <Form page={page} action={`/studio/announcements?desk=${encodeURIComponent(own.slug)}`} style="margin:0">
      <Button>{t('begin')}</Button>
    </Form>
  )
  const gone = c.req.query('done') === 'removed' ? t('done_removed') : undefined
  return (
    <StudioPage c={c} title={t('announcements')} current="announcements" {...own.sender} notice={gone}>
      <h1>{t('announcements')}</h1>
      {lines.length === 0 ? (
        <Empty title={t('empty_title')} action={begin}>
          <p>{t('empty_words')}</p>
        </Empty>
      ) : (
        <section>
          <div class="actions" style="margin:0 0 1.5rem">
            {begin}
          </div>
          <ul class="lines plain">
            {lines.map((line) => (
              <li>
                <a href={announceHref(line.id)}>{line.title || t('untitled')}</a>
                <small>
                  {stateSentence(line, page.lang, zoneAt(c, own.id))}
                  {line.frozen && ` ${t('line_people', { people: line.people })}`}
                </small>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="actions">
        <a href="/studio/sequences">{t('sequences')}</a>
      </p>
      {can(c.get('actor'), 'announce.send', senderThing(own.sender)) && (
        <p class="actions">
          <a href="/studio/announcements/settings">{t('settings')}</a>
        </p>
      )}
      {can(c.get('actor'), 'channels.edit', senderThing(own.sender)) && (
        <p class="actions">
          <a href="/studio/channels">{channelsWords(page.lang)('channels')}</a>
        </p>
      )}
    </StudioPage>
  )
}
