import { setTimeout as sleep } from 'node:timers/promises'
import { createArtist } from '../../src/domains/identity/index.ts'
import { makeSendingDomain, wakeDeliveries } from '../../src/domains/reach/index.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { frozenAnnouncement, letGo } from '../../src/testing/announcement.ts'
import type { Sink } from './mail-sink.ts'

const DOMAINS = Array.from({ length: 50 }, (_, n) => `fans${n}.example`)
const PARAGRAPH =
  'La fenêtre est ouverte, et la chanson revient, comme elle revient toujours, un peu plus lente. We recorded it in one take, with the rain on the roof, and left the rain in. '

/** What a program must be told so that its mail goes into the sink. */
export const mailInto = (sink: Sink): Record<string, string> => ({
  SMTP_URL: sink.url,
  MAIL_FROM: 'Bench <hello@music.example>',
})

/** So many fans, and an announcement of a page's length for all of them that waits to be let go; mail is signed with keys of its own. */
export async function readyToLeave(platform: Platform, count: number) {
  await makeSendingDomain(platform, 'music.example')
  const { id: artistId } = await platform.db.transaction().execute((tx) => createArtist(tx, { name: 'Bench Artist' }))
  const { announcementId } = await frozenAnnouncement(platform, artistId, count, { domains: DOMAINS, leaves: false })
  await platform.db
    .insertInto('announcementTexts')
    .values({
      announcementId,
      language: 'en',
      channel: '',
      title: 'Un titre « offert », pour vous',
      body: Array.from({ length: 8 }, (_, n) => `${n + 1}. ${PARAGRAPH.repeat(2)}`).join('\n\n'),
    })
    .execute()
  await platform.pool.query('analyze deliveries, fans, fan_addresses, subscriptions')
  return {
    announcementId,
    async letGo({ db }: Pick<Platform, 'db'>) {
      await letGo({ db }, announcementId)
      await wakeDeliveries(db, { channel: 'mail', artistId, labelId: null })
    },
  }
}

/** Waits until the announcement has nothing left that could leave by itself. */
export async function left(platform: Pick<Platform, 'pool'>, announcementId: string): Promise<Record<string, number>> {
  for (;;) {
    const counts = await counted(platform, announcementId).catch(() => null)
    if (counts && !counts['queued'] && !counts['handing']) return counts
    await sleep(500)
  }
}

export async function counted(
  { pool }: Pick<Platform, 'pool'>,
  announcementId: string,
): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from deliveries where announcement_id = $1 group by state',
    [announcementId],
  )
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

/** `npm run bench -- NAME 5000`: fewer than the whole. */
export const countFromArguments = (whole: number): number => Number(process.argv[3]) || whole
