import { sql } from 'kysely'
import type { Db } from '../../platform/database/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { type OpenTaking, takingByKey } from '../fans/index.ts'
import { accountMay } from '../identity/index.ts'
import {
  givenTo,
  givesOf,
  linksOpen,
  type Members,
  membershipFor,
  type ReleaseState,
  type TrackGives,
  visibilityAt,
} from '../music/index.ts'
import { accountOf, givenKeyOf, heldOf, MACHINE, memberOf, type Pass, readPass, wayOf } from './pass.ts'

type Held = { artistId: string; releaseId: string; release: ReleaseState; track: TrackGives; asksAddress: boolean }

export type Access = {
  artistId: string
  releaseId: string
  /** How the answer may be kept: by everybody, or by this visitor alone. */
  shared: boolean
  taking: OpenTaking | null
  /** It was bought: all of it is theirs, whatever is given to others. */
  whole: boolean
}

/**
 * Whether whoever asks may have a release's or a track's media: it is given to everyone, or they hold a pass by a way that is still open.
 * Null: it is as if it were not there.
 */
export async function mediaAccess(
  { db, signer, now, members }: Pick<Platform, 'db' | 'signer' | 'now'> & { members: Members },
  item: { release: string } | { track: string },
  what: 'stream' | 'download',
  pass: string | undefined,
): Promise<Access | null> {
  const held = await holding(db, item)
  if (!held) return null
  const { artistId, releaseId, release, track, asksAddress } = held
  const found = { artistId, releaseId, taking: null, whole: false }
  const given = givesOf(release.gives, track)[what]
  const opened = readPass(signer, `release:${releaseId}`, pass, now())
  const bought = opened && what === 'download' && heldOf(opened.way)
  if (bought && isOf(bought, item, releaseId)) return { ...found, whole: true, shared: false }
  const isPublic = visibilityAt(release, now()) === 'public'
  if (isPublic && given && what === 'download') {
    // Whoever gave an address is counted by it, where everybody may take it as well.
    const key = opened && givenKeyOf(opened.way)
    const taking = key ? await takingByKey(db, key, now()) : null
    if (taking && isOf(taking.subject, item, releaseId)) return { ...found, taking, shared: false }
  }
  if (isPublic && given && !(what === 'download' && asksAddress)) return { ...found, shared: true }
  if (!opened) return null
  if (opened.way === MACHINE) return { ...found, shared: false }
  const account = accountOf(opened.way)
  if (account) return (await mayEdit(db, account, artistId)) ? { ...found, shared: false } : null
  const ref = memberOf(opened.way)
  if (ref) {
    const membership = given ? await members.byRef(ref) : null
    return membership && membershipFor(release.givenTo, [membership]) ? { ...found, shared: false } : null
  }
  return given && isOpen(opened, release, now()) ? { ...found, shared: false } : null
}

/** Whether everybody may download it, now: at once, or for an address. */
export const mayTake = async (
  deps: Pick<Platform, 'db' | 'now'>,
  item: { release: string } | { track: string },
): Promise<boolean> => {
  const held = await holding(deps.db, item)
  if (!held || visibilityAt(held.release, deps.now()) !== 'public') return false
  return givesOf(held.release.gives, held.track).download
}

/** What is of a release opens its tracks as well, a track's that track alone. */
const isOf = (subject: string, item: { release: string } | { track: string }, releaseId: string): boolean =>
  subject === `release:${releaseId}` || ('track' in item && subject === `track:${item.track}`)

function isOpen(pass: Pass, release: ReleaseState, now: Date): boolean {
  return linksOpen(visibilityAt(release, now)) && release.secretTokens.some((token) => wayOf(token) === pass.way)
}

/** A player asks for a stream in many small pieces: what was found is believed for two seconds, so that withdrawing works at once. */
const BELIEVED_MS = 2_000
const AT_MOST = 5_000

function believing<K, V>(ask: (db: Db, about: K) => Promise<V>): (db: Db, about: K) => Promise<V> {
  const believed = new WeakMap<Db, Map<string, { until: number; held: Promise<V> }>>()
  return (db, about) => {
    const kept = believed.get(db) ?? new Map<string, { until: number; held: Promise<V> }>()
    believed.set(db, kept)
    const key = JSON.stringify(about)
    const found = kept.get(key)
    if (found && found.until > Date.now()) return found.held
    if (kept.size > AT_MOST) kept.clear()
    const held = ask(db, about)
    held.catch(() => kept.delete(key))
    kept.set(key, { until: Date.now() + BELIEVED_MS, held })
    return held
  }
}

const holding = believing((db, item: { release: string } | { track: string }) => ask(db, item))
const workingFor = believing((db, [accountId, artistId]: [string, string]) =>
  accountMay(db, accountId, 'music.edit', { kind: 'artist', artistId }),
)
const mayEdit = (db: Db, accountId: string, artistId: string): Promise<boolean> => workingFor(db, [accountId, artistId])

type Row = Omit<ReleaseState, 'gives'> & {
  artistId: string
  releaseId: string
  givesStream: boolean
  givesDownload: boolean
  asksAddress: boolean
  trackStream: boolean | null
  trackDownload: boolean | null
}

async function ask(db: Db, item: { release: string } | { track: string }): Promise<Held | null> {
  const tokens = sql`(select coalesce(array_agg(token), '{}') from secret_links where release_id = r.id and revoked_at is null)`
  const { rows } =
    'track' in item
      ? await sql<Row>`
          select r.artist_id, r.id as release_id, r.visibility, r.publish_at, r.gives_stream, r.gives_download, r.asks_address, ${givenTo} as given_to,
            t.gives_stream as track_stream, t.gives_download as track_download, ${tokens} as secret_tokens
          from tracks t join releases r on r.id = t.release_id where t.id = ${item.track}`.execute(db)
      : await sql<Row>`
          select r.artist_id, r.id as release_id, r.visibility, r.publish_at, r.gives_stream, r.gives_download, r.asks_address, ${givenTo} as given_to,
            null as track_stream, null as track_download, ${tokens} as secret_tokens
          from releases r where r.id = ${item.release}`.execute(db)
  const row = rows[0]
  if (!row) return null
  const { artistId, releaseId, visibility, publishAt, secretTokens } = row
  return {
    artistId,
    releaseId,
    release: {
      visibility,
      publishAt,
      secretTokens,
      gives: { stream: row.givesStream, download: row.givesDownload },
      givenTo: row.givenTo,
    },
    track: { stream: row.trackStream, download: row.trackDownload },
    asksAddress: row.asksAddress,
  }
}
