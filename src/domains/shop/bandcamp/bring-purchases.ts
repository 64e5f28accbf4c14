import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../../platform/database/index.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { addressHash, suppressedAmong } from '../../fans/index.ts'
import { libraryPath } from '../links.ts'
import { words } from './words.ts'

type By = { artistId: string; importId: string }

/**
 * Opens the libraries of those who bought, or opens what changed since: `subjects` says what each thing of the report is here. The same report again, or
 * another that holds the same purchases, changes nothing.
 */
export const bringPurchases = (
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { artistId, importId }: By,
  subjects: Map<number, string | null>,
): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    if (!(await lockImports(tx, artistId, importId))) return false
    for (const [position, subject] of subjects)
      await tx
        .updateTable('purchaseImportItems')
        .set({ subject })
        .where('importId', '=', importId)
        .where('position', '=', position)
        .execute()
    await tx
      .updateTable('purchaseImports')
      .set({ state: 'brought', broughtAt: now(), undoneAt: null })
      .where('id', '=', importId)
      .execute()
    await settleLibraries(tx, artistId, now())
    return true
  })

/** Closes what an import opened, unless another one tells of the same purchase. */
export const undoImport = ({ db, now }: Pick<Platform, 'db' | 'now'>, { artistId, importId }: By): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    if (!(await lockImports(tx, artistId, importId))) return false
    await tx
      .updateTable('purchaseImports')
      .set({ state: 'undone', undoneAt: now() })
      .where('id', '=', importId)
      .where('state', '=', 'brought')
      .execute()
    await settleLibraries(tx, artistId, now())
    return true
  })

/** All imports of an artist, kept from others: what is open follows from all of them. */
async function lockImports(tx: Tx, artistId: string, importId: string): Promise<boolean> {
  const rows = await tx
    .selectFrom('purchaseImports')
    .select('id')
    .where('artistId', '=', artistId)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.some(({ id }) => id === importId)
}

/** The purchases of all imports that are brought and were not given back, with what each opens. */
const wanted = (artistId: string): RawBuilder<unknown> => sql`
  select 'bandcamp:' || ${artistId}::text || ':' || md5(l.key) || ':' || s.subject as key, min(l.mail_key) as mail_key, s.subject,
    min(l.bought_at) as bought_at
  from purchase_imports m
    join purchase_import_lines l on l.import_id = m.id and l.problem is null and l.key is not null
    join purchase_import_items i on i.import_id = l.import_id and i.position = l.item
    cross join lateral (
      select i.subject where i.subject <> 'all'
      union all select 'release:' || r.id from releases r where i.subject = 'all' and r.artist_id = m.artist_id
    ) s
  where m.artist_id = ${artistId} and m.state = 'brought' and not exists (
    select from purchase_import_lines back join purchase_imports b on b.id = back.import_id
    where back.key = l.key and back.problem = 'refund' and b.artist_id = m.artist_id and b.state = 'brought')
  group by 1, 3`

/** What is open is what the imports say, whatever was opened and closed before. */
async function settleLibraries(tx: Tx, artistId: string, at: Date): Promise<void> {
  await sql`
    insert into holdings (id, mail_key, subject, artist_id, source, key, order_id, from_at, revoked_at)
    select gen_random_uuid(), w.mail_key, w.subject, ${artistId}, 'import', w.key, null, coalesce(w.bought_at, ${at}), null from (${wanted(artistId)}) w
    on conflict (key) do update set revoked_at = null where holdings.revoked_at is not null`.execute(tx)
  await sql`
    update holdings h set revoked_at = ${at}
    where h.artist_id = ${artistId} and h.source = 'import' and h.revoked_at is null
      and not exists (select from (${wanted(artistId)}) w where w.key = h.key)`.execute(tx)
}

/**
 * Tells those whom an import opened something for, once each, whichever import it was and however often this is pressed. Addresses that are to be left alone
 * are. Answers with how many are told now.
 */
export const tellBuyers = (
  platform: Pick<Platform, 'db' | 'now' | 'signer'>,
  { artistId, importId }: By,
): Promise<number> =>
  platform.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ mailKey: string; mail: string; language: Lang }>`
      select l.mail_key as "mailKey", min(l.mail) as mail, m.language
      from purchase_imports m join purchase_import_lines l on l.import_id = m.id and l.problem is null
      where m.id = ${importId} and m.artist_id = ${artistId} and m.state = 'brought' and l.mail <> ''
        and exists (select from holdings h where h.mail_key = l.mail_key and h.artist_id = m.artist_id and h.source = 'import' and h.revoked_at is null)
        and not exists (select from purchase_mails p where p.artist_id = m.artist_id and p.mail_key = l.mail_key)
      group by 1, 3`.execute(tx)
    const hashOf = (key: string) => addressHash(platform.signer, 'mail', key)
    const alone = await suppressedAmong(
      tx,
      'mail',
      rows.map(({ mailKey }) => hashOf(mailKey)),
    )
    const told = rows.filter(({ mailKey }) => !alone.has(hashOf(mailKey)))
    for (const { mailKey, mail, language } of told) {
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto('purchaseMails')
        .values({ artistId, mailKey, mail, language, askedAt: platform.now(), sentAt: null })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      if (numInsertedOrUpdatedRows) await addJob(tx, 'shop.mail-purchases', { artistId, mailKey })
    }
    return told.length
  })

/** "Your purchases are here now". */
export async function mailPurchases(
  { db, config, signer, mailer, now }: Pick<Platform, 'db' | 'config' | 'signer' | 'mailer' | 'now'>,
  { artistId, mailKey }: { artistId: string; mailKey: string },
): Promise<void> {
  const mail = await db
    .selectFrom('purchaseMails')
    .innerJoin('artists', 'artists.id', 'purchaseMails.artistId')
    .select(['mail', 'purchaseMails.language', 'sentAt', 'artists.name'])
    .where('artistId', '=', artistId)
    .where('mailKey', '=', mailKey)
    .executeTakeFirst()
  if (!mail || mail.sentAt) return
  const t = words(mail.language)
  await mailer.send({
    to: mail.mail,
    subject: t('mail_subject', { name: mail.name }),
    text: [
      t('mail_text', { name: mail.name }),
      '',
      config.baseUrl + libraryPath(signer, mailKey),
      '',
      t('mail_once'),
    ].join('\n'),
    // One name: a mail program shows a second copy, after a crash, as the same.
    headers: {
      'Message-ID': `<purchases.${artistId}.${Buffer.from(mailKey).toString('hex').slice(0, 60)}@${new URL(config.baseUrl).hostname}>`,
    },
  })
  await db
    .updateTable('purchaseMails')
    .set({ sentAt: now() })
    .where('artistId', '=', artistId)
    .where('mailKey', '=', mailKey)
    .execute()
}
