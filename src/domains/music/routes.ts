import { Hono } from 'hono'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'
import { imageRoutes } from './image.routes.ts'
import { type Members, noMembers } from './members.port.ts'
import { accessRoutes } from './studio/access.routes.tsx'
import { type Addresses, noAddresses } from './studio/addresses.ts'
import { coverRoutes } from './studio/cover.routes.tsx'
import { detailsRoutes } from './studio/details.routes.tsx'
import { extrasRoutes } from './studio/extras.routes.tsx'
import { listRoutes } from './studio/list.routes.tsx'
import { previewRoutes } from './studio/preview.routes.tsx'
import { noSound, type SoundOf } from './studio/sounds.ts'
import { trackRoutes } from './studio/track.routes.tsx'
import { tracksRoutes } from './studio/tracks.routes.tsx'

export type MusicRoutesOptions = {
  /** What is known of the sound of recordings, from the domain that keeps it. */
  soundOf?: SoundOf
  /** What is known of the addresses that downloads were given for. */
  addresses?: Addresses
  /** Who is a member of whom, from the domain that sells it. */
  members?: Members
  /** The page where one drops an album. */
  dropHref?: string
}

/** All that the music domain answers by itself: pictures, and its part of the studio. */
export function musicRoutes(
  platform: Platform,
  {
    soundOf = noSound,
    addresses = noAddresses,
    members = noMembers,
    dropHref = '/studio/music/new',
  }: MusicRoutesOptions = {},
): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .route('/', imageRoutes(platform))
    .route('/', listRoutes(platform, dropHref))
    .route('/', tracksRoutes(platform, soundOf))
    .route('/', trackRoutes(platform))
    .route('/', detailsRoutes(platform))
    .route('/', coverRoutes(platform))
    .route('/', extrasRoutes(platform))
    .route('/', accessRoutes(platform, { soundOf, addresses, members }))
    .route('/', previewRoutes(platform))
}
