import { Hono } from 'hono'
import {
  audioBelongings,
  audioJobs,
  audioRoutes,
  audioSchedules,
  incomingJobs,
  incomingRoutes,
  incomingSchedules,
  soundsOf,
} from './domains/audio/index.ts'
import { booksBelongings, booksJobs, booksRoutes, booksSchedules, findBooks } from './domains/books/index.ts'
import {
  COPY_TOKENS,
  copyTokens,
  exchangeApi,
  exchangeBelongings,
  exchangePersonalData,
  exchangeStudio,
  type OfferSource,
  readGift,
  SHARE_TOKENS,
  type Subjects,
  senderSubjects,
  shareTokens,
  tidyExchange,
} from './domains/exchange/index.ts'
import {
  closeTakings,
  countGiven,
  fansBelongings,
  fansJobs,
  fansRoutes,
  fansSchedules,
  type OtherMail,
  ownPersonalData,
  type PersonalData,
} from './domains/fans/index.ts'
import {
  type AllBelongings,
  identityBelongings,
  identityJobs,
  identityRoutes,
  type WebEnv,
  withActor,
} from './domains/identity/index.ts'
import { countWaiting, inboxBelongings, inboxJobs, inboxPersonalData, inboxRoutes } from './domains/inbox/index.ts'
import {
  journalBelongings,
  journalJobs,
  journalOffers,
  journalPersonalData,
  journalRoutes,
  journalSchedules,
  journalSubjects,
} from './domains/journal/index.ts'
import { countTasks, labelBelongings, labelRoutes } from './domains/label/index.ts'
import { listeningApi, listeningBelongings, listeningPersonalData } from './domains/listening/index.ts'
import {
  type Addresses,
  musicBelongings,
  musicJobs,
  musicOffers,
  musicRoutes,
  musicSchedules,
  musicSubjects,
} from './domains/music/index.ts'
import {
  operationsBelongings,
  operationsJobs,
  operationsOffers,
  operationsPersonalData,
  operationsRoutes,
  operationsSchedules,
  operationsSubjects,
} from './domains/operations/index.ts'
import {
  pressBelongings,
  pressJobs,
  pressOtherMail,
  pressPersonalData,
  pressRoutes,
  pressSchedules,
} from './domains/press/index.ts'
import {
  LINK_TOKENS,
  linkTokens,
  mailHooks,
  PushOffer,
  reachAsides,
  reachBelongings,
  reachJobs,
  reachPersonalData,
  reachRoutes,
  reachSchedules,
  reachSubjects,
  signRaw,
  smsHooks,
} from './domains/reach/index.ts'
import {
  sequencesBelongings,
  sequencesJobs,
  sequencesPersonalData,
  sequencesSchedules,
  sequencesStudio,
  sequencesSubjects,
} from './domains/sequences/index.ts'
import {
  membersOf,
  shopBelongings,
  shopJobs,
  shopPersonalData,
  shopRoutes,
  shopSchedules,
  shopSubjects,
} from './domains/shop/index.ts'
import { INVENTORY, STORED } from './inventory.ts'
import { backupWhenDue } from './platform/backup/index.ts'
import {
  type Assets,
  assetRoutes,
  clientAddressReader,
  type Front,
  forgetOldLimits,
  open,
  openFront,
  sameOriginOnly,
  securityHeaders,
} from './platform/http/index.ts'
import { isLang, preferredLanguage } from './platform/i18n/index.ts'
import type { JobHandlers, Schedule } from './platform/jobs/index.ts'
import type { Platform } from './platform/platform.ts'
import { forgetDrafts } from './platform/storage/index.ts'
import { tidyFiles } from './platform/tidy-files.ts'
import { publicCalendar } from './protocols/calendar/index.ts'
import { feedJobs, feedRoutes, feedSchedules, feedsBelongings, feedsStudio } from './protocols/feeds/index.ts'
import { oembedRoutes } from './protocols/oembed/index.ts'
import {
  fansFrame,
  formatName,
  giftOf,
  insideOf,
  metricsRoutes,
  notFound,
  onError,
  pageKeeping,
  publicFrame,
  reachableBy,
  siteRoutes,
  soldIn,
} from './site/index.ts'
import { studioRoutes } from './studio/routes.tsx'

/** What stands before the router: the kept pages and the counting. One of it for a web process, shared by its server and its app. */
export const frontOf = (platform: Platform, most?: number): Front =>
  openFront(platform, { ...pageKeeping(platform), ...(most !== undefined && { most }) })

