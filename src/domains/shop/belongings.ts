import { sql } from 'kysely'
import { csvTable } from '../../platform/csv.ts'
import type { Db, Tx } from '../../platform/database/index.ts'
import { catalog } from '../../platform/i18n/index.ts'
import { originalKey } from '../../platform/images/index.ts'
import { type Belongings, inLots, type Leftover, ownerColumn } from '../identity/index.ts'
import { forgetCardsOf } from './cards/keep-card.ts'
import en from './locales/belongings.en.json' with { type: 'json' }
import fr from './locales/belongings.fr.json' with { type: 'json' }

const words = catalog({ en, fr })
const LOT = 50

type Product = {
  id: string
  facts: Record<string, unknown>
  pictures: { alt: string; variant: string | null; sha256: string }[]
}

const productsOf = async (db: Db | Tx, artistId: string): Promise<Product[]> => {
  const { rows } = await sql<Product>`
    select p.id, json_build_object('id', p.id, 'kind', p.kind, 'title', p.title, 'description', p.description, 'subject', p.subject, 'state', p.state,
        'pricing', p.pricing, 'price', p.price, 'suggested', p.suggested, 'currency', p.currency, 'releasedAt', p.released_at, 'every', p.every,
        'customsName', p.customs_name, 'hsCode', p.hs_code, 'origin', p.origin,
        'variants', (select coalesce(json_agg(json_build_object('name', v.name, 'sku', v.sku, 'price', v.price, 'weight', v.weight, 'stock', v.stock)
          order by v.position), '[]') from variants v where v.product_id = p.id and v.removed_at is null)) as facts,
      (select coalesce(json_agg(json_build_object('alt', x.alt, 'variant', v.name, 'sha256', i.sha256) order by x.position, x.id), '[]')
        from product_pictures x join images i on i.id = x.image_id left join variants v on v.id = x.variant_id
        where x.product_id = p.id and x.removed_at is null) as pictures
    from products p where p.artist_id = ${artistId} order by p.position, p.id`.execute(db)
  return rows
}

const codesMadeOf = async (db: Db | Tx, artistId: string) => {
  const { rows } = await sql<Record<string, unknown>>`
    select b.id as batch, b.name, b.purpose, b.subject, b.until::text as until, b.created_at as "madeAt", b.closed_at as "closedAt", c.code,
      c.redeemed_at as "redeemedAt"
    from code_batches b join codes c on c.batch_id = b.id where b.artist_id = ${artistId} order by b.created_at, b.id, c.position`.execute(
    db,
  )
  return rows
}

/** What buyers bought elsewhere, as the imports that are brought tell it. */
const boughtElsewhere = async (db: Db | Tx, artistId: string) => {
  const { rows } = await sql<Record<string, unknown>>`
    select l.mail, l.bought_at as "boughtAt", i.kind, i.title, i.package, i.subject, l.problem
    from purchase_imports m join purchase_import_lines l on l.import_id = m.id
      left join purchase_import_items i on i.import_id = l.import_id and i.position = l.item
    where m.artist_id = ${artistId} and m.state = 'brought' order by m.created_at, m.id, l.line`.execute(db)
  return rows
}

async function* lotsOf<Row>(rows: Row[]): AsyncGenerator<Row[]> {
  yield rows
}

type Sold = Record<string, unknown> & { order: string; position: number }

async function* soldOf(db: Db | Tx, artistId: string): AsyncGenerator<Sold[]> {
  for (let last: Sold | undefined; ; ) {
    const after = last ? sql`and (o.id, l.position) > (${last.order}::uuid, ${last.position}::int)` : sql``
    const { rows }: { rows: Sold[] } = await sql<Sold>`
      select o.id as "order", l.position::int as position, o.code, o.state, o.placed_at as "placedAt", o.paid_at as "paidAt", o.name, o.mail, o.country, o.address,
        o.currency, l.title, l.variant, l.quantity, l.gross::text as gross, l.tax::text as tax, l.refunded::text as refunded
      from orders o join order_lines l on l.order_id = o.id
      where l.artist_id = ${artistId} ${after} order by o.id, l.position limit 1000`.execute(db)
    if (!rows.length) return
    yield rows
    last = rows.at(-1)
  }
}

