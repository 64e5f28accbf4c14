import { rm } from 'node:fs/promises'
import { type Context, Hono } from 'hono'
import { stream } from 'hono/streaming'
import { csvTable } from '../../../platform/csv.ts'
import { receiveFile } from '../../../platform/http/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { actorOf, audit, currentArtist, guard, readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { ImportPage, UploadPage } from './bandcamp-pages.tsx'
import { bringPurchases, tellBuyers, undoImport } from './bring-purchases.ts'
import {
  countOutcomes,
  importById,
  importsOf,
  itemsOf,
  linesWithOutcomes,
  type PurchaseImport,
  toldOf,
} from './imports.views.ts'
import { knownThings, readImport } from './read-import.ts'
import { words } from './words.ts'

const PATH = '/studio/shop/bandcamp'
const ID = ':id{[0-9a-f-]{36}}'
const MOST_BYTES = 60_000_000
const SHOWN = 50
const NOT_RECEIVED = { none: 'file_missing', 'too-large': 'file_large', 'no-room': 'file_no_room' } as const

/** What buyers bought on Bandcamp, brought along: a sales report, what of it is here, and the libraries that it opens. */
export function bandcampStudio(platform: Platform): Hono<WebEnv> {
  const { db, paths } = platform
  const atDesk = guard('fans.edit', (c) => {
    const artist = currentArtist(c)
    return artist && { kind: 'artist', artistId: artist.id }
  })
  const found = async (c: Context<WebEnv>): Promise<PurchaseImport | null> => importById(db, c.req.param('id') ?? '')
  const ofImport = guard('fans.edit', async (c) => {
    const of = await found(c)
    return of && { kind: 'artist', artistId: of.artistId }
  })

  async function upload(c: Context<WebEnv>, error?: string) {
    const artistId = currentArtist(c)?.id ?? ''
    const imports = await importsOf(db, artistId)
    return c.html(<UploadPage {...{ c, artistId, imports, error }} />, error ? 422 : 200)
  }

  async function show(c: Context<WebEnv>, of: PurchaseImport) {
    const lines = []
    for await (const lot of linesWithOutcomes(db, of)) {
      lines.push(...lot.filter(({ outcome }) => outcome !== 'opens' && outcome !== 'known' && outcome !== 'no-sale'))
      if (lines.length > SHOWN) break
    }
    const view = {
      of,
      items: await itemsOf(db, of.id),
      known: await knownThings(db, of.artistId),
      counts: await countOutcomes(db, of),
      told: await toldOf(db, of),
      lines: lines.slice(0, SHOWN),
    }
    c.header('Cache-Control', 'private, no-store')
    return c.html(<ImportPage {...{ c, view }} />)
  }

  const note = (c: Context<WebEnv>, of: PurchaseImport, what: string) =>
    audit(db, {
      ...{ accountId: actorOf(c).accountId, artistId: of.artistId, labelId: null },
      ...{ action: 'shop.bandcamp', subject: of.fileName, details: { import: of.id, what } },
    })
  const done = (c: Context<WebEnv>, of: PurchaseImport, what: string) =>
    c.redirect(`${PATH}/${of.id}?done=${what}`, 303)

  return new Hono<WebEnv>()
    .get(PATH, atDesk, (c) => upload(c))
    .post(PATH, atDesk, async (c) => {
      const artist = currentArtist(c)
      if (!artist) return c.notFound()
      const { lang } = c.var.page
      const t = words(lang)
      const received = await receiveFile(c.req.raw, paths.work, MOST_BYTES)
      if (!received.ok) return upload(c, t(NOT_RECEIVED[received.error]))
      const { path, name: fileName } = received.value
      const said = { artistId: artist.id, path, fileName, language: lang, by: actorOf(c).accountId }
      const read = await readImport(platform, said).finally(() => rm(path, { force: true }))
      return read.ok ? c.redirect(`${PATH}/${read.value}`, 303) : upload(c, t(`file_${read.error}`))
    })
    .get(`${PATH}/${ID}`, ofImport, async (c) => show(c, (await found(c)) as PurchaseImport))
    .post(`${PATH}/${ID}/bring`, ofImport, smallBody, async (c) => {
      const of = (await found(c)) as PurchaseImport
      const posted = await readForm(c)
      const { releases, tracks } = await knownThings(db, of.artistId)
      const mine = new Set([
        'all',
        ...releases.map(({ id }) => `release:${id}`),
        ...tracks.map(({ id }) => `track:${id}`),
      ])
      const subjects = new Map<number, string | null>()
      for (const { position } of await itemsOf(db, of.id)) {
        const chosen = posted.text(`item_${position}`)
        if (posted.has(`item_${position}`)) subjects.set(position, mine.has(chosen) ? chosen : null)
      }
      await bringPurchases(platform, { artistId: of.artistId, importId: of.id }, subjects)
      await note(c, of, 'brought')
      return done(c, of, 'brought')
    })
    .post(`${PATH}/${ID}/tell`, ofImport, async (c) => {
      const of = (await found(c)) as PurchaseImport
      const told = await tellBuyers(platform, { artistId: of.artistId, importId: of.id })
      await note(c, of, `told ${told}`)
      return done(c, of, 'told')
    })
    .post(`${PATH}/${ID}/undo`, ofImport, async (c) => {
      const of = (await found(c)) as PurchaseImport
      await undoImport(platform, { artistId: of.artistId, importId: of.id })
      await note(c, of, 'undone')
      return done(c, of, 'undone')
    })
    .get(`${PATH}/${ID}/lines.csv`, ofImport, async (c) => {
      const of = (await found(c)) as PurchaseImport
      const t = words(c.var.page.lang)
      const rows = async function* () {
        for await (const lot of linesWithOutcomes(db, of))
          yield lot.map(({ outcome, ...line }) => ({ ...line, outcome: t(`outcome_${outcome}`) }))
      }
      c.header('Content-Type', 'text/csv; charset=utf-8')
      c.header('Content-Disposition', 'attachment; filename="bandcamp-lines.csv"')
      c.header('Cache-Control', 'private, no-store')
      return stream(c, async (out) => {
        for await (const lot of csvTable(['line', 'outcome', 'mail', 'title', 'text'], rows())) await out.write(lot)
      })
    })
}
