import type { Context } from 'hono'
import type { Child } from 'hono/jsx'
import type { WebEnv } from '../../identity/index.ts'
import { mayEdit, ownerAtDesk } from '../owner.ts'
import { words } from '../words.ts'

export const ID = '[0-9a-f-]{36}'

/** Forms carry the desk in their address, so that a second tab that turned to somebody else changes nothing. */
export const withDesk = (c: Context<WebEnv>, path: string): string =>
  `${path}?desk=${encodeURIComponent(ownerAtDesk(c)?.slug ?? '')}`

const PLACES = ['books', 'month', 'people', 'splits', 'costs', 'accountant'] as const
type Place = (typeof PLACES)[number]
const HREF: Record<Place, string> = {
  books: '/studio/books',
  people: '/studio/books/people',
  splits: '/studio/books/splits',
  costs: '/studio/books/costs',
  month: '/studio/books/month',
  accountant: '/studio/books/accountant',
}

/** The rooms of the books, above their title. */
export const Places = ({ c, at }: { c: Context<WebEnv>; at?: Place }) => {
  const t = words(c.var.page.lang)
  return (
    <nav class="actions" aria-label={t('books')} style="margin:0 0 1rem;gap:0 0.9rem;flex-wrap:wrap">
      {PLACES.map((place) => (
        <a
          href={HREF[place]}
          aria-current={place === at ? 'page' : undefined}
          style={
            place === at
              ? 'font-weight:700;text-decoration:none;padding:0.6rem 0'
              : 'text-underline-offset:0.25em;padding:0.6rem 0'
          }
        >
          {t(`place_${place}`)}
        </a>
      ))}
      {mayEdit(c) && (
        <a href="/studio/books/seller" style="text-underline-offset:0.25em;padding:0.6rem 0">
          {t('seller_title')}
        </a>
      )}
    </nav>
  )
}

export const Row = ({ name, says, children }: { name: Child; says?: Child; children?: Child }) => (
  <li style="display:flex;flex-wrap:wrap;justify-content:space-between">
    <span style="flex:1 1 15rem;min-width:0">
      <b>{name}</b>
      {says && <small>{says}</small>}
    </span>
    {children}
  </li>
)
