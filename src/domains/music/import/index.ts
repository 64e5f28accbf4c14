export type {
  BonusFile,
  Credit,
  CreditRole,
  ImportPlan,
  NamedArtist,
  Origin,
  PlannedCover,
  PlannedRelease,
  PlannedTrack,
  Problem,
  ProblemCode,
  Said,
} from './plan.ts'
export { embeddedCover, type Probe, type ReadOptions } from './read-files.ts'
export { readFolder, readReleases, readUploads } from './read-folder.ts'
export type { SourceFile } from './walk.ts'
export { describeProblem } from './words.ts'
