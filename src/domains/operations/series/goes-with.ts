import type { Tx } from '../../../platform/database/index.ts'
import { LANGUAGES, type Lang } from '../../../platform/i18n/index.ts'
import type { Subject } from '../../exchange/index.ts'
import type { Channel } from '../../fans/index.ts'
import { announceAtOnce, providerFor } from '../../reach/index.ts'
import { offerAtOnce } from '../../shop/index.ts'
import { seriesWords } from '../words.ts'
import { followersOf } from './series.views.ts'

type Operation = { id: string; artistId: string; title: string; language: Lang; timeZone: string }
type Item = { id: string; releaseId: string | null; postId: string | null; number: number }

/** By which channels people are told of a series, of what they chose. */
export async function channelsOf(
  tx: Tx,
  { artistId, noticeTexts }: { artistId: string; noticeTexts: boolean },
): Promise<Channel[]> {
  // While no network carries them none is put down: all of them would leave, and be paid for, on the day on which one does again.
  const isTexted = noticeTexts && (await providerFor(tx, 'sms', { artistId, labelId: null })) !== null
  return isTexted ? ['mail', 'push', 'sms'] : ['mail', 'push']
}

/**
 * What goes with one that has just been given, in the transaction that writes down that it is: so the shop offers it once and people are told once,
 * whatever dies. Each in their own language, by the ways that they chose; by text message only where the artist said so and a network carries it, since each is paid for.
 */
export async function goesWith(
  tx: Tx,
  operation: Operation,
  { id, releaseId, postId, number }: Item,
  { at, by }: { at: Date; by: string | null },
): Promise<void> {
  const { artistId, language, timeZone } = operation
  const { notice, noticeWords, noticeWordsOther, noticeTexts, price } = await tx
    .selectFrom('series')
    .select(['notice', 'noticeWords', 'noticeWordsOther', 'noticeTexts', 'price'])
    .where('operationId', '=', operation.id)
    .executeTakeFirstOrThrow()
  const [table, thing] = releaseId ? (['releases', releaseId] as const) : (['posts', postId] as const)
  if (!thing || (!notice && price === null)) return
  const subject: Subject = releaseId ? `release:${thing}` : `post:${thing}`
  const { title } = await tx.selectFrom(table).select('title').where('id', '=', thing).executeTakeFirstOrThrow()
  const productId = releaseId && price !== null ? await offerAtOnce(tx, { artistId, subject, title, price, by }) : null
  const variants = LANGUAGES.map((each) => ({
    ...{ language: each, channel: '' as const },
    title: seriesWords(each)(title ? 'notice_subject' : 'notice_untitled', {
      series: operation.title,
      n: number,
      title,
    }),
    body: each === language ? noticeWords : noticeWordsOther || noticeWords,
  }))
  const everyone = { all: [] }
  const followers = { all: [{ is: 'follows' as const, subject: `operation:${operation.id}` }] }
  // Nobody asked yet: an announcement to nobody is none.
  const isHeard = notice === 'fans' || (notice === 'followers' && (await followersOf(tx, operation.id)) > 0)
  const announcementId =
    isHeard &&
    (await announceAtOnce(tx, {
      ...{ artistId, subject, timeZone, at, variants },
      channels: await channelsOf(tx, { artistId, noticeTexts }),
      segment: notice === 'followers' ? followers : everyone,
    }))
  await tx
    .updateTable('seriesItems')
    .set({ announcementId: announcementId || null, productId })
    .where('id', '=', id)
    .execute()
}
