import type { ExpressionBuilder } from 'kysely'
import type { Db, Tables } from '../../platform/database/index.ts'
import { hashOf } from '../../platform/signing.ts'
import type { ArtistSummary, LabelSummary } from './artists.views.ts'
import { type Action, type Actor, can, type Thing } from './rights.rules.ts'

/** Those that a signed-in person may work for, and the one that they work for now. */
export type Desk = {
  current: { kind: 'artist'; artist: ArtistSummary } | { kind: 'label'; label: LabelSummary } | null
  artists: ArtistSummary[]
  labels: LabelSummary[]
}

export type Presence = { actor: Actor; desk: Desk; seenAt: Date; expiresAt: Date }

/** Who holds this session's token, with all that their rights depend on; null when nobody does any more. */
export async function presenceOf(db: Db, token: string, now: Date): Promise<Presence | null> {
  const session = await db
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.accountId')
    .select([
      'sessions.id',
      'accountId',
      'email',
      'name',
      'isHost',
      'language',
      'deskArtistId',
      'deskLabelId',
      'seenAt',
    ])
    .select('sessions.expiresAt')
    .where('tokenHash', '=', hashOf(token))
    .where('sessions.expiresAt', '>', now)
    .where('accounts.disabledAt', 'is', null)
    .executeTakeFirst()
  if (!session) return null
  const { actor, memberships, mandates } = await actorFor(db, session)
  const desk = deskOf(memberships, mandates, session)
  return { actor, desk, seenAt: session.seenAt, expiresAt: session.expiresAt }
}

/** Whether an account may do this now, whoever asks and without a session: what was signed for it earlier is looked at again. */
export async function accountMay(db: Db, accountId: string, action: Action, thing: Thing): Promise<boolean> {
  const found = await accountAt(db, accountId)
  return found !== null && can(found.actor, action, thing)
}

/** Whom an account may act for now, without a session: for what it left an address of. Null when it may not come in any more. */
export async function accountAt(
  db: Db,
  accountId: string,
): Promise<{ actor: Actor; desk: Pick<Desk, 'artists' | 'labels'> } | null> {
  const account = await db
    .selectFrom('accounts')
    .select(['id as accountId', 'email', 'name', 'isHost', 'language'])
    .where('id', '=', accountId)
    .where('disabledAt', 'is', null)
    .executeTakeFirst()
  if (!account) return null
  const { actor, memberships, mandates } = await actorFor(db, { ...account, id: '' })
  return { actor, desk: deskOf(memberships, mandates, { deskArtistId: null, deskLabelId: null }) }
}

type Signed = Pick<Actor, 'accountId' | 'name' | 'email' | 'isHost' | 'language'> & { id: string }

async function actorFor(db: Db, session: Signed) {
  const [all, mandates, vacant] = await Promise.all([
    membershipsOf(db, session.accountId),
    mandatesOf(db, session.accountId),
    session.isHost ? vacantArtists(db) : [],
  ])
  const memberships = all.filter(({ artistGoes, labelGoes }) => !artistGoes && !labelGoes)
  const actor: Actor = {
    accountId: session.accountId,
    sessionId: session.id,
    name: session.name || session.email,
    email: session.email,
    isHost: session.isHost,
    language: session.language,
    memberships: memberships.map(({ artistId, labelId, role }) => ({ artistId, labelId, role })),
    mandates: mandates.map(({ id, labelId, permissions }) => ({ artistId: id, labelId, permissions })),
    vacant: [...vacant, ...mandates.filter((m) => m.vacant).map((m) => m.id)],
    leaving: all
      .filter(({ artistGoes, labelGoes, role }) => (artistGoes || labelGoes) && role !== 'editor')
      .map(({ artistId, labelId }) => ({ artistId, labelId })),
  }
  return { actor, memberships, mandates }
}

