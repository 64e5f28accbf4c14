import { sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { Subjects } from '../../exchange/index.ts'
import { type Channel, leaveLink, preferencesLink } from '../../fans/index.ts'
import { type Sender, type SenderColumns, senderColumns, senderNames, senderOf } from '../../identity/index.ts'
import { wakeDeliveries } from '../enqueue.ts'
import { plainer, plainLetters } from '../sms.rules.ts'
import type { OwnMessage } from '../tables.ts'
import { announceWords } from '../words.ts'
import { spokenBy, templateOf } from './compose.ts'
import { lastDigest } from './digest.rules.ts'
import { deliveriesOf, duesOf } from './freeze.store.ts'
import { linkCode } from './links.ts'
import { escaped, mailHtml } from './mail-html.ts'
import { fill, type Spell, type Template } from './render.ts'
import { type AnnouncementSettings, announcementSettings } from './settings.store.ts'
import { stopWithdrawn } from './stop-withdrawn.ts'

type Deps = Pick<Platform, 'db' | 'config' | 'signer' | 'now'>

/** So many people's news are gathered in one transaction. */
const AT_ONCE = 500

/** Gathers what was held for the week of everybody for whom the day and hour have come: one message an address. Answers with how many. */
export async function gatherDigests(deps: Deps, subjects: Subjects): Promise<number> {
  await stopWithdrawn(deps)
  const { rows } = await sql<SenderColumns>`
    select distinct d.artist_id as "artistId", d.label_id as "labelId" from deliveries d
    left join artists a on a.id = d.artist_id left join labels l on l.id = d.label_id
    where d.held and d.digest_id is null and num_nonnulls(a.id, l.id) = 1 and coalesce(a.goes_at, l.goes_at) is null`.execute(
    deps.db,
  )
  let gathered = 0
  for (const row of rows) {
    const sender = senderOf(row)
    const artist = { sender, ...(await senderNames(deps.db, sender)) }
    const settings = await announcementSettings(deps.db, sender)
    const { digestDay: day, digestHour: hour, digestZone: zone } = settings
    const until = lastDigest(deps.now(), { day, hour, zone })
    const read = templates(subjects)
    for (let more = true; more; ) {
      const count = await deps.db.transaction().execute((tx) => gatherSome(tx, deps, read, { artist, settings, until }))
      gathered += count
      more = count === AT_ONCE
    }
  }
  return gathered
}

type Artist = { sender: Sender; name: string; slug: string }
type Held = { id: number; announcementId: string | null; letterId: string | null; language: Lang }
type Group = {
  addressId: string
  fanId: string | null
  address: string
  channel: Channel
  domain: string
  name: string
  zone: string | null
  subscriptionId: string | null
  held: Held[]
}

async function gatherSome(
  tx: Tx,
  deps: Deps,
  read: ReturnType<typeof templates>,
  { artist, settings, until }: { artist: Artist; settings: AnnouncementSettings; until: Date },
): Promise<number> {
  const own = senderColumns(artist.sender)
  const theirs = deliveriesOf(artist.sender)
  const { rows: groups } = await sql<Group>`
    with few as (
      select distinct address_id from deliveries d
      where ${theirs} and d.held and d.digest_id is null and d.created_at <= ${until} and d.due_at <= ${deps.now()}
        and d.address_id is not null limit ${AT_ONCE}
    ), rows as (
      select d.* from deliveries d join few using (address_id)
      where ${theirs} and d.held and d.digest_id is null and d.created_at <= ${until} and d.due_at <= ${deps.now()}
      for update of d skip locked
    )
    select r.address_id as "addressId", min(r.fan_id::text)::uuid as "fanId", min(r.address) as address, min(r.channel) as channel,
      min(r.domain) as domain, coalesce(min(f.name), '') as name, min(f.time_zone) as zone, min(u.id::text)::uuid as "subscriptionId",
      json_agg(json_build_object('id', r.id, 'announcementId', r.announcement_id, 'letterId', r.letter_id, 'language', r.language) order by r.id) as held
    from rows r left join fans f on f.id = r.fan_id
    left join subscriptions u on u.address_id = r.address_id and (u.artist_id = r.artist_id or u.label_id = r.label_id) and u.state = 'active'
    group by r.address_id`.execute(tx)
  if (!groups.length) return 0
  const dues = await duesOf(
    groups.map(({ channel, zone, domain }) => ({ channel, zone, country: channel === 'sms' ? domain || null : null })),
    { when: { localTime: null, zone: settings.digestZone }, now: deps.now(), settings },
  )
  const rows = []
  for (const [at, group] of groups.entries()) {
    const due = dues[at]
    const message = due && (await digestMessage({ ...deps, db: tx }, read, artist, group))
    rows.push({
      ...group,
      message,
      dueAt: due?.at ?? null,
      notAfter: due?.notAfter ?? null,
      ids: group.held.map(({ id }) => id),
    })
  }
  const leaving = rows.filter(({ message }) => message)
  const silent = rows.filter(({ message }) => !message).flatMap(({ ids }) => ids)
  if (silent.length)
    await tx
      .updateTable('deliveries')
      .set({ state: 'cancelled', problem: 'no-hour', settledAt: deps.now() })
      .where('id', 'in', silent)
      .execute()
  await sql`
    with input as (
      select row_number() over () as place, t.* from json_to_recordset(${JSON.stringify(leaving)}::json) as t("addressId" uuid, "fanId" uuid, address text,
        channel text, domain text, message jsonb, "dueAt" timestamptz, "notAfter" timestamptz, ids json, held json)
    ), made as (
      insert into deliveries (kind, artist_id, label_id, fan_id, address_id, address, channel, language, message, state, due_at, not_after, domain, created_at)
      select 'digest', ${own.artistId}::uuid, ${own.labelId}::uuid, "fanId", "addressId", address, channel, held->-1->>'language', message, 'queued', "dueAt", "notAfter", domain, ${deps.now()}
      from input order by place returning id, address_id
    )
    update deliveries d set digest_id = made.id
    from made join input on input."addressId" = made.address_id, json_array_elements_text(input.ids) as one(id)
    where d.id = one.id::bigint`.execute(tx)
  for (const channel of new Set(leaving.map((row) => row.channel))) await wakeDeliveries(tx, { channel, ...own })
  return groups.length
}

/** The words of each announcement and letter are read once for a channel and language. */
function templates(subjects: Subjects) {
  const known = new Map<string, Promise<Template | null>>()
  return (deps: Deps, channel: Channel, { announcementId, letterId, language }: Held): Promise<Template | null> => {
    const key = `${announcementId ?? letterId} ${channel} ${language}`
    const reading =
      known.get(key) ??
      spokenBy(deps.db, { announcementId, letterId }).then(
        (one) => one && templateOf(deps, subjects, one, { channel, language }),
      )
    known.set(key, reading)
    return reading
  }
}

/** The week's announcements in one message, each with its own links. Null when none of them has anything to say. */
async function digestMessage(
  deps: Deps,
  read: ReturnType<typeof templates>,
  artist: Artist,
  { channel, held, name, subscriptionId, addressId }: Group,
): Promise<OwnMessage | null> {
  const base = deps.config.baseUrl
  const parts: { title: string; text: string; html: string; href: string }[] = []
  const spellings: Spell[] = []
  for (const one of held) {
    const template = await read(deps, channel, one)
    if (!template) continue
    const href = (link: number) => `${base}/l/${linkCode(deps.signer, { deliveryId: one.id, link })}`
    const { title, text, html } = template.part
    const filled = fill({ ...template, subject: title, text, html }, { name, href })
    parts.push({
      title: template.spell(filled.subject),
      text: filled.text,
      html: filled.html ?? '',
      href: href(template.lead),
    })
    spellings.push(template.spell)
  }
  if (!parts.length) return null
  const language = held.at(-1)?.language ?? 'en'
  const t = announceWords(language)
  const subject = t('digest_subject', { artist: artist.name, count: parts.length })
  if (channel === 'push')
    return { subject, text: parts.map(({ title }) => title).join(' · '), href: `${base}/${artist.slug}` }
  if (channel === 'sms') {
    const lines = parts.map(({ title, href }) => `${title} ${href}`).join(' / ')
    // What they have in common (a name, the way out) is spelt plainly when all of them are.
    const spell = spellings.every((one) => one === plainLetters) ? plainLetters : plainer
    return { text: spell(`${artist.name}: ${lines} ${t('sms_stop')}`) }
  }
  const leave = subscriptionId ? leaveLink(deps, subscriptionId) : ''
  const preferences = preferencesLink(deps, addressId)
  return {
    subject,
    text: [
      ...parts.map(({ title, text }) => [title, text].filter(Boolean).join('\n\n')),
      `-- \n${t('mail_why', { artist: artist.name })}\n${t('mail_preferences')} ${preferences}\n${t('mail_leave')} ${leave}`,
    ].join('\n\n* * *\n\n'),
    html: mailHtml({
      lang: language,
      artist: { name: artist.name, href: `${base}/${artist.slug}` },
      title: '',
      content: parts.map(({ title, html }) => `<h1>${escaped(title)}</h1>${html}`).join('<hr>'),
      given: [],
      leave,
      preferences,
    }),
    ...(leave && { unsubscribe: leave }),
  }
}
