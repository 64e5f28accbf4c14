import { sql } from 'kysely'
import { newId } from '../../platform/ids.ts'
import { FORM, type TestPlatform, testApp } from '../../testing/index.ts'
import { identityJobs } from './jobs.ts'
import { setUpLink } from './links.ts'
import { openSession } from './sessions.store.ts'

/** A browser with its cookies, from an address of its own so that limits do not mix. */
export function browser(
  platform: TestPlatform,
  address = `10.0.${Math.floor(Math.random() * 250)}.${++browsers % 250}`,
) {
  const app = testApp(platform)
  const cookies = new Map<string, string>()
  const env = { incoming: { socket: { remoteAddress: address } } }
  const request = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers)
    if (cookies.size) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const answer = await app.request(path, { ...init, headers }, env)
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0/i.test(line) || value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  return {
    cookies,
    get: (path: string, headers: Record<string, string> = {}) => request(path, { headers }),
    post: (path: string, fields: Record<string, string | string[]> = {}) => {
      const body = new URLSearchParams()
      for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one)
      return request(path, { method: 'POST', headers: FORM, body })
    },
    upload: (path: string, body: FormData) =>
      request(path, { method: 'POST', headers: { origin: FORM.origin, 'sec-fetch-site': 'same-origin' }, body }),
    json: (path: string, body: unknown) =>
      request(path, {
        method: 'POST',
        headers: { ...FORM, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  }
}
let browsers = 0
export type Browser = ReturnType<typeof browser>

/** Does the work of identity's waiting jobs, as the worker would. Returns the names of those done. */
export async function runJobs(platform: TestPlatform): Promise<string[]> {
  const handlers = identityJobs(platform, {}, []) as Record<string, (payload: unknown) => Promise<void>>
  const { rows } = await sql<{ id: string; name: string; payload: unknown }>`
    select j.id::text as id, t.identifier as name, j.payload from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id order by j.id`.execute(platform.db)
  const done: string[] = []
  for (const { id, name, payload } of rows) {
    const handle = handlers[name]
    if (!handle) continue
    await handle(payload)
    await sql`select graphile_worker.complete_jobs(array[${id}::bigint])`.execute(platform.db)
    done.push(name)
  }
  return done
}

/** The path of the link in the last mail. */
export function linkInMail(platform: TestPlatform): string {
  const found = /http:\/\/ritornello\.test(\/\S+)/.exec(platform.mails.at(-1)?.text ?? '')
  if (!found?.[1]) throw new Error('No link in the last mail')
  return found[1]
}

const pathOf = (link: string | null) => new URL(link ?? '').pathname

export const OWNER = { name: 'Ada Host', email: 'host@example.org', language: 'en' }

/** Somebody who went through the set-up link: the host of this place, signed in. */
export async function owner(platform: TestPlatform): Promise<Browser> {
  const who = browser(platform)
  await who.post(pathOf(await setUpLink(platform)), OWNER)
  return who
}

/** An account that exists, and a browser signed in to it. */
export async function person(
  platform: TestPlatform,
  name: string,
): Promise<Browser & { accountId: string; email: string }> {
  const accountId = newId()
  const email = `${name.toLowerCase().replace(/\W+/g, '.')}@example.org`
  await platform.db.insertInto('accounts').values({ id: accountId, email, name, disabledAt: null }).execute()
  const who = browser(platform)
  who.cookies.set('session', await openSession(platform.db, accountId, 'Test', platform.now()))
  return { ...who, accountId, email }
}

export const count = async (platform: TestPlatform, table: 'sessions' | 'accounts' | 'memberships' | 'signInLinks') => {
  const { n } = await platform.db
    .selectFrom(table)
    .select((row) => row.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(n)
}
