import type { Db } from '../../platform/database/index.ts'
import type { OutlayKind, PaidFrom } from './tables.ts'

export type Outlay = {
  id: string
  sellerId: string
  kind: OutlayKind
  payeeId: string | null
  subject: string | null
  title: string
  amount: number
  vat: number
  paidOn: string
  paidFrom: PaidFrom
  note: string
  storageKey: string | null
  fileName: string
  fileType: string
  size: number | null
  reversedAt: Date | null
}

const COLUMNS = [
  ...([
    'id',
    'sellerId',
    'kind',
    'payeeId',
    'subject',
    'title',
    'amount',
    'vat',
    'paidOn',
    'paidFrom',
    'note',
  ] as const),
  ...(['storageKey', 'fileName', 'fileType', 'size', 'reversedAt'] as const),
]

/** What was spent on projects, or paid to one person: the newest first. */
export const outlaysOf = (db: Db, sellerId: string, of: 'cost' | { payeeId: string }): Promise<Outlay[]> =>
  db
    .selectFrom('outlays')
    .select(COLUMNS)
    .where('sellerId', '=', sellerId)
    .$if(of === 'cost', (query) => query.where('kind', '=', 'cost'))
    .$if(of !== 'cost', (query) => query.where('payeeId', '=', of === 'cost' ? '' : of.payeeId))
    .orderBy('paidOn', 'desc')
    .orderBy('id', 'desc')
    .execute()

export const outlayById = (db: Db, id: string): Promise<Outlay | undefined> =>
  db.selectFrom('outlays').select(COLUMNS).where('id', '=', id).executeTakeFirst()
