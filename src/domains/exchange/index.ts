export { exchangeApi } from './api.routes.ts'
export { exchangeBelongings } from './belongings.ts'
export { isBot } from './bots.rules.ts'
export { bringersOf, broughtThrough, confirmedThrough } from './brought.views.ts'
export { COPY_TOKENS, copyTokens, wayHome } from './copies.ts'
export type { Dated, Move, MoveProblem, Span } from './dated.types.ts'
export { milestoneOf } from './echo.rules.ts'
export { echoFor, gesturesOf, givenTo, linksOf } from './echo.views.ts'
export { readGift, tidyExchange } from './jobs.ts'
export { detectable, type Lift, lift, type Sample, type TooFew, tailsOf } from './lift/lift.rules.ts'
export { type ByGifts, byGifts, type Months, type Slope, type Together, together, within } from './lift/more.rules.ts'
export { type Burst, burstOf } from './momentum.views.ts'
export { type BestKind, bestKind, type Favourite, partOf, type Rate, type Told } from './next/next.rules.ts'
export { type Faded, type Favourites, fadedGift, favouriteTimes, peopleLately } from './next/next.views.ts'
export { CarriedOn } from './pages/carried-on.tsx'
export { GiftList } from './pages/gift-list.tsx'
export { MomentumLine, momentumWords } from './pages/momentum-line.tsx'
export { MORE, STAYING } from './pages/returns-page.tsx'
export { exchangePersonalData } from './personal-data.ts'
export { spreadAcross } from './reading.ts'
export {
  giftOf,
  type NewGift,
  type NewReturn,
  type NewTouch,
  type Recorded,
  recordGift,
  recordReturn,
  recordReturns,
  recordTouches,
  reverseReturn,
  timesReversed,
  wayOf,
} from './record.store.ts'
export {
  cameBack,
  type Day,
  firstGiftAt,
  type GiftReport,
  type GiftRow,
  giftReport,
  giftsWithReturns,
  type KnownOfVisitor,
  knownOf,
  type Way,
  type Week,
} from './returns.views.ts'
export { senderSubjects } from './senders.views.ts'
export {
  publicSubject,
  SHARE_TOKENS,
  type Share,
  shareByCode,
  shareLink,
  sharePath,
  shareTokens,
} from './shares.store.ts'
export { stands } from './stands.sql.ts'
export { exchangeStudio } from './studio.routes.tsx'
export {
  type Asides,
  describe,
  giverOf,
  isSubject,
  type Offer,
  type OfferSource,
  offersFor,
  type Subject,
  type SubjectFacts,
  type SubjectSource,
  type Subjects,
} from './subjects.ts'
export { keepTallying } from './tallies.ts'
export type { TokenReader, TokenReaders } from './tokens.ts'
export { forgetVisitor, hasObjected, knownPersonOf, personOf, visitorOfTheDay } from './visitors.ts'