/** The composition root: the whole web program as one function from request to response. */
export function buildApp(platform: Platform, assets: Assets, front: Front = frontOf(platform)): Hono<WebEnv> {
  const { config, pool } = platform
  const members = membersOf(platform)
  const site = { platform, pages: front.pages, subjects: SUBJECTS, offers: OFFERS, members }
  const addressOf = clientAddressReader(config.trustedProxies)
  const ownOrigin = new URL(config.baseUrl).origin

  const app = new Hono<WebEnv>()
  app.use(securityHeaders({ https: ownOrigin.startsWith('https:') }))
  app.route('/', assetRoutes())
  app.get('/healthz', open, async (c) => {
    await pool.query('select 1')
    return c.text('ok')
  })
  platform.mailer.signWith(signRaw(platform))
  app.route('/', metricsRoutes(platform, front))
  app.use(sameOriginOnly((origin, host) => origin === ownOrigin || originHost(origin) === host))
  app.use(async (c, next) => {
    const { incoming } = (c.env ?? {}) as { incoming?: { socket: { remoteAddress?: string } } }
    c.set('address', addressOf(incoming?.socket.remoteAddress ?? '', c.req.header('x-forwarded-for')))
    await next()
  })
  app.use(withActor(platform))
  app.use(async (c, next) => {
    const url = new URL(c.req.url)
    const asked = url.searchParams.get('lang')
    const actor = c.get('actor')
    c.set('page', {
      lang: isLang(asked) ? asked : (actor?.language ?? preferredLanguage(c.req.header('accept-language'))),
      url: config.baseUrl + url.pathname + url.search,
      path: url.pathname + url.search,
      base: config.baseUrl,
      csrf: '',
      actor: actor && { name: actor.name },
      assets: assets.href,
      build: assets.build,
    })
    await next()
  })
  app.use('/studio/*', countWaiting(platform))
  app.use('/studio/*', findBooks(platform))
  app.use('/studio/*', countTasks(platform))
  app.route('/', identityRoutes(platform, { frame: publicFrame(site), belongings: BELONGINGS }))
  app.route(
    '/',
    fansRoutes(platform, {
      frame: fansFrame(site),
      reachable: reachableBy(site),
      giftOf: giftOf(site),
      offers: OFFERS,
      registry: PERSONAL_DATA,
      others: OTHER_MAIL,
      subjects: SUBJECTS,
      notices: PushOffer,
    }),
  )
  app.route(
    '/',
    exchangeApi(platform, SUBJECTS, {
      [LINK_TOKENS]: linkTokens(platform),
      [SHARE_TOKENS]: shareTokens(platform, SUBJECTS),
      [COPY_TOKENS]: copyTokens(platform, SUBJECTS),
    }),
  )
  app.route('/', exchangeStudio(platform, SUBJECTS, reachAsides(SUBJECTS)))
  app.route('/', studioRoutes(platform, SUBJECTS, OFFERS))
  app.route('/', labelRoutes(platform))
  app.route('/', listeningApi(platform))
  app.route(
    '/',
    shopRoutes(platform, {
      frame: fansFrame(site),
      subjects: SUBJECTS,
      offers: OFFERS,
      formatName,
      insideOf: insideOf(platform),
    }),
  )
  app.route('/', booksRoutes(platform, { frame: fansFrame(site), sold: soldIn(SUBJECTS, OFFERS) }))
  app.route('/', reachRoutes(platform, { subjects: SUBJECTS, offers: OFFERS }))
  app.route('/', operationsRoutes(platform, { frame: fansFrame(site), subjects: SUBJECTS, offers: OFFERS }))
  app.route('/', sequencesStudio(platform, { subjects: SUBJECTS, offers: OFFERS }))
  app.route('/', pressRoutes(platform, { frame: fansFrame(site) }))
  app.route('/', musicRoutes(platform, { soundOf: soundsOf, addresses: addressesOf(platform), members }))
  app.route('/', journalRoutes(platform, members))
  app.route('/', inboxRoutes(platform, { frame: fansFrame(site), subjects: SUBJECTS }))
  app.route('/', audioRoutes(platform, members))
  app.route('/', incomingRoutes(platform))
  app.route('/', smsHooks(platform))
  app.route('/', mailHooks(platform, OTHER_MAIL))
  app.route('/', oembedRoutes(platform, SUBJECTS))
  app.route('/', publicCalendar(platform))
  app.route('/', feedRoutes(platform, front.pages))
  app.route('/', feedsStudio(platform))
  app.route('/', siteRoutes(site))
  app.notFound(notFound(site))
  app.onError(onError(site))
  return app
}

