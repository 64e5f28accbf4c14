export type Role = 'artist' | 'editor' | 'label_manager'

/** What an artist may let a label do; each is an action on that artist. */
export const MANDATE_PERMISSIONS = [
  'artist.edit',
  'music.edit',
  'music.publish',
  'journal.edit',
  'journal.publish',
  'fans.edit',
  'announce.edit',
  'announce.send',
  'inbox.answer',
  'returns.see',
  'shop.edit',
  'orders.handle',
  'books.see',
] as const
export type MandatePermission = (typeof MANDATE_PERMISSIONS)[number]

export type Action =
  | 'studio.enter'
  | 'account.edit'
  | 'site.manage'
  | 'artist.create'
  | 'label.create'
  | 'label.edit'
  | 'label.people'
  | 'artist.edit'
  | 'artist.people'
  | 'artist.mandate'
  /** Delete it, and bring it back while that can be undone. */
  | 'artist.remove'
  | 'label.remove'
  /** Take everything away in one archive. */
  | 'artist.archive'
  | 'label.archive'
  | 'music.edit'
  | 'music.publish'
  | 'journal.edit'
  | 'journal.publish'
  /** See who the fans are, bring them in, take their list away. */
  | 'fans.edit'
  | 'announce.edit'
  | 'announce.send'
  /** Read what fans write, and answer. */
  | 'inbox.answer'
  /** By which servers and numbers messages leave, with their secrets. */
  | 'channels.edit'
  | 'returns.see'
  /** Say what is offered at what price, and what sending costs. */
  | 'shop.edit'
  /** See who ordered what, note that it is paid, give money back. */
  | 'orders.handle'
  /** See what was earned, what is due to whom, and the papers. */
  | 'books.see'
  /** Say who sells, share, record what was spent and paid, close a year. */
  | 'books.edit'
  /** See who does what by when, and write it down. */
  | 'tasks.edit'

/** What an action is done to. */
export type Thing =
  | { kind: 'site' }
  | { kind: 'account'; accountId: string }
  | { kind: 'artist'; artistId: string }
  | { kind: 'label'; labelId: string }

/** Somebody signed in, with all that their rights depend on, loaded once a request. */
export type Actor = {
  accountId: string
  sessionId: string
  name: string
  email: string
  isHost: boolean
  language: 'en' | 'fr'
  memberships: { artistId: string | null; labelId: string | null; role: Role }[]
  /** Mandates in force of the labels that this person manages. */
  mandates: { artistId: string; labelId: string; permissions: MandatePermission[] }[]
  /**
   * Artists for whom nobody answers yet, and whom this person may therefore hand over to somebody: made by a label that they
   * manage and that has a mandate, or for the host, by anybody.
   */
  vacant: string[]
  /** Artists and labels on their way out whom this person answered for: theirs to take away and to bring back, and nothing else. */
  leaving: { artistId: string | null; labelId: string | null }[]
}

const BY_ROLE: Record<Exclude<Role, 'label_manager'>, ReadonlySet<Action>> = {
  artist: new Set<Action>([
    'artist.edit',
    'artist.people',
    'artist.mandate',
    'artist.remove',
    'artist.archive',
    'music.edit',
    'music.publish',
    'journal.edit',
    'journal.publish',
    'fans.edit',
    'announce.edit',
    'announce.send',
    'inbox.answer',
    'channels.edit',
    'returns.see',
    'shop.edit',
    'orders.handle',
    'books.see',
    'books.edit',
    'tasks.edit',
  ]),
  editor: new Set<Action>([
    'artist.edit',
    'music.edit',
    'journal.edit',
    'announce.edit',
    'inbox.answer',
    'returns.see',
    'tasks.edit',
  ]),
}

const HOST: ReadonlySet<Action> = new Set<Action>(['site.manage', 'artist.create', 'label.create', 'channels.edit'])

const LABEL_MANAGER: ReadonlySet<Action> = new Set<Action>([
  'label.edit',
  'label.people',
  'label.remove',
  'label.archive',
  'artist.create',
  'journal.edit',
  'journal.publish',
  'channels.edit',
  'inbox.answer',
  'returns.see',
  'books.see',
  'books.edit',
  'fans.edit',
  'announce.edit',
  'announce.send',
  // Of the artists who let it.
  'orders.handle',
  'tasks.edit',
])

/** Whether this is to delete this kind of thing: the host may everywhere, since what nobody answers for any more must be able to go. */
const isRemoving = (action: Action, { kind }: Thing): boolean => action === `${kind}.remove`
/** All that is left to those who answered for what is on its way out. */
const isLeaving = (action: Action, thing: Thing): boolean =>
  isRemoving(action, thing) || action === `${thing.kind}.archive`

/**
 * The only gate. The host runs the place and may open artists and labels on it, but does not speak for them: for that
 * the host needs a membership or a mandate like anybody else, except to delete it. An artist for whom nobody answers yet can only be handed over.
 */
export function can(actor: Actor | null, action: Action, thing: Thing): boolean {
  if (!actor) return false
  switch (thing.kind) {
    case 'site':
      if (action === 'studio.enter') return true
      return actor.isHost && HOST.has(action)
    case 'account':
      return action === 'account.edit' && thing.accountId === actor.accountId
    case 'label':
      return (
        (LABEL_MANAGER.has(action) &&
          actor.memberships.some((m) => m.labelId === thing.labelId && m.role === 'label_manager')) ||
        (isLeaving(action, thing) && actor.leaving.some((m) => m.labelId === thing.labelId)) ||
        (actor.isHost && isRemoving(action, thing))
      )
    case 'artist':
      return (
        actor.memberships.some(
          (m) => m.artistId === thing.artistId && m.role !== 'label_manager' && BY_ROLE[m.role].has(action),
        ) ||
        actor.mandates.some((m) => m.artistId === thing.artistId && (m.permissions as Action[]).includes(action)) ||
        (action === 'artist.people' && actor.vacant.includes(thing.artistId)) ||
        (isLeaving(action, thing) && actor.leaving.some((m) => m.artistId === thing.artistId)) ||
        (actor.isHost && isRemoving(action, thing))
      )
  }
}
