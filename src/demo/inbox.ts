import { type DemoConversation, playConversation } from '../domains/inbox/index.ts'
import type { Platform } from '../platform/platform.ts'

const HOUR_MS = 3_600_000

type Line = { from: 'fan' | 'artist' | 'note'; text: string; subject?: string; hoursAgo: number }
type Talk = { fan: string; way: 'mail' | 'sms'; lines: Line[]; done?: boolean }

const TALKS: Talk[] = [
  {
    fan: 'Anaïs',
    way: 'mail',
    lines: [
      {
        from: 'fan',
        subject: 'Re : « Le Grenier, vol. 1 » est là',
        text: 'Bonjour,\n\nje garderais « La lucarne ». Je l’ai écoutée dans l’escalier, la lumière s’est éteinte au bon moment.\n\nEst-ce que vous jouez quelque part cet hiver ?\n\nAnaïs',
        hoursAgo: 5,
      },
    ],
  },
  {
    fan: 'Tom',
    way: 'mail',
    done: true,
    lines: [
      {
        from: 'fan',
        subject: 'Re: “Le Grenier, vol. 1” is out',
        text: 'The FLAC of Toboggan stops at 98 % for me, twice now.',
        hoursAgo: 20,
      },
      { from: 'note', text: 'Même connexion que Bruno, il y a un mois.', hoursAgo: 19.5 },
      {
        from: 'artist',
        subject: 'Re: “Le Grenier, vol. 1” is out',
        text: 'Hello Tom, press the same link again: it goes on from where it stopped. If it does not, tell me and I will send it by itself.',
        hoursAgo: 19,
      },
      { from: 'fan', subject: 'Re: “Le Grenier, vol. 1” is out', text: 'It did. Thank you.', hoursAgo: 17 },
    ],
  },
  {
    fan: 'Lise',
    way: 'mail',
    lines: [
      { from: 'fan', subject: 'Re : « Le Grenier, vol. 1 » est là', text: 'Merci pour ce grenier.', hoursAgo: 15 },
      { from: 'artist', subject: 'Re : « Le Grenier, vol. 1 » est là', text: 'Merci d’y être montée.', hoursAgo: 14 },
    ],
  },
]

/** What fans answered to what they were sent: one waits, two were answered. */
export async function layOutInbox(platform: Platform, email: string): Promise<void> {
  const { db, now } = platform
  const account = await db.selectFrom('accounts').select('id').where('email', '=', email).executeTakeFirst()
  const sent = await db
    .selectFrom('announcements')
    .select(['id', 'artistId'])
    .where('state', '=', 'sent')
    .where('artistId', 'is not', null)
    .orderBy('finishedAt', 'desc')
    .executeTakeFirst()
  const artistId = sent?.artistId
  if (!account || !artistId) return
  for (const { fan: name, way, lines, done } of TALKS) {
    const fan = await db
      .selectFrom('fans')
      .innerJoin('fanAddresses', 'fanAddresses.fanId', 'fans.id')
      .select(['fans.id as fanId', 'personId', 'fans.language', 'fanAddresses.address'])
      .where('fans.name', '=', name)
      .where('fanAddresses.channel', '=', way)
      .executeTakeFirst()
    if (!fan) continue
    const talk: DemoConversation = {
      artistId,
      fan,
      way,
      address: fan.address,
      about: `announcement:${sent.id}`,
      by: account.id,
      lines: lines.map(({ hoursAgo, ...line }) => ({ ...line, at: new Date(now().getTime() - hoursAgo * HOUR_MS) })),
      ...(done && { done }),
    }
    await playConversation(platform, talk)
  }
}
