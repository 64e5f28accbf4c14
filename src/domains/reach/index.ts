export { announceAtOnce } from './announce/announce-at-once.ts'
export { countAudience, peopleIn } from './announce/audience.views.ts'
export { datedAnnouncements } from './announce/dated.views.ts'
export { draftFor } from './announce/draft.ts'
export { reachAsides } from './announce/gift-aside.tsx'
export { oneAtATime as sayOneAtATime } from './announce/leave.ts'
export { LINK_TOKENS, linkTokens } from './announce/links.routes.ts'
export { announceHref } from './announce/pages/frame.tsx'
export { smsPriceTo } from './announce/preview.ts'
export { moveAnnouncement } from './announce/send.ts'
export { type Stopped, stoppedAnnouncements } from './announce/stopped.views.ts'
export { reachSubjects } from './announce/subjects.views.ts'
export { whoseAnnouncement } from './announce/things.ts'
export { announcedSubjects, toldByKind } from './announce/told.views.ts'
export { reachBelongings } from './belongings.ts'
export { pretendSent, writeDemoAnnouncement } from './demo-announcements.ts'
export {
  callBack,
  decideUncertain,
  deliveryCounts,
  enqueue,
  enqueueOne,
  type NewDelivery,
  wakeDeliveries,
} from './enqueue.ts'
export { reachJobs, reachSchedules } from './jobs.ts'
export { keepLetter, type LetterWords, resumeLetters, stopLetters } from './letters/letter.store.ts'
export { type LetterPreview, previewLetter } from './letters/preview.ts'
export {
  countedTo,
  countryAt,
  hoursOf,
  letterCounts,
  type NewLetter,
  sendLetters,
  type Way,
  waysOf,
} from './letters/send-letters.ts'
export { mailHooks } from './mail/hooks/mail-hooks.routes.ts'
export { listenForMail } from './mail/incoming/listen-for-mail.ts'
export { watchMailboxes } from './mail/mailbox/watch.ts'
export { type ReplyTo, readReplyAddress, replyAddress } from './mail/reply-address.rules.ts'
export { makeSendingDomain } from './mail/sending-domains.store.ts'
export { signRaw } from './mail/sign-raw.ts'
export { deliveryIn, deliveryToken } from './mail/token.rules.ts'
export { reachPersonalData } from './personal-data.ts'
export { smsHooks } from './providers/hooks.routes.ts'
export { listenToNetworks } from './providers/smpp/listen.ts'
export { addProvider, canSend, providerFor } from './providers.store.ts'
export { PushOffer } from './push/offer.tsx'
export { reachRoutes } from './routes.ts'
export type { Condition, Segment } from './segment.rules.ts'
export { namedSigns, smsMoney, weighSms } from './sms.rules.ts'
export type { DeliveryState, OwnMessage, ProviderKind } from './tables.ts'
