import { bringIn, readAddress } from '../domains/fans/index.ts'
import { pretendSent, writeDemoAnnouncement } from '../domains/reach/index.ts'
import type { Platform } from '../platform/platform.ts'

const DAY_MS = 24 * 3_600_000

/** Names that nobody bears here; addresses of the reserved `.example`, numbers that the Swedish authority keeps for stories. */
const FANS =
  'Solveig Anaïs Tom Ines Bruno Maëlle Oskar Lise Pavel Nora Hugo Yara Emil Clara Ravi Jeanne Malo Edda Igor Suzon Théo Alba Nils Rose'.split(
    ' ',
  )
const PLACES = ['Nantes', 'Lyon', 'Lille', 'Liège', 'Genève', 'Brest']

/** Some fans of the first artist, an announcement that was sent to them, and one that is being written. */
export async function layOutAnnouncements(platform: Platform, email: string): Promise<void> {
  const { db, now } = platform
  const account = await db.selectFrom('accounts').select('id').where('email', '=', email).executeTakeFirst()
  const releases = await db
    .selectFrom('releases')
    .select(['id', 'artistId', 'title', 'publishedAt'])
    .where('visibility', '=', 'public')
    .orderBy('publishedAt', 'desc')
    .execute()
  const [latest] = releases
  if (!account || !latest) return
  const { artistId } = latest
  await bringFans(platform, artistId)
  const of = { artistId, subject: `release:${latest.id}` as const, by: account.id }
  const sent = await writeDemoAnnouncement(platform, {
    ...of,
    variants: [
      {
        language: 'fr',
        channel: '',
        title: `« ${latest.title} » est là`,
        body: `Bonjour {name},\n\nc’est sorti, et c’est à vous : à écouter, à emporter dans le format que vous voulez.\n\nDites-moi lequel des titres vous garderiez.`,
      },
      {
        language: 'en',
        channel: '',
        title: `“${latest.title}” is out`,
        body: `Hello {name},\n\nit is out and it is yours: to hear, and to take in whatever format you like.\n\nTell me which of the songs you would keep.`,
      },
    ],
  })
  const day = Math.max(latest.publishedAt?.getTime() ?? 0, now().getTime() - 9 * DAY_MS)
  await pretendSent(platform, sent, new Date(day + 60_000), account.id)
  await writeDemoAnnouncement(platform, {
    ...of,
    variants: [
      {
        language: 'fr',
        channel: '',
        title: 'Une chanson de plus',
        body: 'Je l’ai enregistrée hier soir, une seule prise.\n\n- sans batterie\n- avec la pluie',
      },
    ],
  })
}

async function bringFans({ db, signer, now }: Platform, artistId: string): Promise<void> {
  const before = { signer, now: () => new Date(now().getTime() - 40 * DAY_MS) }
  const list = FANS.flatMap((name, n) => {
    const read =
      n % 6 === 5
        ? readAddress('sms', `+46701740${605 + n}`)
        : readAddress(
            'mail',
            `${name
              .normalize('NFD')
              .replace(/[^a-z]/gi, '')
              .toLowerCase()}@fans.example`,
          )
    const language = n % 3 === 2 ? ('en' as const) : ('fr' as const)
    return read.ok
      ? [
          {
            line: n + 1,
            address: read.value,
            name,
            language,
            country: n % 6 === 5 ? 'SE' : 'FR',
            place: PLACES[n % PLACES.length] ?? '',
          },
        ]
      : []
  })
  await db.transaction().execute((tx) =>
    bringIn(tx, before, { artistId }, list, {
      wording: 'Fans inventés pour la démonstration.',
      language: 'fr',
      proof: { demo: true },
    }),
  )
}
