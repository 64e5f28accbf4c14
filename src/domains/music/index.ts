export { appearancesOf } from './appearances.ts'
export { appendPlan, soundChanged } from './append-plan.ts'
export { musicBelongings, playedElsewhere, releaseFolder } from './belongings.ts'
export {
  artistReleases,
  labelReleases,
  latestReleases,
  memberReleases,
  type ReleaseCard,
  releaseCards,
} from './cards.views.ts'
export { createRelease } from './create-release.ts'
export { datedReleases } from './dated.views.ts'
export { type ForMembers, giveReleaseToMembers } from './give-to-members.ts'
export {
  type GivenTo,
  type Gives,
  givesOf,
  linksOpen,
  type Membership,
  membershipFor,
  planKeys,
  type ReleaseState,
  type TrackGives,
  visibilityAt,
} from './given.rules.ts'
export * from './import/index.ts'
export { type Imported, importPlan } from './import-plan.ts'
export { musicJobs, musicSchedules } from './jobs.ts'
export { givenTo, listedFor } from './json.fragments.ts'
export { SONG_LANGUAGES } from './languages.rules.ts'
export { type LicenceTerms, licenceTerms } from './licences.rules.ts'
export type { Members } from './members.port.ts'
export { setCredits } from './names.store.ts'
export { PREVIEW_PARAMETER, releasePath, SECRET_PARAMETER, trackPath } from './paths.rules.ts'
export { pictureOf } from './picture.ts'
export { proseHtml } from './prose.rules.ts'
export type {
  BonusFile as PublicBonusFile,
  Cover,
  CreditLine,
  Looking,
  Named,
  PublicRelease,
  PublicTrack,
} from './public.types.ts'
export { countPublicPages, nextPublication, type PublicPage, publicPages } from './public-pages.views.ts'
export { publishAt } from './publication.store.ts'
export { publishDue } from './publish-due.ts'
export { type PublishProblem, publishRelease } from './publish-release.ts'
export type { NewRelease } from './release.store.ts'
export {
  type Moved,
  type ReleaseTeaser,
  releaseById,
  releasePage,
  releaseTeaser,
  type TrackPage,
  trackPage,
} from './release.views.ts'
export { inSleeveOrder, roleName } from './roles.rules.ts'
export { musicRoutes } from './routes.ts'
export { moveRelease, type ScheduleProblem, scheduleRelease } from './schedule-release.ts'
export { type SearchHit, search } from './search.views.ts'
export { countVisit } from './secret-links.store.ts'
export { keepPicture } from './set-cover.ts'
export { setGives } from './set-gives.ts'
export type { Addresses } from './studio/addresses.ts'
export { imageSentence } from './studio/cover.routes.tsx'
export { artistOfRelease } from './studio/things.ts'
export { Thumb } from './studio/thumb.tsx'
export { studioReleases } from './studio.views.ts'
export { musicOffers, musicSubjects } from './subjects.views.ts'
export type { MusicBrainzIds, ReleaseKind, Visibility } from './tables.ts'
export { artistLine, type ReleaseTags, releaseForTags, type TrackTags } from './tags.views.ts'
export { takeCover } from './take-cover.ts'
export { insertTrack as addTrack } from './track.store.ts'
export { dropTranslations, keepTranslation, type Translation, translationsOf } from './translations.ts'
export { unlistRelease } from './unlist-release.ts'
export { withdrawRelease } from './withdraw-release.ts'
