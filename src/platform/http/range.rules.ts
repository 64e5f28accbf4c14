import type { ByteRange } from '../storage/index.ts'

export type Asked = { kind: 'whole' } | { kind: 'part'; range: ByteRange } | { kind: 'unsatisfiable' }

const ONE_RANGE = /^bytes=(\d*)-(\d*)$/

/**
 * What a Range header asks of a file of `size` bytes (RFC 9110, section 14). Several ranges, other units and nonsense are answered with the whole file,
 * as the standard allows.
 */
export function askedRange(header: string | undefined, size: number): Asked {
  const [, first = '', last = ''] = ONE_RANGE.exec(header?.trim() ?? '') ?? []
  if (first === '' && last === '') return { kind: 'whole' }
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? { kind: 'unsatisfiable' } : { kind: 'part', range: { start: size - length, end: size - 1 } }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < start) return { kind: 'whole' }
  return start >= size ? { kind: 'unsatisfiable' } : { kind: 'part', range: { start, end } }
}

/** Whether an If-None-Match header holds this entity tag. */
export const matches = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag))
