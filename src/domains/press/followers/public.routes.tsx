import { type Context, Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { forOneReader, open } from '../../../platform/http/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { type FansFrame, isSameBrowser, preferencesLink, speak } from '../../fans/index.ts'
import { readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { words } from '../words.ts'
import { confirmFollower, unfollowPress } from './follow-press.ts'
import { followerById } from './followers.views.ts'
import { type FollowerLink, followerPath, readFollowerToken } from './links.ts'
import { FollowingBody, FollowQuestion, LeaveQuestion } from './pages.tsx'

/** Where somebody says that they want to be told of momentum, or do not any more: GET shows, POST acts. */
export function followersPublic(platform: Platform, frame: FansFrame): Hono<WebEnv> {
  const { db, signer } = platform

  async function here(c: Context<WebEnv>, purpose: FollowerLink) {
    const id = readFollowerToken(signer, purpose, c.req.param('token') ?? '')
    const follower = id && (await followerById(db, id))
    if (!follower) return { isSigned: id !== null, follower: null }
    speak(c, follower.askedWith?.language ?? follower.language)
    return { isSigned: true, follower }
  }

  async function show(c: Context<WebEnv>, title: string, of: string | null, children: Child, status: 200 | 410 = 200) {
    forOneReader(c)
    return c.html(await frame({ c, title, of: of === null ? null : { artistId: of }, children }), status)
  }
  const gone = (c: Context<WebEnv>) => {
    const t = words(c.var.page.lang)
    return show(c, t('follow_gone_title'), null, <p class="prose">{t('follow_gone')}</p>, 410)
  }
  const left = (c: Context<WebEnv>) => {
    const t = words(c.var.page.lang)
    const said = (
      <p class="prose" role="status">
        {t('left')}
      </p>
    )
    return show(c, t('left_title'), null, said)
  }

  return new Hono<WebEnv>()
    .get('/press/confirm/:token', open, async (c) => {
      const { follower } = await here(c, 'confirm')
      if (!follower) return gone(c)
      const { page } = c.var
      const { id, artistId, artist: name, address } = follower
      const t = words(page.lang)
      if (follower.askedWith)
        return show(
          c,
          t('follow_question_title', { name }),
          artistId,
          <FollowQuestion {...{ page, name, address }} auto={isSameBrowser(c, signer, id)} />,
        )
      const leave = followerPath(signer, 'leave', id)
      return show(c, t('following_title'), artistId, <FollowingBody {...{ page, name, address, leave }} />)
    })
    .post('/press/confirm/:token', open, smallBody, async (c) => {
      const { follower } = await here(c, 'confirm')
      if (!follower || !(await confirmFollower(platform, follower))) return gone(c)
      return c.redirect(c.req.path, 303)
    })
    .get('/press/leave/:token', open, async (c) => {
      const { isSigned, follower } = await here(c, 'leave')
      if (!follower) return isSigned ? left(c) : gone(c)
      const { page } = c.var
      const { artistId, artist: name, address, addressId } = follower
      const body = <LeaveQuestion {...{ page, name, address }} kept={preferencesLink(platform, addressId)} />
      return show(c, words(page.lang)('leave_title', { name }), artistId, body)
    })
    .post('/press/leave/:token', open, smallBody, async (c) => {
      const { isSigned, follower } = await here(c, 'leave')
      const isButton = (await readForm(c)).text('by') === 'button'
      if (follower) await unfollowPress(platform, follower)
      // RFC 8058: a mail program asks, and reads the status alone.
      if (!isButton) return c.text(words(c.var.page.lang)('left'), 200)
      return isSigned ? c.redirect(`${c.req.path}?lang=${c.var.page.lang}`, 303) : gone(c)
    })
}
