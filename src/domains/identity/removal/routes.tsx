import { Readable } from 'node:stream'
import { type Context, Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { audit } from '../audit.ts'
import { readForm, smallBody } from '../form.ts'
import { actorOf, guard, type WebEnv } from '../guard.ts'
import { type Actor, can, type Thing } from '../rights.rules.ts'
import { artistInPath, labelInPath } from '../things.ts'
import { askRemoval, undoRemoval } from './ask-removal.ts'
import type { AllBelongings, Asking, Owner } from './belongings.ts'
import { packEverything } from './pack.ts'
import { ArchivePage, GoingPage, RemovePage, removePath } from './pages.tsx'
import { ownerById, removalOf } from './removal.store.ts'
import { words } from './words.ts'

/** Taking everything away, and deleting it: the same for an artist and for a label. */
export function removalRoutes(platform: Platform, all: AllBelongings): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .route('/', routesFor(platform, all, 'artist', artistInPath))
    .route('/', routesFor(platform, all, 'label', labelInPath))
}

function routesFor(
  platform: Platform,
  all: AllBelongings,
  kind: Owner['kind'],
  inPath: (c: Context<WebEnv>) => Thing | null,
): Hono<WebEnv> {
  const { db } = platform
  const base = `/studio/${kind}s/:${kind}Id`
  const mayRemove = guard(`${kind}.remove`, inPath)
  const mayArchive = guard(`${kind}.archive`, inPath)
  const ownerOf = (c: Context<WebEnv>) => ownerById(db, kind, c.req.param(`${kind}Id`) ?? '')
  const asking = (c: Context<WebEnv>): Pick<Asking, 'lang' | 'may'> => {
    const thing = inPath(c)
    return {
      lang: c.get('page').lang,
      may: (action) => thing !== null && can(asBefore(actorOf(c)), action, thing),
    }
  }
  const inside = (c: Context<WebEnv>, owner: Owner) =>
    Object.values(all).flatMap((part) => part.explain?.(owner, asking(c)) ?? [])

  async function showRemove(c: Context<WebEnv>, wrong?: { typed: string }) {
    const owner = await ownerOf(c)
    if (!owner) return c.notFound()
    const underWay = await removalOf(db, owner)
    if (underWay)
      return c.html(<GoingPage c={c} owner={owner} goesAt={underWay.goesAt} begun={underWay.begunAt !== null} />)
    const { lang } = c.get('page')
    const of = async (what: 'goes' | 'othersLose') =>
      (await Promise.all(Object.values(all).map(async (part) => (await part[what]?.(db, owner, lang)) ?? []))).flat()
    const [goes, othersLose] = await Promise.all([of('goes'), of('othersLose')])
    const errors = wrong && { name: words(lang)('remove_differs', { name: owner.name }) }
    return c.html(
      <RemovePage
        c={c}
        owner={owner}
        {...{ goes, othersLose }}
        {...(wrong && { ...wrong, ...(errors && { errors }) })}
      />,
      wrong ? 422 : 200,
    )
  }

  return new Hono<WebEnv>()
    .get(`${base}/archive`, mayArchive, async (c) => {
      const owner = await ownerOf(c)
      return owner ? c.html(<ArchivePage c={c} owner={owner} inside={inside(c, owner)} />) : c.notFound()
    })
    .get(`${base}/archive.zip`, mayArchive, async (c) => {
      const owner = await ownerOf(c)
      if (!owner) return c.notFound()
      const packed = await packEverything(platform, all, owner, asking(c))
      if (!packed.ok)
        return c.html(<ArchivePage c={c} owner={owner} inside={inside(c, owner)} missing={packed.error.missing} />, 409)
      await audit(db, {
        accountId: actorOf(c).accountId,
        action: `${kind}.archive`,
        artistId: kind === 'artist' ? owner.id : null,
        labelId: kind === 'label' ? owner.id : null,
      })
      const { size, bytes } = packed.value
      const day = platform.now().toISOString().slice(0, 10)
      const name = `${owner.slug.replace(/[^\w-]/g, '') || kind}-${day}.zip`
      c.header('Content-Disposition', `attachment; filename="${name}"`)
      c.header('Content-Length', String(size))
      c.header('Cache-Control', 'private, no-store')
      return c.body(Readable.toWeb(Readable.from(bytes, { objectMode: false })) as ReadableStream, 200, {
        'Content-Type': 'application/zip',
      })
    })
    .get(`${base}/remove`, mayRemove, (c) => showRemove(c))
    .post(`${base}/remove`, mayRemove, smallBody, async (c) => {
      const typed = (await readForm(c)).text('name')
      const owner = await ownerOf(c)
      if (!owner) return c.notFound()
      if (!sameName(typed, owner.name)) return showRemove(c, { typed })
      const asked = await askRemoval(platform, all, actorOf(c), owner)
      return asked.ok ? c.redirect(removePath(owner), 303) : c.notFound()
    })
    .post(`${base}/remove/undo`, mayRemove, async (c) => {
      const owner = await ownerOf(c)
      const undone = owner && (await undoRemoval(platform, all, actorOf(c), owner))
      if (!owner || !undone?.ok) return owner ? c.redirect(removePath(owner), 303) : c.notFound()
      return c.redirect(`/studio?desk=${encodeURIComponent(owner.slug)}&done=back`, 303)
    })
}

/** With the rights that they had before all of it was on its way out: what they may see of people is what they could see then. */
const asBefore = (actor: Actor): Actor => ({
  ...actor,
  memberships: [
    ...actor.memberships,
    ...actor.leaving.map((one) => ({ ...one, role: one.artistId ? ('artist' as const) : ('label_manager' as const) })),
  ],
})

/** As a person types it: case, accents composed or not, and spaces do not matter. */
const sameName = (typed: string, name: string): boolean => plain(typed) === plain(name)
const plain = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim().toLocaleLowerCase()
