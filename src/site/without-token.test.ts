import { expect, test } from 'vitest'
import { withoutToken } from './without-token.rules.ts'

test.each([
  ['/studio/enter/abc.def', '/studio/enter/…'],
  ['/studio/calendar/abc.ics', '/studio/calendar/…'],
  ['/member/abc.def/enter', '/member/…'],
  ['/member-feed/abc.xml', '/member-feed/…'],
  ['/library/abc', '/library/…'],
  ['/order/abc/papers/0.pdf', '/order/…'],
  ['/present/abc', '/present/…'],
  ['/fan/abc/export.json', '/fan/…'],
  ['/confirm/abc', '/confirm/…'],
  ['/leave/abc/each', '/leave/…'],
  ['/press/abc/proof.jws', '/press/…'],
  ['/press/confirm/abc', '/press/…'],
  ['/take/link/abc', '/take/…'],
  ['/take/abcdefghjkmn', '/take/…'],
  ['/code/ABC', '/code/…'],
  ['/basket/abc/order', '/basket/…'],
  ['/books/statement/1/abc/statement.pdf', '/books/statement/…'],
  ['/books/split/1/2/abc', '/books/split/…'],
  ['/missions/contribution/1/abc', '/missions/contribution/…'],
  ['/contests/jury/1/abc', '/contests/jury/…'],
  ['/journal/comments/1/abc', '/journal/comments/…'],
])('the log knows %s as %s', (path, known) => {
  expect(withoutToken(path)).toBe(known)
})

test.each(['/ana-marsh/press', '/ana-marsh/member/1', '/studio/press', '/members', '/studio/member/x', '/'])(
  '%s lets nobody in, and is known whole',
  (path) => {
    expect(withoutToken(path)).toBe(path)
  },
)
