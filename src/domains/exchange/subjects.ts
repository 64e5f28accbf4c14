import type { Child } from 'hono/jsx'
import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { lendingTo, type Sender } from '../identity/index.ts'

/** What a gift, a touch or a return is about: `release:<uuid>`, `track:<uuid>`. The kind is a key of the registry. */
export type Subject = `${string}:${string}`

export type SubjectFacts = {
  /** Whose books it stands in: an artist's id, or a label's (docs/decisions/0055). */
  artistId: string
  title: string
  /** Path of its public page. */
  path: string
  /** The gift that it belongs to: a track is given with its release. */
  givenAs: Subject
  /** Since or from when anybody may open its page; null while nobody may, and for what is its makers' alone. */
  publicAt: Date | null
  /** Whether somebody may ask to be told of each of it: a series that goes on. */
  goesOn?: boolean
}

/** Each domain describes its own ids; what is not there, or not public any more, may still be described: history stays readable. */
export type SubjectSource = (db: Db | Tx, ids: string[], lang?: Lang) => Promise<Map<string, SubjectFacts>>
export type Subjects = Record<string, SubjectSource>

/** Something that an artist or a label can give, or speak of: what an announcement may be about. */
export type Offer = {
  subject: Subject
  title: string
  /** What it is a part of: a track's release. */
  within: Subject | null
  /** Since or from when anybody may have it; null while nobody may. */
  publicAt: Date | null
  /** Nobody can take part in it any more: it may be spoken of, and is not offered to be passed on. */
  isOver?: boolean
  /** The members who have it until then, by any plan where none is named. */
  givenTo?: { artistId: string; plans: readonly string[] } | null
}

/** Each domain lists what it has of an artist or a label, the latest first; or those that are `named`, however many came after them. */
export type OfferSource = (db: Db | Tx, senderId: string, named?: readonly Subject[]) => Promise<Offer[]>

/** What they can give: an artist what is theirs, a label its own posts and what is of those artists who let it speak of their music. */
export async function offersFor(
  offers: OfferSource,
  db: Db | Tx,
  sender: Sender,
  named?: readonly Subject[],
): Promise<Offer[]> {
  const ids = 'artistId' in sender ? [sender.artistId] : await lenders(db, sender.labelId)
  return (await Promise.all(ids.map((id) => offers(db, id, named)))).flat()
}

const lenders = async (db: Db | Tx, labelId: string) => [labelId, ...(await lendingTo(db, labelId, 'announce.send'))]

/** The artist or label whose thing it is, if they can give it; null when they cannot, or no more. */
export async function giverOf(
  offers: OfferSource,
  db: Db | Tx,
  sender: Sender,
  subject: Subject,
): Promise<string | null> {
  if ('artistId' in sender) return sender.artistId
  for (const id of await lenders(db, sender.labelId))
    if ((await offers(db, id, [subject])).some((offer) => offer.subject === subject)) return id
  return null
}

/** What the page of a gift says besides, by the kind of its subject: the domain that gave it knows more of it. */
export type Asides = Record<string, (db: Db, id: string, lang: Lang) => Promise<Child>>

const SUBJECT = /^([a-z]+):([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/

export const isSubject = (text: unknown): text is Subject => typeof text === 'string' && SUBJECT.test(text)

/** Describes many subjects at once, one question a kind. Unknown ones are absent from the answer. */
export async function describe(
  db: Db | Tx,
  registry: Subjects,
  subjects: Iterable<Subject>,
): Promise<Map<Subject, SubjectFacts>> {
  const idsByKind = new Map<string, string[]>()
  for (const subject of new Set(subjects)) {
    const [, kind = '', id = ''] = SUBJECT.exec(subject) ?? []
    // A stranger writes these: `constructor` is in every object.
    if (Object.hasOwn(registry, kind)) idsByKind.set(kind, [...(idsByKind.get(kind) ?? []), id])
  }
  const found = new Map<Subject, SubjectFacts>()
  for (const [kind, ids] of idsByKind) {
    const facts = await registry[kind]?.(db, ids)
    for (const [id, fact] of facts ?? []) found.set(`${kind}:${id}`, fact)
  }
  return found
}
