import { Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Button } from '../../../ui/forms.tsx'
import { guard, StudioPage, type WebEnv } from '../../identity/index.ts'
import { mayEdit, sellerAtDesk, thingAtDesk } from '../owner.ts'
import { words } from '../words.ts'
import { Places } from './parts.tsx'

/** The first page of the books. */
export function homeRoutes({ db }: Platform): Hono<WebEnv> {
  return new Hono<WebEnv>().get('/studio/books', guard('books.see', thingAtDesk), async (c) => {
    const seller = await sellerAtDesk(db, c)
    const t = words(c.var.page.lang)
    if (!seller)
      return c.html(
        <StudioPage c={c} title={t('books')} current="books">
          <h1>{t('books')}</h1>
          <Empty
            title={t('books_none')}
            action={mayEdit(c) && <Button href="/studio/books/seller">{t('seller_title')}</Button>}
          >
            <p>{t('books_none_lead')}</p>
          </Empty>
        </StudioPage>,
      )
    return c.html(
      <StudioPage c={c} title={t('books')} current="books">
        <Places c={c} at="books" />
        <h1>{t('books')}</h1>
      </StudioPage>,
    )
  })
}
