import { type Context, Hono } from 'hono'
import { givenWay, makePass } from '../domains/audio/index.ts'
import { describe, isSubject, type Subject } from '../domains/exchange/index.ts'
import {
  type GiveProblem,
  give,
  keyByShort,
  readTakeToken,
  TakeForm,
  takeConsent,
  takePath,
  takingByKey,
} from '../domains/fans/index.ts'
import { readForm, smallBody, type WebEnv } from '../domains/identity/index.ts'
import { type PublicRelease, releaseById } from '../domains/music/index.ts'
import { forOneReader, open } from '../platform/http/index.ts'
import { isId } from '../platform/ids.ts'
import { reachableBy } from './fans.tsx'
import { around } from './frame.ts'
import { SiteLayout } from './pages/layout.tsx'
import { Headline } from './pages/parts.tsx'
import { PassOn } from './pages/share.tsx'
import { Take } from './pages/take.tsx'
import { releaseDownloads, show, trackDownloads } from './release.view.ts'
import { htmlOf, type Site } from './site.ts'
import { themeOf } from './sleeve.ts'
import { type Visit, visitOf } from './visit.ts'
import { served } from './words.ts'

type Kind = 'release' | 'track'

/** Where a form asks for an item that is given for an address. */
export const askPath = (kind: Kind, id: string): string => `/take/${kind}/${id}`

type Asked = { release: PublicRelease; subject: Subject; title: string; path: string }

/**
 * What is given for an address: its form, and the page on which one takes it, at once or by the link that was sent. GET shows; the POST of
 * the form alone gives.
 */
