import type { KnownUpload } from '../match.rules.ts'

type Remembered = Pick<KnownUpload, 'path' | 'size' | 'modifiedMs'>

const keyOf = (page: string) => `ritornello.sending:${page}`

/** What was chosen for a batch and has not begun: the server does not know of it, and a reload should not forget it. */
export function remembered(page: string): Remembered[] {
  try {
    return JSON.parse(localStorage.getItem(keyOf(page)) ?? '[]') as Remembered[]
  } catch {
    return []
  }
}

export function remember(page: string, waiting: Remembered[]): void {
  const text = JSON.stringify(waiting.map(({ path, size, modifiedMs }) => ({ path, size, modifiedMs })))
  try {
    if (waiting.length > 0) localStorage.setItem(keyOf(page), text)
    else forget(page)
  } catch {
    // Storage is full or forbidden: the list is shorter after a reload, nothing else.
  }
}

export function forget(page: string): void {
  localStorage.removeItem(keyOf(page))
}