const membershipsOf = (db: Db, accountId: string) =>
  db
    .selectFrom('memberships')
    .leftJoin('artists', 'artists.id', 'memberships.artistId')
    .leftJoin('labels', 'labels.id', 'memberships.labelId')
    .select(['artistId', 'labelId', 'role', 'labels.slug as labelSlug', 'labels.name as labelName'])
    .select(['labels.language as labelLanguage', 'labels.timeZone as labelTimeZone'])
    .select(['artists.slug', 'artists.name', 'artists.sortName', 'artists.language', 'artists.timeZone'])
    .select(['artists.portraitImageId', 'artists.goesAt as artistGoes', 'labels.goesAt as labelGoes'])
    .where('accountId', '=', accountId)
    .execute()

const mandatesOf = (db: Db, accountId: string) =>
  db
    .selectFrom('livingMandates')
    .innerJoin('memberships', 'memberships.labelId', 'livingMandates.labelId')
    .innerJoin('artists', 'artists.id', 'livingMandates.artistId')
    .innerJoin('labels', 'labels.id', 'livingMandates.labelId')
    .select(['livingMandates.labelId', 'livingMandates.permissions'])
    .select(['artists.id', 'artists.slug', 'artists.name', 'artists.sortName', 'artists.language'])
    .select(['artists.timeZone', 'artists.portraitImageId'])
    .select((artist) => artist.not(artist.exists(answering(artist))).as('vacant'))
    .where('memberships.accountId', '=', accountId)
    .where('memberships.role', '=', 'label_manager')
    .where('artists.goesAt', 'is', null)
    .where('labels.goesAt', 'is', null)
    .execute()

/** The people who answer for the artist of the outer query. */
const answering = (outer: ExpressionBuilder<Tables, 'artists'>) =>
  outer
    .selectFrom('memberships as answering')
    .select('answering.id')
    .whereRef('answering.artistId', '=', 'artists.id')
    .where('answering.role', '=', 'artist')

async function vacantArtists(db: Db): Promise<string[]> {
  const found = await db
    .selectFrom('artists')
    .select('artists.id')
    .where('goesAt', 'is', null)
    .where((artist) => artist.not(artist.exists(answering(artist))))
    .execute()
  return found.map(({ id }) => id)
}

function deskOf(
  memberships: Awaited<ReturnType<typeof membershipsOf>>,
  mandates: Awaited<ReturnType<typeof mandatesOf>>,
  chosen: { deskArtistId: string | null; deskLabelId: string | null },
): Desk {
  const artists = new Map<string, ArtistSummary>()
  const labels: LabelSummary[] = []
  for (const m of memberships) {
    if (m.artistId)
      artists.set(m.artistId, {
        id: m.artistId,
        slug: m.slug ?? '',
        name: m.name ?? '',
        sortName: m.sortName ?? '',
        language: m.language ?? 'en',
        timeZone: m.timeZone,
        portraitImageId: m.portraitImageId,
      })
    if (m.labelId)
      labels.push({
        id: m.labelId,
        slug: m.labelSlug ?? '',
        name: m.labelName ?? '',
        language: m.labelLanguage ?? 'en',
        timeZone: m.labelTimeZone,
      })
  }
  for (const { labelId: _l, permissions: _p, vacant: _v, ...artist } of mandates) artists.set(artist.id, artist)
  const desk = { artists: [...artists.values()].sort(byName), labels: labels.sort(byName) }
  return { ...desk, current: currentOf(desk, chosen) }
}

function currentOf(
  { artists, labels }: Omit<Desk, 'current'>,
  chosen: { deskArtistId: string | null; deskLabelId: string | null },
): Desk['current'] {
  const label = labels.find(({ id }) => id === chosen.deskLabelId)
  if (label) return { kind: 'label', label }
  const artist = artists.find(({ id }) => id === chosen.deskArtistId) ?? artists[0]
  if (artist) return { kind: 'artist', artist }
  return labels[0] ? { kind: 'label', label: labels[0] } : null
}

const byName = (a: { name: string; sortName?: string }, b: { name: string; sortName?: string }) =>
  (a.sortName ?? a.name).localeCompare(b.sortName ?? b.name)
