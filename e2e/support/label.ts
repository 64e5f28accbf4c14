import { dirname } from 'node:path'
import type { Page } from '@playwright/test'
import { openStripePeer, type StripePeer } from '../../src/testing/stripe-peer.ts'
import { type Album, HARBOUR, WINDOWS, writeAlbum } from './album.ts'
import { test as journey } from './journey.ts'
import { laidOut } from './laid-out.ts'
import { OWNER } from './owner.ts'
import { forgetPlace, type Program, runCommand, startProgram } from './program.ts'

export type Imported = { url: string; tracks: { title: string; url: string }[] }

/** A place that is lived in: two artists, each with a public release, and an owner who answers for both. */
export type Label = Program & {
  /** Brings an album in by the command, as a draft or published. */
  bring: (album: Album, as: 'draft' | 'published') => Promise<Imported>
  harbour: Imported
  windows: Imported
  session: { name: string; value: string }
  /** Who stands in for Stripe. */
  stripe: StripePeer
}

type Fixtures = {
  /** Signs the owner of the place in, in this page's browser. */
  signIn: (page: Page) => Promise<void>
}

/** A journey in a place that the journeys of one worker share: none may change what another looks at. */
export const test = journey.extend<Fixtures, { label: Label }>({
  label: [
    // biome-ignore lint/correctness/noEmptyPattern: it needs nothing of the others, and Playwright wants a pattern
    async ({}, use) => {
      const stripe = await openStripePeer()
      const program = await startProgram({ dataDir: laidOut(), env: { STRIPE_URL: stripe.url } })
      const bring: Label['bring'] = async (album, as) => {
        const folder = await writeAlbum(dirname(program.dataDir), album)
        const args = ['import', folder, '--json', ...(as === 'published' ? ['--publish'] : [])]
        const { stdout, stderr } = await runCommand(args, { DATA_DIR: program.dataDir })
        if (stderr) throw new Error(stderr)
        return (JSON.parse(stdout) as { release: Imported }).release
      }
      const harbour = await bring(HARBOUR, 'published')
      const windows = await bring(WINDOWS, 'published')
      await use({ ...program, bring, harbour, windows, session: await own(program), stripe })
      await program.stop()
      await stripe.close()
      forgetPlace(program.dataDir)
    },
    { scope: 'worker', timeout: 400_000 },
  ],
  program: ({ label }, use) => use(label),
  signIn: ({ label }, use) =>
    use((page) => page.context().addCookies([{ ...label.session, url: label.url, httpOnly: true, sameSite: 'Lax' }])),
})

/** Whoever first owns the place answers for the artists that nobody answered for. */
async function own(program: Program): Promise<Label['session']> {
  const answer = await fetch(program.setUpLink ?? '', {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: program.url },
    body: new URLSearchParams({ name: OWNER.name, email: OWNER.email, language: 'en' }),
  })
  const [, name, value] = answer.headers.get('set-cookie')?.match(/^([^=]+)=([^;]+)/) ?? []
  if (!name || !value) throw new Error(`The set-up link did not sign in: ${answer.status}`)
  return { name, value }
}
