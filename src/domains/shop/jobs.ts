import type { Lang } from '../../platform/i18n/index.ts'
import type { JobHandlers, Schedule } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { mailPurchases } from './bandcamp/bring-purchases.ts'
import { forgetOldBaskets } from './basket.store.ts'
import { expireOrders } from './give-up-orders.ts'
import { mailParcel } from './parcels/mail-parcel.ts'
import { endPayments, makeRefund } from './payments/ask-refund.ts'
import { forgetOldEvents } from './payments/learn.ts'
import { reconcileAccount, reconcilePayments } from './payments/reconcile.ts'
import { forgetRemovedPictures } from './product-pictures.ts'
import { mailLibrary, mailOrder, mailReleased, mailWithdrawal } from './receipt.tsx'
import { releaseProduct } from './release-product.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** An order was placed, or is paid: the buyer is told. */
    'shop.mail-order': { orderId: string }
    /** The day has come on which something is out that was ordered before. */
    'shop.released': { productId: string }
    'shop.mail-released': { orderId: string; productId: string }
    /** Somebody who bought elsewhere is told that it is here. */
    'shop.mail-purchases': { artistId: string; mailKey: string }
    /** A buyer said that they take something back: it is acknowledged. */
    'shop.mail-withdrawal': { withdrawalId: string }
    /** A parcel left: the buyer is told. */
    'shop.mail-parcel': { parcelId: string }
    'shop.library': { mailKey: string; mail: string; language: Lang }
    'shop.expire': Record<string, never>
    /** Money was asked back of its provider. */
    'shop.refund': { refundId: string }
    /** An order was given up that its buyer could still pay. */
    'shop.end-payments': { orderId: string }
    /** What providers of payments did not tell us. */
    'shop.reconcile': Record<string, never>
    'shop.reconcile-account': { accountId: string }
    'shop.tidy': Record<string, never>
  }
}

export const shopJobs = (platform: Platform) =>
  ({
    'shop.mail-order': ({ orderId }) => mailOrder(platform, orderId),
    'shop.released': ({ productId }) => releaseProduct(platform, productId),
    'shop.mail-released': (told) => mailReleased(platform, told),
    'shop.mail-purchases': (who) => mailPurchases(platform, who),
    'shop.mail-withdrawal': ({ withdrawalId }) => mailWithdrawal(platform, withdrawalId),
    'shop.mail-parcel': ({ parcelId }) => mailParcel(platform, parcelId),
    'shop.library': (asked) => mailLibrary(platform, asked),
    'shop.expire': async () => void (await expireOrders(platform)),
    'shop.refund': ({ refundId }) => makeRefund(platform, refundId),
    'shop.end-payments': ({ orderId }) => endPayments(platform, orderId),
    'shop.reconcile': () => reconcilePayments(platform),
    'shop.reconcile-account': ({ accountId }) => reconcileAccount(platform, accountId),
    'shop.tidy': async () => {
      await forgetOldBaskets(platform)
      await forgetOldEvents(platform)
      await forgetRemovedPictures(platform)
    },
  }) satisfies Partial<JobHandlers>

export const shopSchedules: Schedule[] = [
  { name: 'shop.expire', pattern: '*/5 * * * *' },
  { name: 'shop.reconcile', pattern: '*/10 * * * *' },
  { name: 'shop.tidy', pattern: '37 3 * * *' },
]
