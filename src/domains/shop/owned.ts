import type { Db } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { type DownloadFormat, downloadFormats, heldWay, makePass, waitingPath } from '../audio/index.ts'
import { describe, type Subjects } from '../exchange/index.ts'
import type { Holding } from './holdings.views.ts'
import type { Owned } from './pages/order.tsx'

type Site = { subjects: Subjects; formatName: (format: DownloadFormat, lang: Lang) => string }

/** What is somebody's, with where each format is taken. What is not there any more is left out. */
export async function ownedAs(
  { db, signer, now }: { db: Db } & Pick<Platform, 'signer' | 'now'>,
  { subjects, formatName }: Site,
  holdings: Holding[],
  lang: Lang,
): Promise<Owned[]> {
  const facts = await describe(
    db,
    subjects,
    holdings.map(({ subject }) => subject),
  )
  const isOpen = new Set(holdings.filter(({ opensAt }) => !opensAt).map(({ subject }) => subject))
  return holdings.flatMap((holding) => {
    const { subject, artistName, opensAt } = holding
    const found = facts.get(subject)
    const [kind, id = ''] = subject.split(':')
    if (!found || (kind !== 'release' && kind !== 'track')) return []
    // What came early is in what is whole by now.
    if (holding.isEarly && isOpen.has(found.givenAs)) return []
    // A pass is for a release: a track's opens with its release's.
    const pass = makePass(signer, found.givenAs, heldWay(subject), now())
    return [
      {
        title: found.title,
        of: artistName ?? '',
        opensAt,
        formats: opensAt
          ? []
          : downloadFormats.map((format) => ({
              label: formatName(format, lang),
              href: waitingPath(kind, id, format, pass),
            })),
      },
    ]
  })
}
