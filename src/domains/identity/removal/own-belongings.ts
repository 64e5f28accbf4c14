import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/database/index.ts'
import { originalKey } from '../../../platform/images/index.ts'
import { type Belongings, type Owner, ownerColumn } from './belongings.ts'
import { words } from './words.ts'

/** What identity itself keeps: the page's words and portrait, who works for it, mandates. The row goes last, with the job. */
export const identityBelongings: Belongings = {
  tables: [
    'artists',
    'labels',
    'slugs',
    'memberships',
    'invitations',
    'mandates',
    'mandate_requests',
    'audit_log',
    'sessions',
    'removals',
  ],

  async goes(db, owner, lang) {
    const { people } = await numbersOf(db, owner)
    return [words(lang)(`goes_page_${owner.kind}`, { people })]
  },

  async othersLose(db, { kind, id }, lang) {
    const { rows } = await sql<{ name: string }>`
      select x.name from living_mandates m join ${kind === 'artist' ? sql`labels x on x.id = m.label_id` : sql`artists x on x.id = m.artist_id`}
      where m.${ownerColumn({ kind })} = ${id} order by x.name`.execute(db)
    return rows.map(({ name }) => words(lang)(`lose_mandate_${kind}`, { name }))
  },

  async *pack(db, owner, { extensionOf }) {
    const whole = await db
      .selectFrom(owner.kind === 'artist' ? 'artists' : 'labels')
      .selectAll()
      .where('id', '=', owner.id)
      .executeTakeFirst()
    const { portraitImageId, imageId, goesAt, ...row } = (whole ?? {}) as Record<string, unknown>
    const picture = portraitImageId ?? imageId
    const addresses = await db
      .selectFrom('slugs')
      .select('slug')
      .where(owner.kind === 'artist' ? 'artistId' : 'labelId', '=', owner.id)
      .execute()
    const text = JSON.stringify({ ...row, addresses: addresses.map(({ slug }) => slug) }, null, 2)
    yield { path: `${owner.kind}.json`, text: `${text}\n` }
    const image = picture
      ? await db.selectFrom('images').select('sha256').where('id', '=', String(picture)).executeTakeFirst()
      : null
    if (image) yield { path: `portrait${await extensionOf(image.sha256)}`, key: originalKey(image.sha256) }
  },

  explain: ({ kind }, { lang }) => [[`${kind}.json, portrait.*`, words(lang)(`readme_${kind}`)]],
}

async function numbersOf(db: Db | Tx, { kind, id }: Owner): Promise<{ people: number }> {
  const row = await db
    .selectFrom('memberships')
    .select(({ fn }) => fn.countAll<string>().as('people'))
    .where(kind === 'artist' ? 'artistId' : 'labelId', '=', id)
    .executeTakeFirst()
  return { people: Number(row?.people ?? 0) }
}
