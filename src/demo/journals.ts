import { senderOf } from '../domains/identity/index.ts'
import {
  addComment,
  addPicture,
  answerComment,
  blockLine,
  createPost,
  moderateComment,
  publishPost,
  setPostCover,
} from '../domains/journal/index.ts'
import type { Platform } from '../platform/platform.ts'
import { demoLabel } from './catalogue.ts'
import { paintCover, type Sleeve } from './covers.ts'

const DAY_MS = 24 * 3_600_000
const HOUR_MS = 3_600_000

type Remark = { by: string; text: string; hoursLater: number; answer?: string; waits?: boolean }
type DemoPost = {
  /** The address of the artist or label whose journal it stands in. */
  writer: string
  title: string
  language: 'en' | 'fr'
  /** Days before today; null: it is still being written. */
  daysAgo: number | null
  words: string
  picture?: { sleeve: Sleeve; alt: string }
  /** A piece of the catalogue that plays at the end, by its title. */
  plays?: { kind: 'track' | 'release'; title: string }
  after?: string
  remarks?: Remark[]
}

const POSTS: DemoPost[] = [
  {
    writer: 'lampyre-9',
    title: 'Une danse pour les voisins du dessous',
    language: 'fr',
    daysAgo: 8,
    picture: {
      sleeve: { seed: 'carrelage', manner: 'tiles', palette: ['#f1e4cb', '#d4502f', '#2f5d62', '#f0a93b', '#1f2a33'] },
      alt: 'Un carrelage de quarts de cercle rouges, verts et jaunes, posés comme ils sont tombés.',
    },
    words:
      'La cuisine est la seule pièce où l’on peut danser sans que rien tombe. On a poussé la table, compté *huit carreaux* dans la longueur, et réglé le tempo sur le réfrigérateur.\n\nIl fallait que cela reste **doux pour les voisins du dessous** : pas de grosse caisse avant la deuxième minute.',
    plays: { kind: 'release', title: 'Petite fête sans électricité' },
    after: 'Si vous dansez dessus, dites-moi combien de carreaux a votre cuisine.',
    remarks: [
      {
        by: 'Solveig',
        text: 'Six carreaux et demi. On tourne court, mais on tourne.',
        hoursLater: 5,
        answer: 'Six et demi, c’est la bonne mesure. Le demi est pour le chat.',
      },
      { by: 'Maëlle', text: 'Les voisins du dessous, c’est nous. Merci pour la grosse caisse.', hoursLater: 29 },
      { by: 'Igor', text: 'Est-ce que la version de l’aube se joue aussi le soir ?', hoursLater: 188, waits: true },
    ],
  },
  {
    writer: 'lampyre-9',
    title: 'Ce que l’on trouve dans un grenier',
    language: 'fr',
    daysAgo: 0.8,
    words:
      'Trois malles, un projecteur sans lampe, une carte où le village n’est pas. Nous y sommes montés à trois avec un enregistreur, et nous sommes redescendus avec six morceaux.\n\n## Dans quel ordre écouter\n\n- le premier au soleil\n- le dernier en refermant la trappe\n- celui-ci, quand la lucarne s’éclaire :',
    plays: { kind: 'track', title: 'La lucarne' },
  },
  {
    writer: 'lampyre-9',
    title: 'La prochaine fois, avec des tambours',
    language: 'fr',
    daysAgo: null,
    words: 'Noté pour ne pas oublier : deux tambours, une porte qui ferme mal, et quelqu’un qui compte à voix haute.',
  },
  {
    writer: 'oriane-talvast',
    title: 'Le feutre et les marteaux',
    language: 'fr',
    daysAgo: 20,
    picture: {
      sleeve: { seed: 'marteaux', manner: 'rain', palette: ['#20283a', '#4b5a7d', '#8c9dbf', '#f0e3c8', '#d98f5c'] },
      alt: 'Des traits de pinceau qui tombent comme la pluie, et une fenêtre allumée.',
    },
    words:
      'On me demande comment on étouffe un piano. Avec une vieille couverture, coupée en bandes, glissée entre les marteaux et les cordes. Il faut recommencer tous les mois, et chaque mois le piano change de voix.',
    plays: { kind: 'track', title: 'Le chat du cinquième' },
  },
  {
    writer: 'the-paper-weirs',
    title: 'The week the ford came up',
    language: 'en',
    daysAgo: 14,
    words:
      'Once in a dry year the stones of the old ford come up, and for a week one can cross without the bridge. We carried the guitars over on Monday and forgot the chairs, which is why everybody stands on this record.',
    plays: { kind: 'track', title: 'Stepping Stones' },
  },
  {
    writer: demoLabel.slug,
    title: 'Ce que nous n’avons pas rangé',
    language: 'fr',
    daysAgo: 5,
    words:
      'On nous demande pourquoi un label, quand trois artistes suffiraient. Parce qu’il faut quelqu’un pour porter les cartons, répondre aux lettres et dire **non, pas encore**.\n\nCette année nous avons sorti cinq disques et monté deux fois l’échelle du grenier. La prochaine fois, nous rangerons.',
  },
]

