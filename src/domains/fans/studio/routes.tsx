import { Readable } from 'node:stream'
import { type Context, Hono } from 'hono'
import { csvLine } from '../../../platform/csv.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { describe, type Subject, type Subjects } from '../../exchange/index.ts'
import {
  type AuditAction,
  actorOf,
  audit,
  readForm,
  senderAtDesk,
  senderColumns,
  senderHere,
  smallBody,
  type WebEnv,
} from '../../identity/index.ts'
import { readAddress } from '../addresses.rules.ts'
import { eraseFan } from '../erase-fan.ts'
import { fanByAddress } from '../fans.views.ts'
import { mergeFans } from '../merge-fans.ts'
import type { PersonalData } from '../personal-data.ts'
import { splitFan } from '../split-fan.ts'
import type { Channel, SubscriptionState } from '../tables.ts'
import { countFans, type ExportRow, everySubscription, fanSheet, fansOf } from './list.views.ts'
import { FANS, FanPage, FansPage } from './pages.tsx'
import { words } from './words.ts'

const CHANNELS: Channel[] = ['mail', 'sms', 'push']
const STATES: SubscriptionState[] = ['asked', 'active', 'left']
const UUID = '[0-9a-f-]{36}'

/** The fans of an artist or label in the studio. */
export function fansStudio(platform: Platform, registry: PersonalData[], subjects: Subjects): Hono<WebEnv> {
  const { db } = platform
  const atDesk = senderAtDesk('fans.edit')

  /** A fan of who is at the desk: one who never subscribed to them is nobody here. */
  async function sheetOf(c: Context<WebEnv>) {
    const id = c.req.param('fan')
    return isId(id) ? fanSheet(db, senderHere(c).sender, id) : null
  }

  async function show(c: Context<WebEnv>, problem?: string) {
    const sheet = await sheetOf(c)
    if (!sheet) return c.notFound()
    const facts = await describe(
      db,
      subjects,
      sheet.timeline.map(({ subject }) => subject as Subject),
    )
    return c.html(
      <FanPage c={c} sender={senderHere(c).sender} sheet={sheet} facts={facts} problem={problem} />,
      problem ? 422 : 200,
    )
  }

  const log = (c: Context<WebEnv>, action: AuditAction, details: Record<string, unknown> = {}) =>
    audit(db, {
      accountId: actorOf(c).accountId,
      action,
      ...senderColumns(senderHere(c).sender),
      subject: null,
      details,
    })

  return new Hono<WebEnv>()
    .get(FANS, atDesk, async (c) => {
      const own = senderHere(c)
      const wanted = {
        search: (c.req.query('search') ?? '').trim().slice(0, 100),
        channel: CHANNELS.find((one) => one === c.req.query('channel')) ?? null,
        state: STATES.find((one) => one === c.req.query('state')) ?? null,
      }
      const before = c.req.query('before')
      const { rows, next } = await fansOf(db, own.sender, wanted, isId(before) ? before : null)
      const counts = await countFans(db, own.sender)
      return c.html(<FansPage c={c} own={own} counts={counts} wanted={wanted} rows={rows} next={next} />)
    })
    .get(`${FANS}/export.csv`, atDesk, async (c) => {
      const own = senderHere(c)
      await log(c, 'fans.export')
      c.header('Content-Disposition', `attachment; filename="fans-${own.slug.replace(/[^\w-]/g, '')}.csv"`)
      c.header('Cache-Control', 'private, no-store')
      const lines = Readable.toWeb(Readable.from(csvOf(everySubscription(db, own.sender)))) as ReadableStream
      return c.body(lines, 200, { 'Content-Type': 'text/csv; charset=utf-8' })
    })
    .get(`${FANS}/:fan{${UUID}}`, atDesk, (c) => show(c))
    .post(`${FANS}/:fan{${UUID}}/merge`, atDesk, smallBody, async (c) => {
      const t = words(c.var.page.lang)
      const sheet = await sheetOf(c)
      if (!sheet) return c.notFound()
      const text = (await readForm(c)).text('address')
      const read = [readAddress('mail', text), readAddress('sms', text)].find(({ ok }) => ok)
      const other = read?.ok ? await fanByAddress(db, read.value.channel, read.value.key) : null
      // Somebody who is not their fan is not theirs to move.
      if (!other || !(await fanSheet(db, senderHere(c).sender, other.fanId))) return show(c, t('merge_none'))
      const merged = await db
        .transaction()
        .execute((tx) => mergeFans(tx, registry, { from: other.fanId, into: sheet.fanId }))
      if (!merged.ok) return show(c, t(merged.error === 'same' ? 'merge_same' : 'merge_none'))
      await log(c, 'fans.merge', { from: other.fanId, into: sheet.fanId })
      return c.redirect(`${FANS}/${sheet.fanId}?done=merged`, 303)
    })
    .post(`${FANS}/:fan{${UUID}}/split`, atDesk, smallBody, async (c) => {
      const sheet = await sheetOf(c)
      const addressId = (await readForm(c)).text('address')
      if (!sheet?.addresses.some(({ id }) => id === addressId)) return c.notFound()
      const split = await db.transaction().execute((tx) => splitFan(tx, platform, addressId))
      if (!split.ok) return c.notFound()
      await log(c, 'fans.split', { from: sheet.fanId, into: split.value.fanId })
      return c.redirect(`${FANS}/${sheet.fanId}?done=split`, 303)
    })
    .post(`${FANS}/:fan{${UUID}}/erase`, atDesk, smallBody, async (c) => {
      const { lang } = c.var.page
      const sheet = await sheetOf(c)
      if (!sheet) return c.notFound()
      await db.transaction().execute((tx) =>
        eraseFan(tx, platform, registry, {
          fanId: sheet.fanId,
          wording: words(lang)('erase_wording'),
          language: lang,
          source: 'studio',
          proof: { by: actorOf(c).accountId },
        }),
      )
      await log(c, 'fans.erase')
      return c.redirect(`${FANS}?done=erased`, 303)
    })
}

const COLUMNS = ['name', 'address', 'channel', 'state', 'cadence', 'language', 'country', 'place'] as const

async function* csvOf(lots: AsyncIterable<ExportRow[]>): AsyncGenerator<Uint8Array> {
  // A mark of UTF-8, without which spreadsheets take it for something else.
  yield Buffer.from(`\ufeff${csvLine([...COLUMNS, 'asked', 'joined', 'left'])}`)
  for await (const rows of lots)
    yield Buffer.from(
      rows
        .map((row) =>
          csvLine([
            ...COLUMNS.map((name) => row[name] ?? ''),
            row.askedAt.toISOString(),
            row.joinedAt?.toISOString() ?? '',
            row.leftAt?.toISOString() ?? '',
          ]),
        )
        .join(''),
    )
}
