export { accountMay, type Desk } from './actor.views.ts'
export { setArtistTheme } from './artists/set-theme.ts'
export { createArtist, createLabel, type NewArtist } from './artists.store.ts'
export {
  type Artist,
  type ArtistSummary,
  allArtists,
  allLabels,
  artistById,
  artistBySlug,
  artistsFor,
  type Found,
  type Label,
  type LabelSummary,
  labelById,
  labelRoster,
} from './artists.views.ts'
export { type AuditEntry, audit } from './audit.ts'
export { openDemoPeople } from './demo-people.ts'
export { actorOf, guard, type WebEnv } from './guard.ts'
export { identityJobs } from './jobs.ts'
export { recoveryLink, setUpLink } from './links.ts'
export type { PublicFrame, PublicPage } from './place/public-frame.tsx'
export { isReserved } from './reserved.rules.ts'
export {
  type Action,
  type Actor,
  can,
  MANDATE_PERMISSIONS,
  type MandatePermission,
  type Role,
  type Thing,
} from './rights.rules.ts'
export { identityRoutes } from './routes.tsx'
export { currentArtist, currentLabel, withActor } from './session.ts'
export { type SiteSettings, siteSettings } from './site-settings.ts'
export { asSlug, slugify } from './slug.rules.ts'
export { renameSlug, type SlugError } from './slugs.store.ts'
export { StudioPage, type StudioPageProps } from './studio-page.tsx'
export type { ArtistTable, LabelTable, Link, ThemeChoice } from './tables.ts'
