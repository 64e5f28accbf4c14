import type { Platform } from '../../../platform/platform.ts'
import { siteSettings } from '../../identity/index.ts'
import { confirmPath } from '../ask.ts'
import { publicWords } from '../words.ts'
import { fileSentence } from './file-words.ts'

/** Tells whoever sent a file in that it does not play, why, and where they send another. Once, however often it is tried: whoever looks at the page reads the same. */
export async function sayUnplayable(
  platform: Pick<Platform, 'db' | 'signer' | 'mailer' | 'config' | 'now'>,
  { fileId }: { fileId: string },
): Promise<void> {
  const { db, mailer, config } = platform
  const row = await db
    .selectFrom('entryFiles as f')
    .innerJoin('contestEntries as e', 'e.fileId', 'f.id')
    .innerJoin('operations as o', 'o.id', 'e.operationId')
    .innerJoin('artists as a', 'a.id', 'o.artistId')
    .innerJoin('operationPeople as p', (join) =>
      join.onRef('p.operationId', '=', 'o.id').onRef('p.fanId', '=', 'e.fanId').on('p.how', '=', 'entry'),
    )
    .innerJoin('fanAddresses as d', 'd.id', 'p.addressId')
    .select(['e.id', 'e.language', 'f.kind', 'f.problem', 'f.fileName', 'o.title', 'a.name as artist', 'd.address'])
    .where('f.id', '=', fileId)
    .where('f.state', '=', 'failed')
    .where('f.toldAt', 'is', null)
    .where('e.state', '=', 'waiting')
    .where('d.removedAt', 'is', null)
    .where('o.hiddenAt', 'is', null)
    .executeTakeFirst()
  if (!row?.problem) return
  const t = publicWords(row.language)
  const values = {
    title: row.title,
    artist: row.artist,
    file: row.fileName,
    why: fileSentence(row.problem, row.kind, row.language),
    link: config.baseUrl + confirmPath(platform, 'entry', row.id),
    place: (await siteSettings(db)).name,
  }
  await mailer.send({
    to: row.address,
    subject: t('unplayable_subject', values),
    text: t('unplayable_text', values),
  })
  await db.updateTable('entryFiles').set({ toldAt: platform.now() }).where('id', '=', fileId).execute()
}
