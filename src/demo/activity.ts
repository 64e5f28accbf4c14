import { type NewTouch, recordReturn, recordTouches, type Subject } from '../domains/exchange/index.ts'
import { newId } from '../platform/ids.ts'
import type { Platform } from '../platform/platform.ts'
import { randomFrom } from './music/random.ts'

const DAY_MS = 24 * 3_600_000
const HOUR_MS = 3_600_000

/** By which ways the invented visitors come: hosts of the reserved `.example`, tokens of links, or by themselves. */
const WAYS = [
  { referrer: null, token: null },
  { referrer: null, token: null },
  { referrer: 'forum.example', token: null },
  { referrer: 'radio.example', token: null },
  { referrer: 'social.example', token: null },
  { referrer: null, token: 'embed' },
  { referrer: null, token: 'affiche' },
]

type Given = { releaseId: string; artistId: string; publishedAt: Date; tracks: string[]; downloads: boolean }

/** A month of visits, listens and downloads for every published release: many at first, a wave a week later, a few that stay. */
export async function playMonth(platform: Pick<Platform, 'db' | 'now'>): Promise<void> {
  const random = randomFrom('a month')
  const people = Array.from({ length: 160 }, () => newId())
  for (const given of await givenSoFar(platform.db)) {
    const days = Math.floor((platform.now().getTime() - given.publishedAt.getTime()) / DAY_MS)
    for (let day = 0; day <= days; day++) {
      const visits = Math.round((26 * Math.exp(-day / 3.5) + (day % 7 === 6 ? 9 : 0) + 3) * random.between(0.6, 1.4))
      for (let visit = 0; visit < visits; visit++) await playVisit(platform, given, day, random, people)
    }
  }
}

async function playVisit(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  { releaseId, artistId, publishedAt, tracks, downloads }: Given,
  day: number,
  random: ReturnType<typeof randomFrom>,
  people: string[],
): Promise<void> {
  const at = new Date(publishedAt.getTime() + day * DAY_MS + random.between(0.5, 15) * HOUR_MS)
  if (at > now()) return
  const release = `release:${releaseId}` as const
  const way = random.pick(WAYS)
  // Some come back, most come once: the first names on the list are the faithful ones.
  const personId = people[Math.floor(people.length * random.next() ** 2)] as string
  const touches: NewTouch[] = [
    { key: newId(), artistId, subject: release, givenAs: release, personId, channel: 'page', at, ...way },
  ]
  const heard = random.chance(0.62) ? random.whole(1, Math.min(tracks.length, 4)) : 0
  const returns: { kind: string; subject: Subject; at: Date }[] = []
  for (let index = 0; index < heard; index++) {
    const subject = `track:${tracks[index]}` as const
    const started = new Date(at.getTime() + index * 150_000)
    touches.push({
      key: newId(),
      artistId,
      subject,
      givenAs: release,
      personId,
      channel: 'start',
      at: started,
      referrer: null,
      token: null,
    })
    if (random.chance(0.7)) returns.push({ kind: 'listen', subject, at: started })
  }
  if (downloads && heard > 0 && random.chance(0.18))
    returns.push({ kind: 'download', subject: release, at: new Date(at.getTime() + 60_000) })
  await recordTouches(db, touches)
  if (returns.length)
    await db.transaction().execute(async (tx) => {
      for (const entry of returns)
        await recordReturn(tx, { ...entry, ...way, key: newId(), artistId, givenAs: release, personId })
    })
}

async function givenSoFar(db: Platform['db']): Promise<Given[]> {
  const releases = await db
    .selectFrom('releases')
    .select(['id', 'artistId', 'publishedAt', 'givesDownload'])
    .where('visibility', '=', 'public')
    .where('publishedAt', 'is not', null)
    .execute()
  const given: Given[] = []
  for (const { id, artistId, publishedAt, givesDownload } of releases) {
    const tracks = await db
      .selectFrom('tracks')
      .select('id')
      .where('releaseId', '=', id)
      .orderBy('disc')
      .orderBy('position')
      .execute()
    given.push({
      releaseId: id,
      artistId,
      publishedAt: publishedAt as Date,
      tracks: tracks.map((track) => track.id),
      downloads: givesDownload,
    })
  }
  return given
}
