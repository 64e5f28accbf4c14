import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { mayTake } from '../audio/index.ts'
import { describe, isSubject, type Subject, type Subjects } from '../exchange/index.ts'
import { type Channel, endFollowings, giveTo, preferencesLink, takePath } from '../fans/index.ts'
import { countryAt, enqueueOne, hoursOf } from '../reach/index.ts'
import { lastWords } from './operation.rules.ts'
import { operationPath } from './paths.rules.ts'
import { channelsOf } from './series/goes-with.ts'
import { publicWords } from './words.ts'

const LOT = 200

/** One way by which somebody is told. */
type Person = {
  fanId: string
  channel: Channel
  addressId: string
  address: string
  language: Lang
  zone: string | null
  country: string | null
  part: 'entered' | 'voted' | 'followed'
  /** The mail address that they proved, for which something is given. */
  provedKey: string
  proved: string
  hasMail: boolean
}

/**
 * Tells everybody who took part how it ended: the result, the thanks, what they receive, what comes next. Each once, whatever dies in between; who followed a
 * series, by each way by which they were told of each. `after`: the person told last.
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
      .leftJoin('series', 'series.operationId', 'operations.id')
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
      .select(['contestEntries.name as winner', 'series.notice', 'series.noticeTexts'])
      .where('operations.id', '=', operationId)
      .where('operations.state', '=', 'closed')
      .where('operations.hiddenAt', 'is', null)
      .executeTakeFirst()
    if (!operation) return
    const at = platform.now()
    const people = await lotOf(tx, operation, { after, at })
    const facts = await describe(tx, subjects, [operation.thanksSubject, operation.followUpSubject].filter(isSubject))
    const given = isSubject(operation.thanksSubject)
      ? await giftFor({ ...platform, db: tx }, operation.thanksSubject, facts)
      : null
    const next = isSubject(operation.followUpSubject) ? facts.get(operation.followUpSubject) : undefined
    const hours = await hoursOf(tx, { artistId: operation.artistId })
    const seen = platform.config.baseUrl + operationPath(operation.artistSlug, operation.slug)
    for (const person of people) {
      const t = publicWords(person.language)
      const key =
        given &&
        (person.channel === 'mail' || !person.hasMail) &&
        (await keyFor(tx, platform, given, { ...person, address: person.proved, addressKey: person.provedKey }))
      const taken = key && platform.config.baseUrl + takePath(platform.signer, key)
      const { title, artist } = operation
      const isSeries = operation.kind === 'series'
      const values = { title, artist, winner: operation.winner ?? '' }
      const subject = t(isSeries ? 'end_subject_series' : 'end_subject', values)
      const country = countryAt(person.channel, person.address, person.country)
      const due = hours({ channel: person.channel, zone: person.zone, country }, at)
      // Where they live no hour is allowed for a text message.
      if (!due) continue
      const common = {
        ...{ kind: 'notice' as const, channel: person.channel, artistId: operation.artistId, fanId: person.fanId },
        ...{ addressId: person.addressId, address: person.address, language: person.language },
        ...{ dueAt: due.at, notAfter: due.notAfter },
      }
      if (person.channel !== 'mail') {
        const href = taken || seen
        await enqueueOne(tx, {
          ...common,
          message:
            person.channel === 'sms'
              ? { text: t('end_text_series', { ...values, link: href }), ofSubscription: true }
              : { ofSubscription: true, subject, text: lastWords(operation) || t('end_followed', values), href },
          domain: country ?? '',
          once: `operation-end:${operationId}:${person.addressId}`,
        })
        continue
      }
      const parts = [
        t(operation.kind === 'mission' ? 'end_mission' : `end_${person.part}`, values),
        operation.thanksWords,
        operation.winner && t('end_winner', values),
        t(isSeries ? 'end_see_series' : operation.kind === 'mission' ? 'end_see_mission' : 'end_see', { link: seen }),
        given && taken && t(isSeries ? 'end_gift_series' : 'end_gift', { title: given.title, link: taken }),
        operation.followUp === 'next' && `${t('end_next')} ${operation.followUpWords}`,
        operation.followUp === 'next' && next && platform.config.baseUrl + next.path,
      ]
      const follow = isSeries
        ? preferencesLink(platform, person.addressId)
        : `${platform.config.baseUrl}/follow/${encodeURIComponent(operation.artistSlug)}`
      const text = `${parts.filter(Boolean).join('\n\n')}\n\n-- \n${t(isSeries ? 'end_why_series' : 'end_why', { ...values, follow })}\n`
      await enqueueOne(tx, {
        ...common,
        message: { subject, text },
        once: `operation-end:${operationId}:${person.fanId}`,
      })
    }
    const told = new Set(people.map(({ fanId }) => fanId))
    // Of a series that is over nobody is told any more.
    if (told.size < LOT) await endFollowings(tx, `operation:${operationId}`)
    else await addJob(tx, 'operations.tell', { operationId, after: people.at(-1)?.fanId ?? null })
  })
}

type Ended = { id: string; artistId: string; notice: string | null; noticeTexts: boolean | null }

/**
 * The next people to tell, a way a row, in their order: who took part by the address that they gave for it; who followed by one mail address, each browser, and
 * by text message where each came so.
 */
async function lotOf(
  tx: Tx,
  { id, artistId, notice, noticeTexts }: Ended,
  { after, at }: { after: string | null; at: Date },
): Promise<Person[]> {
  const channels = await channelsOf(tx, { artistId, noticeTexts: notice !== null && noticeTexts === true })
  const { rows } = await sql<Person>`
    with people as (
      select fan_id, address_id, 'mail' as channel, language, case how when 'entry' then 'entered' else 'voted' end as part, address_id as proved_id
        from operation_people where operation_id = ${id}
      union all
      select w.fan_id, w.address_id, w.channel, null, 'followed', case when w.channel = 'mail' then w.address_id else u.address_id end
        from followings g join subscriptions u on u.id = g.subscription_id and u.state = 'active'
          join subscriptions w on w.fan_id = u.fan_id and w.artist_id = ${artistId} and w.state = 'active' and w.channel = any(${channels})
            and (w.paused_until is null or w.paused_until <= ${at})
          join fan_addresses a on a.id = w.address_id
        where g.subject = ${`operation:${id}`} and not exists (select from suppressions x where x.channel = w.channel and x.address_hash = a.address_hash)
    ), found as (
      select p.fan_id, p.channel, p.address_id, a.address, coalesce(p.language, f.language) as language, f.time_zone, f.country, p.part, proved.address as proved,
        proved.address_key as proved_key, case when p.channel <> 'mail' then p.address_id end as own
      from people p join fans f on f.id = p.fan_id and f.erased_at is null
        join fan_addresses a on a.id = p.address_id and a.removed_at is null
        join fan_addresses proved on proved.id = p.proved_id
      where ${after}::uuid is null or p.fan_id > ${after}::uuid
    ), lot as (select distinct fan_id from found order by fan_id limit ${LOT})
    select distinct on (fan_id, own) fan_id as "fanId", channel, address_id as "addressId", address, language, time_zone as zone, country, part, proved,
      proved_key as "provedKey", exists (select from found m where m.fan_id = found.fan_id and m.channel = 'mail') as "hasMail"
    from found join lot using (fan_id) order by fan_id, own, part, address_id`.execute(tx)
  return rows
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
  { addressKey, address, language }: { addressKey: string; address: string; language: Lang },
): Promise<string> => giveTo(tx, platform, item, { address, addressKey, language })
