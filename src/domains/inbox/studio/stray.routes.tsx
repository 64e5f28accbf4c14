import { type Context, Hono } from 'hono'
import type { Child } from 'hono/jsx'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button, Form, Select } from '../../../ui/forms.tsx'
import {
  actorOf,
  allArtists,
  allLabels,
  clockAt,
  guard,
  readForm,
  type Sender,
  StudioPage,
  senderId,
  smallBody,
  type WebEnv,
} from '../../identity/index.ts'
import { handStray, putStrayAside, type Stray, strayTexts, takeStrayBack, UNDO_MS } from '../stray.ts'
import { words } from '../words.ts'

export const STRAY_HREF = '/studio/settings/texts'
const ID = '[0-9a-f-]{36}'
/** So many are a button each; more are chosen from a list. */
const MOST_BUTTONS = 6

type Taker = { sender: Sender; name: string }

/** The host's page of texts that are nobody's: read, handed to somebody, or put aside. */
export function strayRoutes(platform: Platform): Hono<WebEnv> {
  const { db, config } = platform
  const hostOnly = guard('site.manage', { kind: 'site' })

  const takers = async (): Promise<Taker[]> => [
    ...(await allArtists(db)).map(({ id, name }) => ({ sender: { artistId: id }, name })),
    ...(await allLabels(db)).map(({ id, name }) => ({ sender: { labelId: id }, name })),
  ]
  const back = (c: Context<WebEnv>, told: string, about = '') => c.redirect(`${STRAY_HREF}?done=${told}${about}`, 303)

  return new Hono<WebEnv>()
    .get(STRAY_HREF, hostOnly, async (c) => {
      const aside = c.req.query('show') === 'aside'
      const [texts, who] = await Promise.all([strayTexts(db, { aside }), takers()])
      return c.html(<StrayPage {...{ c, texts, aside, takers: who, days: config.keepReceivedDays }} />)
    })
    .post(`${STRAY_HREF}/:id{${ID}}/hand`, hostOnly, smallBody, async (c) => {
      const receivedId = c.req.param('id')
      const asked = (await readForm(c)).text('to')
      const to = (await takers()).find(({ sender }) => senderId(sender) === asked)
      if (!isId(receivedId) || !to) return c.notFound()
      const about = { receivedId, to: to.sender, name: to.name, by: actorOf(c).accountId }
      const handed = await handStray(platform, about)
      return handed ? back(c, 'handed', `&to=${asked}&about=${receivedId}`) : back(c, 'gone')
    })
    .post(`${STRAY_HREF}/:id{${ID}}/take-back`, hostOnly, async (c) => {
      const receivedId = c.req.param('id')
      if (!isId(receivedId)) return c.notFound()
      const done = await takeStrayBack(platform, { receivedId, by: actorOf(c).accountId })
      return back(c, done ? 'back' : 'late')
    })
    .post(`${STRAY_HREF}/:id{${ID}}/:way{aside|back}`, hostOnly, async (c) => {
      const { id: receivedId, way } = c.req.param()
      if (!isId(receivedId)) return c.notFound()
      const done = await putStrayAside(platform, { receivedId, aside: way === 'aside', by: actorOf(c).accountId })
      return done ? back(c, way, `&about=${receivedId}`) : back(c, 'gone')
    })
}

type Props = { c: Context<WebEnv>; texts: Stray[]; aside: boolean; takers: Taker[]; days: number }

const StrayPage = ({ c, texts, aside, takers, days }: Props) => {
  const { page } = c.var
  const t = words(page.lang)
  const title = t(aside ? 'stray_aside' : 'stray')
  return (
    <StudioPage c={c} title={title} foot={STRAY_HREF} notice={told(c, takers)}>
      <h1>{title}</h1>
      {texts.length > 0 && (
        <p class="lead">
          {!aside && `${t('stray_lead')} `}
          {t('stray_kept', { n: days })}
        </p>
      )}
      {texts.length === 0 &&
        (aside ? (
          <p class="lead">{t('stray_aside_none')}</p>
        ) : (
          <Empty title={t('stray_none')}>
            <p>{t('stray_none_lead')}</p>
          </Empty>
        ))}
      {texts.map((stray) => (
        <StrayView {...{ c, stray, aside, takers }} />
      ))}
      <p class="actions" style="margin-top:2rem">
        <a href={aside ? STRAY_HREF : `${STRAY_HREF}?show=aside`}>
          {t(aside ? 'stray_see_waiting' : 'stray_see_aside')}
        </a>
      </p>
    </StudioPage>
  )
}

const StrayView = ({ c, stray, aside, takers }: Omit<Props, 'texts' | 'days'> & { stray: Stray }) => {
  const { page } = c.var
  const t = words(page.lang)
  const { id, sender, provider } = stray
  const few = takers.length <= MOST_BUTTONS
  return (
    <section>
      <h2>
        {sender} {provider && <small class="quiet">{t('stray_by', { provider })}</small>}
      </h2>
      {stray.texts.map(({ text, at }) => (
        <blockquote style="margin:0 0 0.75rem">
          <p style="white-space:pre-wrap;overflow-wrap:anywhere;margin:0">{text}</p>
          <small class="quiet">
            <time datetime={at.toISOString()}>{clockAt(c, null)(at)}</time>
          </small>
        </blockquote>
      ))}
      <Form page={page} action={`${STRAY_HREF}/${id}/hand`} class={few ? 'actions' : undefined}>
        {few ? (
          takers.map(({ sender: to, name }) => (
            <Button name="to" value={senderId(to)} kind="plain" aria-label={t('stray_hand_label', { sender, name })}>
              {t('stray_hand_to', { name })}
            </Button>
          ))
        ) : (
          <>
            <Select
              name="to"
              id={`to-${id}`}
              label={t('stray_to')}
              options={takers.map(({ sender: to, name }) => ({ value: senderId(to), label: name }))}
            />
            <Button kind="plain">{t('stray_hand')}</Button>
          </>
        )}
      </Form>
      <Form page={page} action={`${STRAY_HREF}/${id}/${aside ? 'back' : 'aside'}`} class="actions" style="margin-top:0">
        <Button kind="quiet" aria-label={t(aside ? 'stray_back_label' : 'stray_put_label', { sender })}>
          {t(aside ? 'stray_back' : 'stray_put')}
        </Button>
      </Form>
    </section>
  )
}

/** What was just done, and the way to undo it. */
function told(c: Context<WebEnv>, takers: Taker[]): Child {
  const { page } = c.var
  const t = words(page.lang)
  const { done, to, about } = c.req.query()
  if (done === 'handed') {
    const name = takers.find(({ sender }) => senderId(sender) === to)?.name
    if (!name || !isId(about)) return name && t('told_handed', { name })
    return (
      <Form page={page} action={`${STRAY_HREF}/${about}/take-back`} class="actions" style="margin:0">
        <span>
          {t('told_handed', { name })} {t('told_undo', { n: UNDO_MS / 60_000 })}
        </span>
        <Button kind="quiet">{t('stray_take_back')}</Button>
      </Form>
    )
  }
  if (done === 'aside' && isId(about))
    return (
      <Form page={page} action={`${STRAY_HREF}/${about}/back`} class="actions" style="margin:0">
        <span>{t('told_aside')}</span>
        <Button kind="quiet">{t('stray_undo')}</Button>
      </Form>
    )
  return (done === 'back' || done === 'gone' || done === 'late') && t(`told_${done}`)
}