/** Journals that were kept for a month, with pictures, music between the words, and what readers said of it. */
export async function layOutJournals(platform: Platform, email: string): Promise<void> {
  const account = await platform.db.selectFrom('accounts').select('id').where('email', '=', email).executeTakeFirst()
  if (account) for (const post of POSTS) await layOutPost(platform, post, account.id)
}

async function layOutPost(platform: Platform, post: DemoPost, by: string): Promise<void> {
  const { db } = platform
  const { title, language, daysAgo } = post
  const writer = await db
    .selectFrom('senders')
    .select(['id', 'artistId', 'labelId'])
    .where('slug', '=', post.writer)
    .executeTakeFirst()
  if (!writer) return
  const lines = [post.words, await playing(db, writer.id, post.plays), post.after].filter(Boolean)
  const { id: postId } = await createPost(db, {
    ...senderOf(writer),
    title,
    language,
    body: lines.join('\n\n'),
    createdBy: by,
  })
  if (post.picture) {
    const { bytes } = await paintCover(post.picture.sleeve)
    const kept = await addPicture(platform, { postId, picture: bytes, alt: post.picture.alt, put: false })
    if (!kept.ok) throw new Error(`The demo's own picture was refused: ${JSON.stringify(kept.error)}`)
    await setPostCover(platform, { postId, pictureId: kept.value.id })
  }
  if (daysAgo === null) return
  const at = new Date(platform.now().getTime() - daysAgo * DAY_MS)
  await publishPost({ db, now: () => at }, { postId, by })
  for (const remark of post.remarks ?? []) await layOutRemark(platform, { postId, language, at, by }, remark)
}

async function playing(db: Platform['db'], artistId: string, plays: DemoPost['plays']): Promise<string | null> {
  if (!plays) return null
  const { kind, title } = plays
  const found =
    kind === 'release'
      ? await db
          .selectFrom('releases')
          .select('id')
          .where('artistId', '=', artistId)
          .where('title', '=', title)
          .executeTakeFirst()
      : await db
          .selectFrom('tracks')
          .innerJoin('releases', 'releases.id', 'tracks.releaseId')
          .innerJoin('recordings', 'recordings.id', 'tracks.recordingId')
          .select('tracks.id')
          .where('releases.artistId', '=', artistId)
          .where('recordings.title', '=', title)
          .executeTakeFirst()
  return found ? blockLine(kind, found.id, title) : null
}

type Under = { postId: string; language: 'en' | 'fr'; at: Date; by: string }

async function layOutRemark({ db, now }: Platform, { postId, language, at, by }: Under, remark: Remark): Promise<void> {
  const fan = await db
    .selectFrom('fans')
    .select(['id', 'personId'])
    .where('name', '=', remark.by)
    .orderBy('id')
    .executeTakeFirst()
  if (!fan) return
  const then = (hours: number) => () => new Date(Math.min(at.getTime() + hours * HOUR_MS, now().getTime() - HOUR_MS))
  const said = await addComment(
    { db, now: then(remark.hoursLater) },
    {
      postId,
      language,
      name: remark.by,
      text: remark.text,
      mail: null,
      author: { fanId: fan.id, personId: fan.personId },
    },
  )
  if (!said.ok || remark.waits) return
  const commentId = said.value.id
  const later = { db, now: then(remark.hoursLater + 2) }
  if (remark.answer) await answerComment(later, { commentId, text: remark.answer, by })
  else await moderateComment(later, { commentId, state: 'shown', by })
}