export function givenRoutes(site: Site): Hono<WebEnv> {
  const { platform, pages } = site
  const { db, signer, now } = platform

  /** An item as everybody sees it; null when it is not public, or is not there. */
  async function itemOf(subject: string): Promise<Asked | null> {
    if (!isSubject(subject) || !/^(?:release|track):/.test(subject)) return null
    const facts = (await describe(db, site.subjects, [subject])).get(subject)
    const release = facts && (await releaseById(db, facts.givenAs.slice('release:'.length), { now: now() }))
    return release ? { release, subject, title: facts.title, path: facts.path } : null
  }

  /** The item that an address names, as far as it is given for an address. */
  async function askedBy(c: Context<WebEnv>): Promise<Asked | null> {
    const { kind = '', id = '' } = c.req.param() as { kind?: string; id?: string }
    const item = isId(id) ? await itemOf(`${kind}:${id}`) : null
    return item?.release.asksAddress ? item : null
  }

  const textsOf = async ({ release }: Asked) =>
    (await reachableBy(site)({ artistId: release.artist.id })).includes('sms')

  /** The formats of an item, each with a pass by `key`; none while it is not given, or not ready. */
  async function downloadsOf({ release, subject }: Asked, visit: Visit, key: string) {
    const shown = await show(platform, release, { kind: 'public' }, visit)
    const opened = { ...shown, pass: makePass(signer, `release:${release.id}`, givenWay(key), now()) }
    const track = release.tracks.find(({ id }) => subject === `track:${id}`)
    return track ? trackDownloads(opened, track) : releaseDownloads(opened)
  }

  async function answer(
    c: Context<WebEnv>,
    visit: Visit,
    {
      title,
      of,
      children,
      subject,
    }: { title: string; of: PublicRelease | null; children: unknown; subject?: string | undefined },
    status: 200 | 410 | 422 | 429 = 200,
  ): Promise<Response> {
    forOneReader(c)
    const shown = of && (await show(platform, of, { kind: 'public' }, visit))
    const html = await htmlOf(
      <SiteLayout
        {...(await around(
          site,
          visit,
          shown ? { sleeve: shown.sleeve, theme: themeOf(shown.sleeve, shown.release.artist.theme) } : {},
        ))}
        title={title}
        subject={subject}
        noindex
      >
        <div class="sheet">
          <header class="opening">
            <Headline title={title} lang={visit.page.lang} />
          </header>
          <div class="band">{children as never}</div>
        </div>
      </SiteLayout>,
    )
    return pages.once(c, { html, headers: { 'Content-Language': visit.page.lang } }, status)
  }

  async function form(
    c: Context<WebEnv>,
    asked: Asked,
    again?: { values: { to: string; yes: boolean }; problem: GiveProblem },
  ): Promise<Response> {
    const visit = visitOf(c)
    const { name } = asked.release.artist
    const action = askPath(asked.subject.startsWith('track:') ? 'track' : 'release', asked.subject.split(':')[1] ?? '')
    const children = (
      <div class="join-page">
        <TakeForm page={visit.page} action={action} name={name} texts={await textsOf(asked)} {...again} />
        <p class="ways">
          <a href={visit.to(asked.path)}>{served(visit.page.lang)('take_back', { title: asked.title })}</a>
        </p>
      </div>
    )
    const title = served(visit.page.lang)('given_ask_title', { title: asked.title })
    return answer(
      c,
      visit,
      { title, of: asked.release, children },
      again ? (again.problem === 'too-many' ? 429 : 422) : 200,
    )
  }

  return new Hono<WebEnv>()
    .get('/take/link/:token', open, async (c) => {
      const visit = visitOf(c, ['sent', 'yes'])
      const t = served(visit.page.lang)
      const key = readTakeToken(signer, c.req.param('token'))
      const taking = key && (await takingByKey(db, key, now()))
      const item = taking && (await itemOf(taking.subject))
      const downloads = item ? await downloadsOf(item, visit, key) : []
      // A message's own link led here past the page of the music: so that what is taken is owed to that message, the page says that it was seen.
      const led = item && c.req.query('via')?.startsWith('m.') ? item.subject : undefined
      if (!item || !downloads.length)
        return answer(
          c,
          visit,
          {
            title: t('given_gone_title'),
            of: null,
            children: (
              <div class="prose">
                <p>{t('given_gone')}</p>
                <p class="ways">
                  <a href={item ? visit.to(item.path) : visit.to('/')}>
                    {item ? t('take_back', { title: item.title }) : t('given_home')}
                  </a>
                </p>
              </div>
            ),
          },
          410,
        )
      const sent = c.req.query('sent') === 'sms' ? 'sms' : c.req.query('sent') === 'mail' ? 'mail' : null
      const children = (
        <>
          <div class="prose">
            <p>{t('given_now')}</p>
            {sent && (
              <div role="status" class="prose">
                <p>{t(`given_link_${sent}`)}</p>
                {c.req.query('yes') === '1' && <p>{t(`given_yes_${sent}`, { name: item.release.artist.name })}</p>}
              </div>
            )}
          </div>
          <div class="band">
            <Take
              page={visit.page}
              downloads={downloads}
              archive={item.subject.startsWith('release:') && item.release.tracks.length > 1}
              only={false}
            />
          </div>
          <PassOn page={visit.page} subject={item.subject} />
          <p class="ways">
            <a href={visit.to(item.path)}>{t('take_back', { title: item.title })}</a>
          </p>
        </>
      )
      const title = t('given_title', { title: item.title })
      return answer(c, visit, { title, of: item.release, children, subject: led })
    })
    .get('/take/:short{[a-z2-9]{12}}', open, async (c) => {
      const key = await keyByShort(db, c.req.param('short'), now())
      c.header('Cache-Control', 'private, no-store')
      // Ended or never there: the page that says so is that of a key that opens nothing.
      return c.redirect(key ? takePath(signer, key) : '/take/link/-', 303)
    })
    .get('/take/:kind/:id', open, async (c) => {
      const asked = await askedBy(c)
      return asked ? form(c, asked) : c.notFound()
    })
    .post('/take/:kind/:id', open, smallBody, async (c) => {
      const asked = await askedBy(c)
      const visit = visitOf(c)
      // Nothing is asked for what cannot be given.
      if (!asked || !(await downloadsOf(asked, visit, '-')).length) return c.notFound()
      const { release, subject } = asked
      const { artist } = release
      const posted = await readForm(c)
      const given = await give(platform, c, posted, {
        artistId: artist.id,
        subject,
        givenAs: `release:${release.id}`,
        whose: { to: { artistId: artist.id }, name: artist.name, slug: artist.slug, language: artist.language },
        texts: await textsOf(asked),
        wording: takeConsent(visit.page.lang, artist.name),
        source: 'download',
        token: wayOfPage(c.req.header('referer')),
        page: asked.path,
      })
      if (!given.ok)
        return form(c, asked, { values: { to: posted.text('to'), yes: posted.has('yes') }, problem: given.error })
      const { key, channel, agreed } = given.value
      c.header('Cache-Control', 'private, no-store')
      return c.redirect(visit.to(takePath(signer, key), { sent: channel, yes: agreed ? '1' : null }), 303)
    })
}

/** What link of a message led to the page of the form, from the Referer that browsers send within a site. */
const wayOfPage = (referer: string | undefined): string | null =>
  referer && URL.canParse(referer) ? (new URL(referer).searchParams.get('via')?.slice(0, 64) ?? null) : null
