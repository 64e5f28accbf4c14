import { type Context, Hono } from 'hono'
import { formats } from '../../../platform/i18n/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { guard, StudioPage, type WebEnv } from '../../identity/index.ts'
import { sellerAtDesk, thingAtDesk } from '../owner.ts'
import { statementById } from '../statement.views.ts'
import { giveStatement } from '../statement-file.ts'
import { StatementView } from '../statement-view.tsx'
import { words } from '../words.ts'
import { ID } from './parts.tsx'

const see = guard('books.see', thingAtDesk)

/** A statement, as whoever it is for sees it. */
export function statementsRoutes({ db }: Platform): Hono<WebEnv> {
  async function found(c: Context<WebEnv>) {
    const [seller, id] = [await sellerAtDesk(db, c), c.req.param('id')]
    const statement = isId(id) ? await statementById(db, id) : undefined
    return seller && statement?.sellerId === seller.id ? statement : null
  }
  return new Hono<WebEnv>()
    .get(`/studio/books/statements/:id{${ID}}`, see, async (c) => {
      const statement = await found(c)
      if (!statement) return c.notFound()
      const { lang } = c.var.page
      const t = words(lang)
      const { content, distributionId, id } = statement
      const title = t('st_title', { number: content.number })
      return c.html(
        <StudioPage c={c} title={`${title} · ${content.payee.name}`} current="books">
          <p class="quiet">
            <a href={`/studio/books/distributions/${distributionId}`}>
              {t('statement_to', { through: formats(lang).date(new Date(content.through)) })}
            </a>
          </p>
          <h1>
            {title} · {content.payee.name}
          </h1>
          <StatementView content={content} lang={lang} />
          <p class="actions">
            <a href={`/studio/books/statements/${id}/statement.csv`}>CSV</a>
            <a href={`/studio/books/statements/${id}/statement.pdf`}>PDF</a>
          </p>
        </StudioPage>,
      )
    })
    .get(`/studio/books/statements/:id{${ID}}/:file{statement\\.(?:csv|pdf)}`, see, async (c) =>
      giveStatement(c, await found(c), c.req.param('file').endsWith('csv') ? 'csv' : 'pdf'),
    )
}
