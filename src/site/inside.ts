import { journalItems } from '../domains/journal/index.ts'
import { type Membership, memberReleases } from '../domains/music/index.ts'
import type { Platform } from '../platform/platform.ts'

const MOST = 50

/** What a membership opens that not everybody has, the latest first. */
export const insideOf =
  ({ db, now }: Pick<Platform, 'db' | 'now'>) =>
  async (membership: Membership): Promise<{ href: string; title: string }[]> => {
    const looking = { now: now(), memberships: [membership] }
    const [releases, items] = await Promise.all([
      memberReleases(db, membership.artistId, looking.now, [membership]),
      journalItems(db, membership.artistId, { limit: MOST, ...looking }),
    ])
    const posts = items.flatMap((item) =>
      'post' in item && item.post.givenTo ? [{ post: item.post, at: item.at }] : [],
    )
    return [
      ...releases
        .filter(({ opens }) => opens)
        .map(({ path, title, membersAt }) => ({ href: path, title, at: membersAt })),
      ...posts.map(({ post: { path, title }, at }) => ({ href: path, title, at })),
    ]
      .toSorted((a, b) => (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0))
      .slice(0, MOST)
      .map(({ href, title }) => ({ href, title }))
  }