const originHost = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : null)

/** Who describes which kind of subject. */
const GIVEN: Subjects = {
  ...senderSubjects,
  ...musicSubjects,
  ...journalSubjects,
  ...shopSubjects,
  ...operationsSubjects,
}
const SUBJECTS: Subjects = { ...GIVEN, ...reachSubjects(GIVEN), ...sequencesSubjects }

/** What the pages of a release say of the addresses that it was given for. */
const addressesOf = (platform: Platform): Addresses => ({
  count: (db, releaseId) => countGiven(db, `release:${releaseId}`, platform.now()),
  close: (releaseId) => closeTakings(platform, `release:${releaseId}`),
})

/** What an artist may speak of in an announcement. */
const OFFERS: OfferSource = async (...asked) => [
  ...(await musicOffers(...asked)),
  ...(await journalOffers(...asked)),
  ...(await operationsOffers(...asked)),
]

/** Who sends mails by another agreement than a subscription: to leave all ends them as well. */
const OTHER_MAIL: OtherMail[] = [pressOtherMail]

/** Who answers for what is kept of people. */
export const PERSONAL_DATA: PersonalData[] = [
  ownPersonalData,
  listeningPersonalData,
  exchangePersonalData,
  journalPersonalData,
  inboxPersonalData,
  reachPersonalData,
  shopPersonalData,
  operationsPersonalData,
  sequencesPersonalData,
  pressPersonalData,
]

/**
 * What each keeps for artists and labels. In this order things are listed, leave and go: sound before what it belongs to, fans after everything that knows of them.
 */
export const BELONGINGS: AllBelongings = {
  identity: identityBelongings,
  audio: audioBelongings,
  music: musicBelongings,
  journal: journalBelongings,
  operations: operationsBelongings,
  press: pressBelongings,
  sequences: sequencesBelongings,
  inbox: inboxBelongings,
  reach: reachBelongings,
  listening: listeningBelongings,
  exchange: exchangeBelongings,
  feeds: feedsBelongings,
  shop: shopBelongings,
  books: booksBelongings,
  label: labelBelongings,
  fans: fansBelongings(PERSONAL_DATA),
}

/** What the worker does, by the name of the job. */
export function jobHandlers(platform: Platform): JobHandlers {
  platform.mailer.signWith(signRaw(platform))
  return handlers(platform)
}

const handlers = (platform: Platform): JobHandlers => ({
  ...identityJobs(platform, BELONGINGS, STORED.named),
  'platform.tidy-files': async () => void (await tidyFiles(platform, STORED)),
  'platform.tidy': async () => {
    await forgetOldLimits(platform.db)
    await forgetDrafts(platform.paths)
  },
  'platform.backup': async (_, { signal }) => void (await backupWhenDue(platform, INVENTORY, signal)),
  'exchange.tidy': () => tidyExchange(platform),
  'exchange.read': (payload) => readGift(platform, payload),
  ...fansJobs(platform),
  ...musicJobs(platform),
  ...audioJobs(platform),
  ...incomingJobs(platform),
  ...journalJobs(platform),
  ...feedJobs(platform, SUBJECTS),
  ...reachJobs(platform, { subjects: SUBJECTS, offers: OFFERS, others: OTHER_MAIL }),
  ...inboxJobs(platform, OTHER_MAIL),
  ...booksJobs(platform, soldIn(SUBJECTS, OFFERS)),
  ...shopJobs(platform),
  ...operationsJobs(platform, SUBJECTS),
  ...sequencesJobs(platform, OFFERS),
  ...pressJobs(platform),
})

export const SCHEDULES: Schedule[] = [
  { name: 'identity.tidy', pattern: '23 3 * * *' },
  { name: 'platform.tidy', pattern: '17 3 * * *' },
  { name: 'platform.tidy-files', pattern: '7 4 * * *' },
  { name: 'platform.backup', pattern: '43 * * * *' },
  { name: 'exchange.tidy', pattern: '27 3 * * *' },
  ...fansSchedules,
  ...musicSchedules,
  ...audioSchedules,
  ...incomingSchedules,
  ...journalSchedules,
  ...feedSchedules,
  ...reachSchedules,
  ...booksSchedules,
  ...shopSchedules,
  ...operationsSchedules,
  ...sequencesSchedules,
  ...pressSchedules,
]

declare module './platform/jobs/jobs.ts' {
  interface JobPayloads {
    'platform.tidy': Record<string, never>
    'platform.tidy-files': Record<string, never>
    'platform.backup': Record<string, never>
  }
}
