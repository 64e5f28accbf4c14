import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import {
  actorOf,
  artistBySlug,
  currentArtist,
  guard,
  setArtistTheme,
  type WebEnv,
} from '../../domains/identity/index.ts'
import { toHex } from '../../ui/colour/convert.ts'
import { releasesOf } from '../artist.view.ts'
import type { Site } from '../site.ts'
import { htmlOf } from '../site.ts'
import { sleeveOf, themeOf } from '../sleeve.ts'
import { type Choice, readThemeChoice } from './choice.rules.ts'
import { ThemePage } from './page.tsx'

const PATH = '/studio/artist/theme'

/** `/studio/artist/theme`: letters, light or dark, and the accent, tried on the public page itself before they are kept. */
export function themeRoutes({ platform }: Site): Hono<WebEnv> {
  const thingOf = (c: Context<WebEnv>) => {
    const artist = currentArtist(c)
    return artist && ({ kind: 'artist', artistId: artist.id } as const)
  }
  const isTrying = (c: Context) => c.req.query('scheme') !== undefined

  async function artistOf(c: Context<WebEnv>) {
    const found = await artistBySlug(platform.db, currentArtist(c)?.slug ?? '')
    if (found?.kind !== 'artist') throw new Error('The guard let nobody pass')
    return found.artist
  }

  return new Hono<WebEnv>()
    .get(PATH, guard('artist.edit', thingOf), async (c) => {
      const artist = await artistOf(c)
      const choice: Choice = isTrying(c) ? readThemeChoice(c.req.query()) : artist.theme
      const [newest] = await releasesOf(platform, artist.id)
      const sleeve = newest ? sleeveOf(newest) : null
      const theme = themeOf(sleeve, choice)
      const suggested = toHex(themeOf(sleeve).light.press)
      const props = { c, artist, choice, theme, suggested, kept: c.req.query('kept') === '1' }
      return c.html(await htmlOf(<ThemePage {...props} />))
    })
    .post(PATH, bodyLimit({ maxSize: 4_096 }), guard('artist.edit', thingOf), async (c) => {
      const artist = await artistOf(c)
      const form = (await c.req.parseBody()) as Record<string, string>
      await setArtistTheme(platform, actorOf(c), artist, readThemeChoice(form))
      return c.redirect(`${PATH}?${new URLSearchParams({ desk: artist.slug, kept: '1' })}`, 303)
    })
}
