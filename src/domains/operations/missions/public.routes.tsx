import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { allow, forOneReader, type Limit, open } from '../../../platform/http/index.ts'
import { isId } from '../../../platform/ids.ts'
import { coverJpeg } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { Result } from '../../../platform/result.ts'
import { Button, type FieldErrors, Form } from '../../../ui/forms.tsx'
import {
  describe,
  hasObjected,
  isSubject,
  linksOf,
  personOf,
  recordTouches,
  type Subjects,
  shareLink,
} from '../../exchange/index.ts'
import {
  type FansFrame,
  type KnownFan,
  knownFan,
  readAddress,
  readName,
  rememberFan,
  takePath,
} from '../../fans/index.ts'
import { readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { imageSentence, keepPicture } from '../../music/index.ts'
import { batchSubjects } from '../../shop/index.ts'
import { confirmPath } from '../ask.ts'
import { keptPictures } from '../kept-pictures.ts'
import { operationPath } from '../paths.rules.ts'
import { MOST_MEGABYTES } from '../public/entry-form.tsx'
import { keyFor } from '../tell-people.ts'
import { missionWords } from '../words.ts'
import { confirmContribution, contribute, withdrawContribution } from './contribute.ts'
import { MOST_ABOUT, MOST_TEXT, phaseOf, readLink } from './mission.rules.ts'
import {
  contributionById,
  contributionsBy,
  givenTo,
  type Mission,
  missionById,
  type Task,
  tasksOf,
  wallOf,
} from './mission.views.ts'
import { ContributionView } from './parts.tsx'
import { type Mine, MissionBody } from './public-page.tsx'
import { type DoneTyped, NOTHING_DONE, TaskForm } from './task-form.tsx'
import { subjectsIn, type Titles, taskTitle } from './task-text.ts'
import { giftOfThanks } from './thank.ts'

const HOUR = 3600
const SENT: Limit = { name: 'mission', most: 20, windowSeconds: HOUR }
/** Questions to one address: what protects somebody from a stranger who types it again and again. */
const BY_ADDRESS: Limit = { name: 'mission-address', most: 4, windowSeconds: 24 * HOUR }
const SAID = ['mail', 'in', 'link', 'gone'] as const

type Found = (c: Context<WebEnv>) => Promise<Mission | null>

/** A mission's pages: what is asked, where it is done, what was given. GET shows, POST acts. `found`: the mission whose address it is. */
export function publicMissions(
  platform: Platform,
  { frame, subjects }: { frame: FansFrame; subjects: Subjects },
  found: Found,
) {
  const { db, now, signer, config } = platform
  const path = '/:artist/take-part/:slug'

  const about = async (mission: Mission, tasks: Task[]) => {
    const batches: ReadonlyMap<string, string> = [mission, ...tasks].some(({ thanks }) => thanks.batch)
      ? await batchSubjects(db, mission.artistId)
      : new Map()
    const all = [...subjectsIn(mission.thanks, tasks, batches), mission.followUpSubject]
    const titles: Titles = await describe(db, subjects, all.filter(isSubject))
    return { batches, titles }
  }

  async function mineOf(mission: Mission, fan: KnownFan | null): Promise<Mine | null> {
    if (!fan) return null
    const [done, given, links] = await Promise.all([
      contributionsBy(db, mission.id, fan.fanId),
      givenTo(db, mission.id, fan.fanId),
      linksOf(db, mission.artistId, fan.personId),
    ])
    return {
      done,
      given,
      links: new Map(links.map(({ subject, code }) => [subject, code])),
      pathOf: (id) => confirmPath(platform, 'contribution', id),
    }
  }

  async function show(c: Context<WebEnv>, mission: Mission): Promise<Response> {
    const { page } = c.var
    const t = missionWords(page.lang)
    const asked = c.req.query('wall') ?? ''
    const at = /^\d{1,4}$/.test(asked) ? Number(asked) : 0
    const [tasks, wall, mine] = await Promise.all([
      tasksOf(db, mission.id),
      wallOf(db, mission.id, at),
      knownFan(c, platform, null).then((fan) => mineOf(mission, fan)),
    ])
    const { batches, titles } = await about(mission, tasks)
    const said = SAID.find((one) => one === c.req.query('said'))
    const children = (
      <MissionBody
        {...{ page, mission, tasks, titles, batches, mine }}
        wall={{ ...wall, page: at }}
        phase={phaseOf(mission, now())}
        baseUrl={config.baseUrl}
        notice={said && t(`said_${said}`)}
        next={titles.get(mission.followUpSubject ?? '')}
      />
    )
    const canonical = config.baseUrl + operationPath(mission.artistSlug, mission.slug)
    c.header('Cache-Control', 'private, no-cache')
    const subject = `operation:${mission.id}` as const
    return c.html(
      await frame({ c, title: mission.title, of: { artistId: mission.artistId }, canonical, subject, children }),
    )
  }

  const back = (c: Context<WebEnv>, mission: Mission, said: (typeof SAID)[number]) =>
    c.redirect(`${operationPath(mission.artistSlug, mission.slug)}?said=${said}&lang=${c.var.page.lang}`, 303)

  const taskIn = async (c: Context<WebEnv>, mission: Mission): Promise<Task | null> =>
    (await tasksOf(db, mission.id)).find(({ id }) => id === c.req.param('task')) ?? null

  async function form(
    c: Context<WebEnv>,
    mission: Mission,
    task: Task,
    wrong?: { typed: DoneTyped; errors: FieldErrors },
  ) {
    const { page } = c.var
    const [{ titles }, fan] = await Promise.all([about(mission, [task]), knownFan(c, platform, null)])
    const children = (
      <TaskForm
        {...{ page, mission, task, titles }}
        isKnown={fan !== null}
        typed={wrong?.typed}
        errors={wrong?.errors}
      />
    )
    const title = taskTitle(task, titles, page.lang)
    forOneReader(c)
    return c.html(await frame({ c, title, of: { artistId: mission.artistId }, children }), wrong ? 422 : 200)
  }

  /** By their own link people come who count for them; this browser is theirs, and so brings nobody. */
  async function giveLink(c: Context<WebEnv>, { id, artistId }: Mission, task: Task, personId: string): Promise<void> {
    if (task.kind !== 'bring' || !isSubject(task.subject) || hasObjected(c)) return
    const visitor = await personOf(c, platform, { create: true })
    const subject = `operation:${id}` as const
    const seen = {
      artistId,
      subject,
      givenAs: subject,
      personId: visitor,
      channel: 'page',
      referrer: null,
      token: null,
    }
    const isOwn = c.get('actor')?.memberships.some((one) => one.artistId === artistId)
    if (visitor && !isOwn) await recordTouches(db, [{ ...seen, key: `mission:${id}:${visitor}`, at: now() }])
    await shareLink(platform, { artistId, subject: task.subject, personId })
  }

  const pictures = keptPictures(platform, 'mission-picture')

  /** The photo as it is kept: drawn anew, so that nothing of what a camera wrote beside it is left, the place least of all. */
  async function keepPhoto(file: File): Promise<Result<string, Parameters<typeof imageSentence>[0]>> {
    const drawn = await coverJpeg(new Uint8Array(await file.arrayBuffer()))
    return drawn.ok ? keepPicture(platform, drawn.value.bytes) : drawn
  }

  const tooLarge = async (c: Context<WebEnv>) => {
    const mission = await found(c)
    const task = mission && (await taskIn(c, mission))
    if (!task) return c.notFound()
    const errors = { picture: missionWords(c.var.page.lang)('photo_heavy', { n: MOST_MEGABYTES }) }
    const page = await form(c, mission, task, { typed: NOTHING_DONE, errors })
    return new Response(page.body, { status: 413, headers: page.headers })
  }

  async function send(c: Context<WebEnv>): Promise<Response> {
    const mission = await found(c)
    const task = mission && (await taskIn(c, mission))
    if (!task) return c.notFound()
    const { lang } = c.var.page
    const t = missionWords(lang)
    const posted = await readForm(c)
    const { kind } = task
    const typed: DoneTyped = {
      name: kind === 'bring' ? '' : readName(posted.text('name')),
      text: kind === 'write' || kind === 'translate' ? posted.text('text') : '',
      link: kind === 'write' ? posted.text('link') : '',
      town: kind === 'poster' ? readName(posted.text('town')).slice(0, 80) : '',
      alt: kind === 'poster' ? posted.text('alt').slice(0, 500) : '',
      mail: posted.text('mail'),
      accept: posted.has('accept'),
      kept: null,
    }
    const again = async (errors: FieldErrors, imageId: string | null = null) =>
      form(c, mission, task, { typed: { ...typed, kept: await pictures.find(imageId) }, errors })
    if (posted.text('fx')) return again({ '': t('error_trapped') })
    if (phaseOf(mission, now()) !== 'open') return again({ '': t('error_late') })
    if (kind === 'bring' && hasObjected(c)) return again({ '': t('error_objected') })
    if (!(await allow(platform, SENT, c.get('address')))) return again({ '': t('error_too_many') })
    const read = typed.mail ? readAddress('mail', typed.mail) : null
    const fan = read && !read.ok ? null : await knownFan(c, platform, read?.ok ? read.value.key : null)
    const address = read?.ok ? read.value : null
    const errors: FieldErrors = {}
    let imageId = kind === 'poster' ? await pictures.read(posted.text('kept')) : null
    const file = kind === 'poster' ? posted.file('picture') : null
    if (file) {
      const kept = await keepPhoto(file)
      if (kept.ok) {
        imageId = kept.value
        await pictures.forgetLater(imageId)
      } else errors['picture'] = imageSentence(kept.error, lang)
    } else if (kind === 'poster' && !imageId) errors['picture'] = t('error_photo')
    if (kind === 'poster' && !typed.alt) errors['alt'] = t('error_alt')
    const link = kind === 'write' ? readLink(typed.link) : ''
    if (link === null) errors['link'] = t('error_link')
    if (kind === 'translate' && !typed.text) errors['text'] = t('error_text')
    const most = kind === 'translate' ? MOST_TEXT : MOST_ABOUT
    if (typed.text.length > most) errors['text'] = t('error_long', { n: typed.text.length, most })
    const isAsked = kind === 'poster' || kind === 'translate'
    if (isAsked && !typed.accept) errors['accept'] = t('error_accept')
    if (!fan && !address) errors['mail'] = t(typed.mail ? 'error_mail' : 'error_no_mail')
    if (Object.keys(errors).length) return again(errors, imageId)
    if (!fan && address && !(await allow(platform, BY_ADDRESS, address.key)))
      return again({ mail: t('error_asked_often') }, imageId)
    const done = await contribute(platform, {
      ...{ taskId: task.id, name: typed.name, text: typed.text, link: link ?? '', town: typed.town, imageId },
      ...{ alt: typed.alt, language: lang, mail: address?.address ?? '', fan },
      accepted: isAsked ? t(`accept_${kind}`, { artist: mission.artistName }) : '',
    })
    if (!done.ok && done.error === 'late') return again({ '': t('error_late') }, imageId)
    // Who takes part already and presses again has their link all the same.
    if (!done.ok && !(fan && kind === 'bring')) return again({ '': t('error_many') }, imageId)
    if (done.ok && !done.value.isConfirmed) return back(c, mission, 'mail')
    if (fan) await giveLink(c, mission, task, fan.personId)
    return back(c, mission, kind === 'bring' ? 'link' : 'in')
  }

  /** The contribution that a mail asks about, if its signature is right. */
  async function asked(c: Context<WebEnv>) {
    const { id = '', signature = '' } = c.req.param() as { id?: string; signature?: string }
    const isSigned = isId(id) && signer.verify('contest-contribution', id, signature)
    const one = isSigned ? await contributionById(db, id) : null
    const mission = one && (await missionById(db, one.operationId))
    const task = mission && (await tasksOf(db, mission.id)).find((each) => each.id === one.taskId)
    return task ? { one, mission, task } : null
  }

  const gone = async (c: Context<WebEnv>, why: 'gone_words' | 'gone_many') => {
    const t = missionWords(c.var.page.lang)
    forOneReader(c)
    const children = <p>{t(why)}</p>
    return c.html(await frame({ c, title: t('gone'), of: null, children }), why === 'gone_words' ? 404 : 410)
  }

  return (
    new Hono<WebEnv>()
      .get(path, open, async (c, next) => {
        const mission = await found(c)
        return mission ? show(c, mission) : next()
      })
      .get(`${path}/tasks/:task`, open, async (c) => {
        const mission = await found(c)
        const task = mission && (await taskIn(c, mission))
        if (!task) return c.notFound()
        return phaseOf(mission, now()) === 'open'
          ? form(c, mission, task)
          : c.redirect(operationPath(mission.artistSlug, mission.slug), 303)
      })
      .post(
        `${path}/tasks/:task`,
        open,
        bodyLimit({ maxSize: MOST_MEGABYTES * 1_000_000 + 100_000, onError: tooLarge as never }),
        send,
      )
      // What was given to whoever this browser is known to be, taken anew: the link of the mail is good for seven days.
      .post(`${path}/thanks/:thanks`, open, async (c) => {
        const [mission, fan] = await Promise.all([found(c), knownFan(c, platform, null)])
        const given = mission && fan ? await givenTo(db, mission.id, fan.fanId) : []
        const one = given.find(({ id }) => id === c.req.param('thanks'))
        if (!mission || !fan || !one) return c.notFound()
        const gift = await giftOfThanks(platform, subjects, one.subject)
        const row = await db
          .selectFrom('fanAddresses')
          .select(['address', 'addressKey'])
          .where('id', '=', fan.addressId)
          .executeTakeFirst()
        if (!gift || !row) return back(c, mission, 'gone')
        const to = { ...row, language: c.var.page.lang }
        const key = await db.transaction().execute((tx) => keyFor(tx, platform, gift, to))
        return c.redirect(takePath(signer, key), 303)
      })
      .get('/missions/contribution/:id/:signature', open, async (c) => {
        const found = await asked(c)
        if (!found) return gone(c, 'gone_words')
        const { one, mission, task } = found
        const { page } = c.var
        const t = missionWords(page.lang)
        const { titles } = await about(mission, [task])
        const isBring = task.kind === 'bring'
        const name = taskTitle(task, titles, page.lang)
        const view = isBring ? null : <ContributionView one={one} titles={titles} lang={page.lang} wide />
        const mayWithdraw = one.state === 'waiting' || one.state === 'shown'
        const children = (
          <div class="contest">
            {one.isConfirmed ? (
              <>
                <p>
                  <b>{name}</b>
                </p>
                <p>
                  {isBring && one.state === 'shown'
                    ? t('my_people', { n: one.people, times: task.times })
                    : t(`my_${one.state}`, { reason: one.reason })}
                </p>
                {one.state !== 'withdrawn' && view}
                {mayWithdraw && !isBring && (
                  <Form page={page} action={page.path}>
                    <p class="aside">{t('withdraw_hint')}</p>
                    <Button kind="quiet" name="step" value="withdraw">
                      {t('withdraw')}
                    </Button>
                  </Form>
                )}
              </>
            ) : (
              <>
                <p>{t('confirm_lead', { title: mission.title, task: name })}</p>
                {view}
                <Form page={page} action={page.path}>
                  <Button>{t('confirm_button')}</Button>
                </Form>
                <p class="aside">{t('confirm_else')}</p>
              </>
            )}
            <p>
              <a href={operationPath(mission.artistSlug, mission.slug)}>{t('back_to', { title: mission.title })}</a>
            </p>
          </div>
        )
        forOneReader(c)
        const title = t(one.isConfirmed ? 'yours' : 'confirm_title')
        return c.html(await frame({ c, title, of: { artistId: mission.artistId }, children }))
      })
      .post('/missions/contribution/:id/:signature', open, smallBody, async (c) => {
        const found = await asked(c)
        if (!found) return gone(c, 'gone_words')
        const { one, mission, task } = found
        if ((await readForm(c)).text('step') === 'withdraw') {
          await withdrawContribution(platform, one.id)
          return c.redirect(c.var.page.path, 303)
        }
        const done = await confirmContribution(platform, one.id)
        if (!done.ok) return gone(c, done.error === 'many' ? 'gone_many' : 'gone_words')
        const { addressId, personId } = done.value
        if (addressId) rememberFan(c, platform, addressId)
        if (personId) await giveLink(c, mission, task, personId)
        return back(c, mission, task.kind === 'bring' ? 'link' : 'in')
      })
  )
}