/** What is offered. Orders, their papers and payments stay with the seller, as the law wants; what was bought goes with what it was a copy of. */
export const shopBelongings: Belongings = {
  tables: [
    'products',
    'orders',
    'order_lines',
    'holdings',
    'members',
    'code_batches',
    'tills',
    'purchase_imports',
    'purchase_mails',
    // What carriers gave back is gone after two weeks anyway, and with whose it was.
    'carrier_files',
  ],

  async goes(db, { kind, id }, lang) {
    if (kind === 'label') return []
    const { rows } = await sql<{ products: number; owners: number }>`
      select (select count(*)::int from products where artist_id = ${id}) as products,
        (select count(distinct mail_key)::int from holdings where artist_id = ${id} and revoked_at is null) as owners`.execute(
      db,
    )
    const [{ products, owners } = { products: 0, owners: 0 }] = rows
    return [
      ...(products ? [words(lang)('goes', { products })] : []),
      ...(owners ? [words(lang)('goes_owned', { owners })] : []),
    ]
  },

  async *pack(db, { kind, id }, { may, extensionOf }) {
    if (kind === 'label') return
    const products = await productsOf(db, id)
    const files: { path: string; key: string }[] = []
    const facts: Record<string, unknown>[] = []
    for (const product of products) {
      const pictures: { file: string; alt: string; variant: string | null }[] = []
      for (const [n, { sha256, alt, variant }] of product.pictures.entries()) {
        const file = `pictures/${product.id}-${n + 1}${await extensionOf(sha256)}`
        pictures.push({ file, alt, variant })
        files.push({ path: `shop/${file}`, key: originalKey(sha256) })
      }
      facts.push({ ...product.facts, pictures })
    }
    if (facts.length) yield { path: 'shop/products.json', text: `${JSON.stringify(facts, null, 2)}\n` }
    yield* files
    const codes = await codesMadeOf(db, id)
    if (codes.length)
      yield {
        path: 'shop/codes.csv',
        text: csvTable(
          ['batch', 'name', 'purpose', 'subject', 'until', 'madeAt', 'closedAt', 'code', 'redeemedAt'],
          lotsOf(codes),
        ),
      }
    const before = may('fans.edit') ? await boughtElsewhere(db, id) : []
    if (before.length)
      yield {
        path: 'shop/bought-elsewhere.csv',
        text: csvTable(['mail', 'boughtAt', 'kind', 'title', 'package', 'subject', 'problem'], lotsOf(before)),
      }
    // Who bought is known to who knows the fans.
    if (may('fans.edit'))
      yield {
        path: 'shop/sold.csv',
        text: csvTable(
          [
            'order',
            'position',
            'code',
            'state',
            'placedAt',
            'paidAt',
            'name',
            'mail',
            'country',
            'address',
            'currency',
            'title',
            'variant',
            'quantity',
            'gross',
            'tax',
            'refunded',
          ],
          soldOf(db, id),
        ),
      }
  },

  explain: ({ kind }, { lang }) => (kind === 'label' ? [] : [['shop/', words(lang)('readme')]]),

  async hide(tx, { kind, id }) {
    if (kind === 'label') return undefined
    const { rows } = await sql<{ id: string }>`
      update products set state = 'withdrawn', version = version + 1 where artist_id = ${id} and state = 'offered' returning id`.execute(
      tx,
    )
    return rows.map((row) => row.id)
  },

  async show(tx, _, kept) {
    await sql`
      update products set state = 'offered', version = version + 1
      where id = any(${Array.isArray(kept) ? kept : []}::uuid[]) and state = 'withdrawn'`.execute(tx)
  },

  async remove(platform, { kind, id }, { leave, hiddenSince }) {
    const { db } = platform
    await forgetCardsOf(platform, { kind, id }, { hiddenSince })
    // The books stay, the key does not: nobody may take or send money in their name any more.
    await sql`
      update payment_accounts set is_enabled = false, for_artists = false, secrets = case when via is null then ''::bytea end
      where seller_id in (select id from sellers where ${ownerColumn({ kind })} = ${id})`.execute(db)
    if (kind === 'label') return
    await inLots(db, async (tx) => {
      const { rows } = await sql`
        delete from code_batches where id in (select id from code_batches where artist_id = ${id} limit 1) returning id`.execute(
        tx,
      )
      return rows.length
    })
    await inLots(db, async (tx) => {
      const { rows } = await sql<{ id: string }>`
        select id from products where artist_id = ${id} order by id limit ${LOT} for update`.execute(tx)
      if (!rows.length) return 0
      const ids = rows.map((row) => row.id)
      const { rows: led } = await sql<Leftover>`
        select distinct 'image' as kind, image_id::text as key from product_pictures where product_id = any(${ids}::uuid[])`.execute(
        tx,
      )
      await leave(tx, led)
      await sql`delete from products where id = any(${ids}::uuid[])`.execute(tx)
      return ids.length
    })
  },
}
