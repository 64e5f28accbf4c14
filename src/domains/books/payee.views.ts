import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'

export type Payee = {
  id: string
  sellerId: string
  name: string
  email: string
  language: Lang
  artistId: string | null
  leftAt: Date | null
}

const COLUMNS = ['id', 'sellerId', 'name', 'email', 'language', 'artistId', 'leftAt'] as const

export const payeesOf = (db: Db | Tx, sellerId: string): Promise<Payee[]> =>
  db.selectFrom('payees').select(COLUMNS).where('sellerId', '=', sellerId).orderBy('name').orderBy('id').execute()

export const payeeById = (db: Db | Tx, id: string): Promise<Payee | undefined> =>
  db.selectFrom('payees').select(COLUMNS).where('id', '=', id).executeTakeFirst()
