import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Leftover } from './removal/belongings.ts'
import type { MandatePermission, Role } from './rights.rules.ts'

type Since = Generated<Date>
/** What a link that was sent is good for. */
export type LinkPurpose = 'set-up' | 'sign-in' | 'recovery' | 'invitation' | 'mail-change'
export type Link = { title: string; url: string }
export type ThemeChoice = { pairing?: string; scheme?: 'auto' | 'light' | 'dark'; accent?: string }

export type ArtistTable = {
  id: string
  slug: string
  name: string
  sortName: string
  biography: Generated<string>
  places: Generated<string[]>
  links: JSONColumnType<Link[], string | undefined, string>
  portraitImageId: string | null
  language: Generated<Lang>
  theme: JSONColumnType<ThemeChoice, string | undefined, string>
  timeZone: string | null
  /** On its way out: gone from the public, deleted for good at this moment. */
  goesAt: Date | null
  createdAt: Since
}

export type LabelTable = {
  id: string
  slug: string
  name: string
  description: Generated<string>
  links: JSONColumnType<Link[], string | undefined, string>
  imageId: string | null
  language: Generated<Lang>
  timeZone: string | null
  goesAt: Date | null
  createdAt: Since
}

/** A view: artists and labels, as far as they are alike. */
export type SenderView = {
  id: string
  artistId: string | null
  labelId: string | null
  slug: string
  name: string
  language: Lang
  timeZone: string | null
  theme: JSONColumnType<ThemeChoice, never, never>
  imageId: string | null
}

declare module '../../platform/database/tables.ts' {
  interface Tables {
    accounts: {
      id: string
      email: string
      name: Generated<string>
      isHost: Generated<boolean>
      language: Generated<Lang>
      createdAt: Since
      disabledAt: Date | null
    }
    passkeys: {
      id: string
      accountId: string
      publicKey: Buffer
      counter: number
      transports: Generated<string[]>
      name: string
      createdAt: Since
      lastUsedAt: Date | null
    }
    passkeyChallenges: { id: string; challenge: string; accountId: string | null; expiresAt: Date }
    sessions: {
      id: string
      tokenHash: string
      accountId: string
      device: Generated<string>
      deskArtistId: string | null
      deskLabelId: string | null
      createdAt: Since
      seenAt: Since
      expiresAt: Date
    }
    invitations: {
      id: string
      email: string
      artistId: string | null
      labelId: string | null
      role: Role
      language: Lang
      invitedBy: string | null
      createdAt: Since
      acceptedAt: Date | null
      withdrawnAt: Date | null
    }
    signInLinks: {
      tokenHash: string
      purpose: LinkPurpose
      email: string | null
      next: string | null
      accountId: string | null
      invitationId: string | null
      createdAt: Since
      expiresAt: Date
      usedAt: Date | null
    }
    labels: LabelTable
    artists: ArtistTable
    senders: SenderView
    slugs: { slug: string; artistId: string | null; labelId: string | null; goneAt: Date | null }
    removals: {
      id: string
      artistId: string | null
      labelId: string | null
      name: string
      askedBy: string | null
      askedAt: Date
      goesAt: Date
      kept: ColumnType<Record<string, unknown>, string | undefined, string>
      undoneAt: Date | null
      begunAt: Date | null
      doneAt: Date | null
    }
    removalLeftovers: { removalId: string; kind: Leftover['kind']; key: string }
    memberships: {
      id: string
      accountId: string
      artistId: string | null
      labelId: string | null
      role: Role
      createdAt: Since
    }
    mandates: {
      id: string
      artistId: string
      labelId: string
      permissions: MandatePermission[]
      grantedAt: Since
      grantedBy: string | null
      /** From here on it is over by itself; null: when the artist or the label ends it. */
      endsAt: Date | null
      revokedAt: Date | null
      revokedBy: string | null
    }
    /** A view: the mandates in force at this moment. */
    livingMandates: {
      id: string
      artistId: string
      labelId: string
      permissions: MandatePermission[]
      grantedAt: Date
      endsAt: Date | null
    }
    mandateRequests: {
      id: string
      artistId: string
      labelId: string
      permissions: MandatePermission[]
      lastDay: string | null
      message: Generated<string>
      askedAt: Date
      askedBy: string | null
      settledAt: Date | null
      outcome: 'given' | 'declined' | 'withdrawn' | null
    }
    auditLog: {
      id: string
      at: Since
      accountId: string | null
      action: string
      artistId: string | null
      labelId: string | null
      subject: string | null
      details: ColumnType<Record<string, unknown>, string | undefined, never>
    }
    siteSettings: {
      key: string
      value: ColumnType<unknown, string, string>
      updatedAt: ColumnType<Date, Date | undefined, Date>
    }
    abuseReports: {
      id: string
      at: Since
      url: string
      reason: string
      message: string
      contact: string | null
      handledAt: Date | null
      handledBy: string | null
    }
  }
}
