import {
  FORM,
  type GivenRelease,
  givenRelease,
  type SignedIn,
  signedIn,
  type TestPlatform,
  testApp,
  testPlatform,
  workOff,
} from '../../../testing/index.ts'
import { createContest, openOperation } from '../edit-operation.ts'
import { contestById } from './contest.views.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR

export type Studio = { platform: TestPlatform; app: ReturnType<typeof testApp>; ana: GivenRelease; owner: SignedIn }
type Who = { headers: Record<string, string> }
type Fields = Parameters<typeof createContest>[1]['fields']
export type Sent = { name: string; bytes: Uint8Array }

/** An artist with a release, and who runs her contests. */
export async function beginStudio(): Promise<Studio> {
  const platform = await testPlatform()
  const ana = await givenRelease(platform, { artist: 'Ana Marsh', title: 'Tides', tracks: ['Ebb'] })
  const owner = await signedIn(platform, { artistIds: [ana.artistId] })
  // The clock goes on for weeks here.
  await platform.pool.query(`update sessions set expires_at = now() + interval '90 days'`)
  return { platform, app: testApp(platform), ana, owner }
}

/** A form as a browser sends it that has files to send, as `files` names their fields. */
export function formOf(fields: Record<string, string>, files: Record<string, Sent> = {}): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  for (const [name, file] of Object.entries(files)) form.set(name, new File([new Uint8Array(file.bytes)], file.name))
  return form
}

/** What visitors and the artist do there; the studio is asked for when something is done. */
export function contestsIn(studio: () => Studio) {
  const get = (path: string, who?: Who) =>
    studio().app.request(path, { headers: { accept: 'text/html', ...who?.headers } })
  const { 'content-type': _, ...HEADERS } = FORM
  let number = 0
  return {
    get,
    page: async (path: string, who?: Who) => (await get(path, who)).text(),
    async post(path: string, fields: Record<string, string> | [string, string][] | FormData, who?: Who) {
      const isFiles = fields instanceof FormData
      const answer = await studio().app.request(path, {
        method: 'POST',
        headers: { ...(isFiles ? HEADERS : FORM), ...who?.headers },
        body: isFiles ? fields : new URLSearchParams(fields).toString(),
      })
      return {
        status: answer.status,
        to: answer.headers.get('location') ?? '',
        cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '',
        html: await answer.text(),
      }
    },
    /** What the last mail to this address leads to. */
    async linkFor(to: string): Promise<string> {
      const { platform } = studio()
      await workOff(platform, ['operations.ask', 'operations.say-unplayable'])
      const mail = platform.mails.findLast((one) => one.to === to)
      return /\/contests\/\S+/.exec(mail?.text ?? '')?.[0] ?? ''
    },
    /** A contest that is open, by the use cases: entries for a day, then votes for a day. */
    async openContest(more: Partial<Fields> = {}) {
      const { platform, ana, owner } = studio()
      const title = `Contest ${++number}`
      const id = await createContest(platform, {
        ...{ artistId: ana.artistId, by: owner.accountId, mayGive: true },
        fields: {
          ...{ title, words: 'Draw the sea.', language: 'en', timeZone: 'Europe/Paris' },
          ...{ sort: 'words', releaseId: ana.releaseId, juryWeight: 0, mostEntries: 1, stems: [] },
          entriesUntil: new Date(platform.now().getTime() + DAY),
          endsAt: new Date(platform.now().getTime() + 2 * DAY),
          ...more,
        },
      })
      const opened = await openOperation(platform, { operationId: id, by: owner.accountId, mayGive: true })
      if (!opened.ok) throw new Error(opened.error)
      const slug = (await contestById(platform.db, id))?.slug
      return { id, title, path: `/ana-marsh/take-part/${slug}`, studio: `/studio/operations/${id}` }
    },
  }
}
