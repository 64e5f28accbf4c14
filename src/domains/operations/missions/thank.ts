import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { describe, isSubject, type Subjects } from '../../exchange/index.ts'
import { takePath } from '../../fans/index.ts'
import { enqueueOne } from '../../reach/index.ts'
import { codePath, codeShown, handOutCode } from '../../shop/index.ts'
import { operationPath } from '../paths.rules.ts'
import { type Given, giftFor, keyFor } from '../tell-people.ts'
import { missionWords } from '../words.ts'
import { oneAtATime } from './contribute.ts'
import { thanksIn } from './edit-mission.ts'
import { type TaskKind, thanksDue } from './mission.rules.ts'
import { hadCode } from './mission.views.ts'

type Who = { operationId: string; fanId: string }

/**
 * Thanks somebody for what they have done by now, each task once and all of them once. Asked for by two at the same moment, one does it. A code that the batch does
 * not have is owed: it is given once there is one ({@link giveOwed}).
 */
export async function thankIfDue(tx: Tx, deps: Pick<Platform, 'now'>, { operationId, fanId }: Who): Promise<void> {
  await oneAtATime(tx, operationId, fanId)
  const mission = await tx
    .selectFrom('missions')
    .selectAll()
    .where('operationId', '=', operationId)
    .executeTakeFirstOrThrow()
  const tasks = await tx.selectFrom('missionTasks').selectAll().where('operationId', '=', operationId).execute()
  const { rows: done } = await sql<{ taskId: string; n: number }>`
    select t.id as "taskId", (case when t.kind = 'bring' then sum(c.people) else count(*) end)::int as n
    from mission_contributions c join mission_tasks t on t.id = c.task_id
    where c.operation_id = ${operationId} and c.fan_id = ${fanId} and c.state = 'shown' group by t.id`.execute(tx)
  const given = await tx
    .selectFrom('missionThanks')
    .select('taskId')
    .where('operationId', '=', operationId)
    .where('fanId', '=', fanId)
    .execute()
  const due = thanksDue(
    tasks.map((task) => ({ ...task, thanks: thanksIn(task) })),
    thanksIn(mission),
    new Map(done.map(({ taskId, n }) => [taskId, n])),
    new Set(given.map(({ taskId }) => taskId)),
  )
  for (const taskId of due)
    await tx
      .insertInto('missionThanks')
      .values({ id: newId(), operationId, taskId, fanId, dueAt: deps.now(), givenAt: null, code: null })
      .execute()
  await giveOwed(tx, deps, { operationId, fanId })
}

/** Gives what is due to somebody, as far as there is a code where one is due; the words leave with it. Who used theirs before they were erased is told so: there is no other. */
export async function giveOwed(tx: Tx, deps: Pick<Platform, 'now'>, { operationId, fanId }: Who): Promise<void> {
  const { rows } = await sql<{ id: string; batch: string | null }>`
    select g.id, case when t.id is null then m.thanks_batch else t.thanks_batch end as batch
    from mission_thanks g join missions m on m.operation_id = g.operation_id left join mission_tasks t on t.id = g.task_id
    where g.operation_id = ${operationId} and g.fan_id = ${fanId} and g.given_at is null order by g.due_at, g.id for update of g`.execute(
    tx,
  )
  for (const { id, batch } of rows) {
    const handed = batch ? await handOutCode(tx, deps, { batchId: batch, fanId }) : null
    if (handed?.is === 'none') continue
    const code = handed?.is === 'given' ? handed.code : null
    await tx.updateTable('missionThanks').set({ givenAt: deps.now(), code }).where('id', '=', id).execute()
    await addJob(tx, 'operations.thank', { thanksId: id })
  }
}

type Row = {
  operationId: string
  artistId: string
  artist: string
  artistSlug: string
  title: string
  slug: string
  kind: TaskKind | null
  times: number | null
  words: string
  subject: string | null
  code: string | null
  /** They used their code of that batch before they were erased. */
  hadCode: boolean
  fanId: string
  addressId: string
  address: string
  addressKey: string
  language: Lang
  hiddenAt: Date | null
}

const DAY_MS = 24 * 3_600_000

/** The mail in which the artist's words of thanks leave with what is given. Once, whatever dies in between. Who cannot be written to finds it on the page. */
export async function sendThanks(
  platform: Platform,
  subjects: Subjects,
  { thanksId }: { thanksId: string },
): Promise<void> {
  await platform.db.transaction().execute(async (tx) => {
    const { rows } = await sql<Row>`
      select o.id as "operationId", o.artist_id as "artistId", r.name as artist, r.slug as "artistSlug", o.title, o.slug, t.kind, t.times,
        case when t.id is null then m.thanks_words else t.thanks_words end as words,
        case when t.id is null then m.thanks_subject else t.thanks_subject end as subject, g.code,
        ${hadCode} as "hadCode", g.fan_id as "fanId", o.hidden_at as "hiddenAt",
        a.id as "addressId", a.address, a.address_key as "addressKey", p.language
      from mission_thanks g join operations o on o.id = g.operation_id join artists r on r.id = o.artist_id
        join missions m on m.operation_id = o.id left join mission_tasks t on t.id = g.task_id
        join fans f on f.id = g.fan_id and f.erased_at is null
        join operation_people p on p.operation_id = o.id and p.fan_id = g.fan_id
        join fan_addresses a on a.id = p.address_id and a.removed_at is null
      where g.id = ${thanksId} and g.given_at is not null limit 1`.execute(tx)
    const [one] = rows
    if (!one) return
    // An artist who is about to go may come back.
    if (one.hiddenAt)
      return addJob(tx, 'operations.thank', { thanksId }, { runAt: new Date(platform.now().getTime() + DAY_MS) })
    const t = missionWords(one.language)
    const { title, artist, times } = one
    const { baseUrl } = platform.config
    const gift = await giftOfThanks({ ...platform, db: tx }, subjects, one.subject)
    const key = gift && (await keyFor(tx, platform, gift, one))
    const parts = [
      t(`thanked_${one.kind ?? 'all'}`, { title, artist, n: times ?? 1 }),
      one.words,
      gift && key && t('thanks_gift', { title: gift.title, link: baseUrl + takePath(platform.signer, key) }),
      one.hadCode && t('code_had'),
      one.code && t('thanks_code', { code: codeShown(one.code), link: baseUrl + codePath(one.code) }),
      t('thanks_see', { link: baseUrl + operationPath(one.artistSlug, one.slug) }),
    ]
    const follow = `${baseUrl}/follow/${encodeURIComponent(one.artistSlug)}`
    await enqueueOne(tx, {
      kind: 'notice',
      channel: 'mail',
      artistId: one.artistId,
      fanId: one.fanId,
      addressId: one.addressId,
      address: one.address,
      language: one.language,
      message: {
        subject: t('thanks_subject', { title }),
        text: `${parts.filter(Boolean).join('\n\n')}\n\n-- \n${t('thanks_why', { title, artist, follow })}\n`,
      },
      dueAt: platform.now(),
      once: `mission-thanks:${thanksId}`,
    })
  })
}

/** What is given to download, if it can still be taken. */
export async function giftOfThanks(
  platform: Pick<Platform, 'db' | 'now'>,
  subjects: Subjects,
  subject: string | null,
): Promise<Given | null> {
  return isSubject(subject) ? giftFor(platform, subject, await describe(platform.db, subjects, [subject])) : null
}
