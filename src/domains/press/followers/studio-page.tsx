import type { Context } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { Button, Checkbox, Form } from '../../../ui/forms.tsx'
import { type Burst, MomentumLine } from '../../exchange/index.ts'
import { StudioPage, type WebEnv, zoneAt } from '../../identity/index.ts'
import { words } from '../words.ts'
import type { Follower, LastTold } from './followers.views.ts'

type Props = {
  c: Context<WebEnv>
  artist: { id: string }
  tells: boolean
  followers: Follower[]
  /** What is happening now, if anything is. */
  burst: Burst | null
  last: LastTold | null
}

/** Who follows the page for professionals, and whether they are told of momentum. */
export const FollowersPage = ({ c, artist, tells, followers, burst, last }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  const { date } = formats(page.lang)
  const zone = zoneAt(c, artist.id)
  const done = c.req.query('done')
  const notice =
    done === 'saved' ? t(tells ? 'tells_now' : 'tells_no_more') : done === 'removed' ? t('follower_gone') : null
  return (
    <StudioPage c={c} title={t('followers')} artistId={artist.id} foot="/studio/press" notice={notice}>
      <p>
        <a href="/studio/press">{t('studio_title')}</a>
      </p>
      <h1>{t('followers')}</h1>
      <p class="lead">{t('followers_lead')}</p>
      <Form page={page} action="/studio/press/followers" novalidate>
        <Checkbox name="tells" label={t('tells')} hint={t('tells_hint')} checked={tells} />
        <Button>{t('save')}</Button>
      </Form>
      <section>
        <h2>{t('would_be_told')}</h2>
        {burst ? <MomentumLine burst={burst} lang={page.lang} /> : <p>{t('nothing_happens')}</p>}
        {burst && !tells && <p>{t('would_at_once')}</p>}
        {last && (
          <p>
            {t('last_told', {
              ...{ n: last.people, at: date(last.at, zone) },
              day: date(new Date(`${last.day}T00:00:00Z`), 'UTC'),
            })}
          </p>
        )}
      </section>
      <section id="followers">
        <h2>{t('who_follows')}</h2>
        {followers.length === 0 ? (
          <p>{t(tells ? 'nobody_follows' : 'nobody_asked')}</p>
        ) : (
          <ul class="lines plain">
            {followers.map(({ id, address, since, by, isTold }) => (
              <li>
                <span>
                  <b>{address}</b>
                  <small>
                    {t('follows_since', { date: date(since, zone) })} {by ? t('by_link', { whom: by }) : t('by_page')}
                    {tells && !isTold && ` ${t('sees_nothing')}`}
                  </small>
                </span>
                <Form page={page} action={`/studio/press/followers/${id}/remove`} style="margin:0">
                  <Button kind="quiet" aria-label={t('remove_follower', { address })}>
                    {t('remove')}
                  </Button>
                </Form>
              </li>
            ))}
          </ul>
        )}
      </section>
    </StudioPage>
  )
}
