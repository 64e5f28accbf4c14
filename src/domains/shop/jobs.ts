import type { Lang } from '../../platform/i18n/index.ts'
import type { JobHandlers, Schedule } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { mailPurchases } from './bandcamp/bring-purchases.ts'
import { forgetOldBaskets } from './basket.store.ts'
import { mailCharge, mailExpiry } from './cards/card-mail.ts'
import { chargeCard, chargeCards, giveBackCharge } from './cards/charge-card.ts'
import { detachCard } from './cards/keep-card.ts'
import { expireOrders } from './give-up-orders.ts'
import { type MemberTold, mailMember } from './members/member-mail.ts'
import { renewMemberships } from './members/renew-memberships.ts'
import { forgetCarrierFiles } from './parcels/carrier-file.views.ts'
import { forgetOldProofs } from './parcels/keep-proof.ts'
import { mailParcel, mailTracking } from './parcels/mail-parcel.ts'
import { endPayments, makeRefund } from './payments/ask-refund.ts'
import { forgetOldEvents } from './payments/learn.ts'
import { reconcileAccount, reconcilePayments } from './payments/reconcile.ts'
import { forgetUnpaidPresents, sendPresents } from './presents/present.store.ts'
import { mailPresent } from './presents/present-mail.ts'
import { forgetRemovedPictures } from './product-pictures.ts'
import { mailLibrary, mailOrder, mailReleased, mailWithdrawal } from './receipt.tsx'
import { releaseProduct } from './release-product.ts'
import { recountHeld } from './stock.store.ts'

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
    /** It is followed by another number than was said. */
    'shop.mail-tracking': { correctionId: string }
    'shop.library': { mailKey: string; mail: string; language: Lang }
    /** Friends whose day has come are told. */
    'shop.presents': Record<string, never>
    'shop.mail-present': { orderId: string; sent: number }
    'shop.expire': Record<string, never>
    /** What members are to pay soon is asked for; who did not pay in time rests. */
    'shop.renew': Record<string, never>
    'shop.mail-member': MemberTold
    /** Cards whose day has come, each a job of its own. */
    'shop.charge-cards': Record<string, never>
    'shop.charge-card': { chargeId: string }
    'shop.mail-charge': { chargeId: string }
    /** A card expires soon, or is to be forgotten at its provider. */
    'shop.mail-expiry': { cardId: string }
    'shop.forget-card': { cardId: string }
    /** A card paid after its member had left. */
    'shop.give-back-charge': { paymentId: string }
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
    'shop.mail-tracking': ({ correctionId }) => mailTracking(platform, correctionId),
    'shop.library': (asked) => mailLibrary(platform, asked),
    'shop.renew': () => renewMemberships(platform),
    'shop.mail-member': (told) => mailMember(platform, told),
    'shop.charge-cards': () => chargeCards(platform),
    'shop.charge-card': ({ chargeId }) => chargeCard(platform, chargeId),
    'shop.mail-charge': ({ chargeId }) => mailCharge(platform, chargeId),
    'shop.mail-expiry': ({ cardId }) => mailExpiry(platform, cardId),
    'shop.forget-card': ({ cardId }) => detachCard(platform, cardId),
    'shop.give-back-charge': ({ paymentId }) => giveBackCharge(platform, paymentId),
    'shop.presents': () => sendPresents(platform),
    'shop.mail-present': (told) => mailPresent(platform, told),
    'shop.expire': async () => void (await expireOrders(platform)),
    'shop.refund': ({ refundId }) => makeRefund(platform, refundId),
    'shop.end-payments': ({ orderId }) => endPayments(platform, orderId),
    'shop.reconcile': () => reconcilePayments(platform),
    'shop.reconcile-account': ({ accountId }) => reconcileAccount(platform, accountId),
    'shop.tidy': async () => {
      await forgetOldBaskets(platform)
      await forgetOldEvents(platform)
      await forgetRemovedPictures(platform)
      await forgetUnpaidPresents(platform)
      await forgetCarrierFiles(platform)
      await forgetOldProofs(platform)
      await recountHeld(platform)
    },
  }) satisfies Partial<JobHandlers>

export const shopSchedules: Schedule[] = [
  { name: 'shop.expire', pattern: '*/5 * * * *' },
  { name: 'shop.renew', pattern: '11 * * * *' },
  { name: 'shop.charge-cards', pattern: '21 * * * *' },
  { name: 'shop.presents', pattern: '3 * * * *' },
  { name: 'shop.reconcile', pattern: '*/10 * * * *' },
  { name: 'shop.tidy', pattern: '37 3 * * *' },
]
