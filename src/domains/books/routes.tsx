import { Hono, type MiddlewareHandler } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'
import type { BooksFrame } from './frame.ts'
import { sellerAtDesk } from './owner.ts'
import { publicRoutes } from './public.routes.tsx'
import { accountantRoutes } from './studio/accountant.routes.tsx'
import { homeRoutes } from './studio/home.routes.tsx'
import { moneyRoutes } from './studio/money.routes.tsx'
import { peopleRoutes } from './studio/people.routes.tsx'
import { reportRoutes } from './studio/report.routes.tsx'
import { sellerRoutes } from './studio/seller.routes.tsx'
import { splitsRoutes } from './studio/splits.routes.tsx'
import { statementsRoutes } from './studio/statements.routes.tsx'
import type { Sold } from './subjects.ts'

export const booksRoutes = (platform: Platform, { frame, sold }: { frame: BooksFrame; sold: Sold }): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .route('/', homeRoutes(platform))
    .route('/', sellerRoutes(platform))
    .route('/', peopleRoutes(platform, sold))
    .route('/', splitsRoutes(platform, sold))
    .route('/', moneyRoutes(platform, sold))
    .route('/', statementsRoutes(platform))
    .route('/', reportRoutes(platform, sold))
    .route('/', accountantRoutes(platform))
    .route('/', publicRoutes(platform, frame))

/** Whether the desk has books, for the rail of every page of the studio. */
export const findBooks =
  ({ db }: Pick<Platform, 'db'>): MiddlewareHandler<WebEnv> =>
  async (c, next) => {
    if (c.var.actor) c.set('booksInUse', (await sellerAtDesk(db, c)) !== null)
    await next()
  }
