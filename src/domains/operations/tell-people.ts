import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { mayTake } from '../audio/index.ts'
import { describe, isSubject, type Subject, type Subjects } from '../exchange/index.ts'
import { endFollowings, giveTo, preferencesLink, takePath } from '../fans/index.ts'
import { enqueueOne } from '../reach/index.ts'
import { operationPath } from './paths.rules.ts'
import { publicWords } from './words.ts'

const LOT = 200

type Person = {
  fanId: string
  addressId: string
  address: string
  addressKey: string
  language: Lang
  name: string
  part: 'entered' | 'voted' | 'followed'
}

/**
 * Tells everybody who took part how it ended: the result, the thanks, what they receive, what comes next. Each once, whatever dies in between; `after`: the
 * person told last.
 */
export async function tellPeople(
  platform: Platform,
  subjects: Subjects,
  { operationId, after = null }: { operationId: string; after?: string | null },
): Promise<void> {
  await platform.db.transaction().execute(async (tx) => {
    const operation = await tx
      .selectFrom('operations')
      .innerJoin('artists', 'artists.id', 'operations.artistId')
      .leftJoin('contests', 'contests.operationId', 'operations.id')
      .leftJoin('contestEntries', 'contestEntries.id', 'contests.winnerId')
      .select([
        'operations.id',
        'operations.kind',
        'operations.artistId',
        'operations.title',
        'operations.slug',
        'followUp',
        'followUpWords',
      ])
      .select([
        'followUpSubject',
        'thanksSubject',
        'thanksWords',
        'artists.name as artist',
        'artists.slug as artistSlug',
      ])
      .select('contestEntries.name as winner')
      .where('operations.id', '=', operationId)
      .where('operations.state', '=', 'closed')
      .where('operations.hiddenAt', 'is', null)
      .executeTakeFirst()
    if (!operation) return
    const { rows: people } = await sql<Person>`
      select distinct on (p.fan_id) p.fan_id as "fanId", a.id as "addressId", a.address, a.address_key as "addressKey", coalesce(p.language, f.language) as language,
        f.name, p.part
      from (
        select fan_id, address_id, language, case how when 'entry' then 'entered' else 'voted' end as part from operation_people where operation_id = ${operationId}
        union all
        select u.fan_id, u.address_id, null, 'followed' from followings g join subscriptions u on u.id = g.subscription_id
          where g.subject = ${`operation:${operationId}`} and u.state = 'active' and u.channel = 'mail' and (u.paused_until is null or u.paused_until <= ${platform.now()})
      ) p join fans f on f.id = p.fan_id and f.erased_at is null
        join fan_addresses a on a.id = p.address_id and a.removed_at is null
      where ${after}::uuid is null or p.fan_id > ${after}::uuid
      order by p.fan_id, p.part, p.address_id limit ${LOT}`.execute(tx)
    const facts = await describe(tx, subjects, [operation.thanksSubject, operation.followUpSubject].filter(isSubject))
    const given = isSubject(operation.thanksSubject)
      ? await giftFor({ ...platform, db: tx }, operation.thanksSubject, facts)
      : null
    const next = isSubject(operation.followUpSubject) ? facts.get(operation.followUpSubject) : undefined
    for (const person of people) {
      const t = publicWords(person.language)
      const key = given && (await keyFor(tx, platform, given, person))
      const { title, artist } = operation
      const isSeries = operation.kind === 'series'
      const values = { title, artist, winner: operation.winner ?? '' }
      const parts = [
        t(operation.kind === 'mission' ? 'end_mission' : `end_${person.part}`, values),
        operation.thanksWords,
        operation.winner && t('end_winner', values),
        t(isSeries ? 'end_see_series' : operation.kind === 'mission' ? 'end_see_mission' : 'end_see', {
          link: platform.config.baseUrl + operationPath(operation.artistSlug, operation.slug),
        }),
        given &&
          key &&
          t(isSeries ? 'end_gift_series' : 'end_gift', {
            title: given.title,
            link: platform.config.baseUrl + takePath(platform.signer, key),
          }),
        operation.followUp === 'next' && `${t('end_next')} ${operation.followUpWords}`,
        operation.followUp === 'next' && next && platform.config.baseUrl + next.path,
      ]
      const follow = isSeries
        ? preferencesLink(platform, person.addressId)
        : `${platform.config.baseUrl}/follow/${encodeURIComponent(operation.artistSlug)}`
      const text = `${parts.filter(Boolean).join('\n\n')}\n\n-- \n${t(isSeries ? 'end_why_series' : 'end_why', { ...values, follow })}\n`
      await enqueueOne(tx, {
        kind: 'notice',
        channel: 'mail',
        artistId: operation.artistId,
        fanId: person.fanId,
        addressId: person.addressId,
        address: person.address,
        language: person.language,
        message: { subject: t(isSeries ? 'end_subject_series' : 'end_subject', values), text },
        dueAt: platform.now(),
        once: `operation-end:${operationId}:${person.fanId}`,
      })
    }
    // Of a series that is over nobody is told any more.
    if (people.length < LOT) await endFollowings(tx, `operation:${operationId}`)
    else await addJob(tx, 'operations.tell', { operationId, after: people.at(-1)?.fanId ?? null })
  })
}

export type Given = { artistId: string; subject: Subject; givenAs: Subject; title: string }

/** What is given to download, if it can still be taken. */
export async function giftFor(
  platform: Pick<Platform, 'db' | 'now'>,
  subject: Subject,
  facts: Awaited<ReturnType<typeof describe>>,
): Promise<Given | null> {
  const [kind, id = ''] = subject.split(':')
  const fact = facts.get(subject)
  if (!fact || !(await mayTake(platform, kind === 'release' ? { release: id } : { track: id }))) return null
  return { artistId: fact.artistId, subject, givenAs: fact.givenAs, title: fact.title }
}

/** Opens it for somebody by the address that they proved, for seven days. */
export const keyFor = (
  tx: Tx,
  platform: Pick<Platform, 'signer' | 'now'>,
  { title: _, ...item }: Given,
  { addressKey, address, language }: Pick<Person, 'addressKey' | 'address' | 'language'>,
): Promise<string> => giveTo(tx, platform, item, { address, addressKey, language })
