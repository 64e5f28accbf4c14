import '../tables.ts'
import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import { isLang, type Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Subject } from '../../exchange/index.ts'
import type { Channel } from '../../fans/index.ts'
import { type Sender, senderColumns, senderOf } from '../../identity/index.ts'
import type { Spoken } from '../announce/announcement.store.ts'
import { isWritten } from '../announce/words.rules.ts'

/** What one fan after the other gets: a title and Markdown in one language or two, what is given with it, and how its gift is called on the spine. */
export type LetterWords = {
  sender: Sender
  subject: Subject | null
  /** The artist whose it is, when a label gives it: nothing of the letter leaves but while they let it. */
  givenBy?: string | null
  gift: Subject
  channels: Channel[]
  texts: Partial<Record<Lang, { title: string; body: string }>>
}

const variantsOf = (texts: LetterWords['texts']): Spoken['variants'] =>
  (['en', 'fr'] as const).flatMap((language) => {
    const text = texts[language]
    return text && isWritten(text) ? [{ language, channel: '' as const, ...text }] : []
  })

/** As what is composed, before it is kept. */
export const spokenOf = ({ sender, subject, gift, givenBy = null, texts }: LetterWords): Spoken => ({
  sender,
  things: subject
    ? [{ subject, gift, givenBy: 'artistId' in sender ? sender.artistId : givenBy, giftId: null, forMembers: false }]
    : [],
  variants: variantsOf(texts),
  plainLetters: false,
})

/** Keeps a letter as it is: its words never change, since the links of what left are read from them. Answers with its id. */
export async function keepLetter(
  tx: Tx,
  { texts, sender, givenBy = null, ...words }: LetterWords,
  at: Date,
): Promise<string> {
  const id = newId(at.getTime())
  await tx
    .insertInto('letters')
    .values({ ...words, ...senderColumns(sender), givenBy, id, createdAt: at })
    .execute()
  const rows = variantsOf(texts).map(({ language, title, body }) => ({ letterId: id, language, title, body }))
  if (rows.length) await tx.insertInto('letterTexts').values(rows).execute()
  return id
}

export async function letterById(db: Db | Tx, id: string): Promise<Spoken | null> {
  const row = await db
    .selectFrom('letters')
    .select(['artistId', 'labelId', 'subject', 'gift', 'givenBy', 'channels'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const texts = await db
    .selectFrom('letterTexts')
    .select(['language', 'title', 'body'])
    .where('letterId', '=', id)
    .execute()
  const written = texts.flatMap(({ language, ...text }) => (isLang(language) ? [[language, text] as const] : []))
  const { subject, gift } = row
  return spokenOf({
    ...row,
    sender: senderOf(row),
    subject: subject as Subject | null,
    gift: gift as Subject,
    texts: Object.fromEntries(written),
  })
}

/** Nothing of these letters leaves any more; a week's digest that carries one and has not left is gathered anew. */
export async function stopLetters(tx: Tx, ids: string[], at: Date): Promise<void> {
  if (!ids.length) return
  await tx.updateTable('letters').set({ stoppedAt: at }).where('id', 'in', ids).where('stoppedAt', 'is', null).execute()
  const cancelHeld = () =>
    sql`
      update deliveries d set state = 'cancelled', problem = 'stopped', settled_at = ${at}
      where d.letter_id = any(${ids}::uuid[]) and d.waits and d.state in ('queued', 'held') and d.digest_id is null`.execute(
      tx,
    )
  // First, since it waits for a digest that is just being gathered; the digest is seen then, and what it held is free.
  await cancelHeld()
  await sql`
    with apart as (
      update deliveries g set state = 'cancelled', problem = 'stopped', settled_at = ${at}
      where g.waits and g.state = 'queued' and g.kind = 'digest' and exists (
        select from deliveries d where d.digest_id = g.id and d.letter_id = any(${ids}::uuid[]))
      returning g.id)
    update deliveries d set digest_id = null from apart where d.digest_id = apart.id`.execute(tx)
  await cancelHeld()
}

/** They may leave again. What was cancelled stays so. */
export async function resumeLetters(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length) await tx.updateTable('letters').set({ stoppedAt: null }).where('id', 'in', ids).execute()
}
