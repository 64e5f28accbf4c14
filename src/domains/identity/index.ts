export { accountAt, accountMay, type Desk } from './actor.views.ts'
export { setArtistTheme } from './artists/set-theme.ts'
export { createArtist, createLabel, type NewArtist } from './artists.store.ts'
export {
  type Artist,
  type ArtistSummary,
  allArtists,
  allLabels,
  artistBySlug,
  artistsFor,
  type Found,
  isGone,
  type Label,
  type LabelSummary,
  labelRoster,
  lendingTo,
} from './artists.views.ts'
export { type AuditAction, type AuditEntry, audit } from './audit.ts'
export { openDemoPeople } from './demo-people.ts'
export { type Posted, readForm, readTexts, smallBody } from './form.ts'
export { actorOf, guard, type WebEnv } from './guard.ts'
export { identityJobs } from './jobs.ts'
export { recoveryLink, setUpLink } from './links.ts'
export { openRequests } from './people/people.views.ts'
export { readBlocks } from './place/legal-text.ts'
export type { PublicFrame, PublicPage } from './place/public-frame.tsx'
export { LegalText } from './place/public-pages.tsx'
export { momentRefused, PublicationSteps, publicationSentence } from './publication.tsx'
export { MembersStep, type Plan, plansMissing, readMembersChoice } from './publication-members.tsx'
export {
  type AllBelongings,
  type Asking,
  type Belongings,
  type Leftover,
  type Owner,
  ownerColumn,
  type Packed,
  type Removing,
} from './removal/belongings.ts'
export { backNotice, type Leaving, LeavingList, leavingFor } from './removal/leaving-list.tsx'
export { inLots } from './removal/lots.ts'
export { intoSight, outOfSight } from './removal/out-of-sight.ts'
export { identityBelongings } from './removal/own-belongings.ts'
export { isReserved } from './reserved.rules.ts'
export {
  type Action,
  type Actor,
  can,
  type MandatePermission,
  type Role,
  type Thing,
} from './rights.rules.ts'
export { identityRoutes } from './routes.tsx'
export {
  type Sender,
  type SenderColumns,
  senderColumns,
  senderId,
  senderOf,
  senderThing,
} from './sender.rules.ts'
export { senderNames } from './sender.views.ts'
export { currentSender, type SenderAtDesk, senderAtDesk, senderHere } from './sender-desk.ts'
export { currentArtist, withActor } from './session.ts'
export { type SiteSettings, siteSettings } from './site-settings.ts'
export { slugify } from './slug.rules.ts'
export type { SlugError } from './slugs.store.ts'
export { StudioPage, type StudioPageProps } from './studio-page.tsx'
export type { ArtistTable, LabelTable, Link, ThemeChoice } from './tables.ts'
export { ThingPage } from './thing-page.tsx'
export { clockAt, zoneAt, zoneName, zoneOf, zoneOptions } from './zones.ts'
