import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'
import type { Members } from '../music/index.ts'
import { downloadRoutes } from './download.routes.ts'
import { mediaRoutes } from './media.routes.ts'
import { soundRoutes } from './sound/sound.routes.tsx'

export { mayTake } from './access.views.ts'
export { filePath, mayBegin, waitingPath, wantedBy } from './download.routes.ts'
export { type Format as DownloadFormat, formats as downloadFormats } from './engine/formats.ts'
export {
  type AudioProblem,
  type AudioProblemCode,
  defaultLimits,
  type FilmLimits,
  isOfTheFile,
  type Loudness,
  type MasterFacts,
} from './engine/index.ts'
export { type FailedSound, failedSounds } from './failed.views.ts'
export { type DescribedRelease, describeRelease } from './incoming/describe-release.ts'
export { type ImportedRelease, importFolder } from './incoming/import-folder.ts'
export { incomingJobs, incomingSchedules } from './incoming/jobs.ts'
export { twin } from './incoming/keep-files.ts'
export { boundaryOf, isBrokenConnection, MultipartCut, type Part, readMultipart } from './incoming/multipart.ts'
export { incomingRoutes } from './incoming/routes.ts'
export { createReceiver } from './incoming/tus.ts'
export { waitPrepared } from './incoming/wait-prepared.ts'
export { audioJobs, audioSchedules } from './jobs.ts'
export { type KeptMaster, keepMaster, setMaster } from './keep-master.ts'
export { type MadeStreams, makeStreams } from './make-streams.ts'
export {
  givenWay,
  heldWay,
  makePass,
  memberOf as memberOfWay,
  memberWay,
  PASS_PARAMETER,
  readPass,
  studioWay,
  wayOf as passWayOf,
} from './pass.ts'
export { prepareMaster } from './prepare-master.ts'
export { engine } from './run-engine.ts'
export { enclosuresOf, gainOf, type Playable, playable, type Sound, soundsOf } from './streams.views.ts'
export { type Taking, take, type Wanted } from './take.ts'

/** Everything under `/media/` that sounds, and the studio's pages about it. */
export const audioRoutes = (platform: Platform, members: Members): Hono<WebEnv> =>
  new Hono<WebEnv>()
    .route('/', mediaRoutes(platform, members))
    .route('/', downloadRoutes(platform, members))
    .route('/', soundRoutes(platform))
export { audioBelongings } from './belongings.ts'
