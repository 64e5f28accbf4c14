import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
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

/** Only addresses of the studio, so that a link cannot lead a person who just signed in to somebody else's site. */
export const safeNext = (next: string | undefined): string | null =>
  next && /^\/studio(?:[/?#]|$)/.test(next) && !/[\\\s]/.test(next) && next.length < 1000 ? next : null
