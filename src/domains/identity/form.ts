import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { WebEnv } from './guard.ts'

/** A posted form: texts are trimmed, line ends are \n, what was not sent is empty. */
export type Posted = {
  text(name: string): string
  texts(name: string): string[]
  file(name: string): File | null
  has(name: string): boolean
}

export async function readForm(c: Context<WebEnv>): Promise<Posted> {
  const body = await c.req.parseBody({ all: true })
  const all = (name: string) => {
    const value = body[name]
    return value === undefined ? [] : Array.isArray(value) ? value : [value]
  }
  const texts = (name: string) =>
    all(name).flatMap((value) => (typeof value === 'string' ? [value.replaceAll('\r\n', '\n').trim()] : []))
  return {
    texts,
    text: (name) => texts(name)[0] ?? '',
    file: (name) => all(name).find((value): value is File => value instanceof File && value.size > 0) ?? null,
    has: (name) => name in body,
  }
}

const SMALL = 200_000

/** Refuses a body that no honest form of ours has. */
export const smallBody = bodyLimit({ maxSize: SMALL, onError: (c) => c.text('This is too long.', 413) })

/** A post of 200,000 letters or the lyrics of a record, nine bytes each letter as they are sent. */
const withinReason = bodyLimit({
  maxSize: 2_000_000,
  onError: (c) => {
    throw new HTTPException(413, { res: c.text('This is too long.', 413) })
  },
})

/**
 * A posted form's texts as they were typed. A name sent twice keeps its last value. Throws an {@link HTTPException} when it is longer than any
 * honest one.
 */
export async function readTexts(c: Context<WebEnv>): Promise<Record<string, string>> {
  let body: Awaited<ReturnType<typeof c.req.parseBody>> = {}
  await withinReason(c, async () => {
    body = await c.req.parseBody()
  })
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, typeof value === 'string' ? value : '']))
}

/** Only addresses of the studio, so that a link cannot lead a person who just signed in to somebody else's site. */
export const safeNext = (next: string | undefined): string | null =>
  next && /^\/studio(?:[/?#]|$)/.test(next) && !/[\\\s]/.test(next) && next.length < 1000 ? next : null
