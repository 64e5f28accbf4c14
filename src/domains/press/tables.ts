import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Facts, ProofKind } from './proofs.rules.ts'
import type { PublicJwk } from './sign.ts'

/** What somebody said who asks to be told of momentum. */
export type AskedToFollow = { language: Lang; wording: string; linkId: string | null }

declare module '../../platform/database/tables.ts' {
  interface Tables {
    signingKeys: {
      kid: string
      publicJwk: JSONColumnType<PublicJwk, string, never>
      privateKey: Buffer
      createdAt: Date
    }
    pressPages: {
      artistId: string
      isPublic: Generated<boolean>
      shortWords: Generated<string>
      contacts: Generated<string>
      rider: Generated<string>
      pictureCredit: Generated<string>
      tellsMomentum: Generated<boolean>
      updatedAt: ColumnType<Date, Date | undefined, Date>
    }
    pressProofs: { artistId: string; kind: ProofKind; facts: JSONColumnType<Facts, string, string>; madeAt: Date }
    pressReleaseProofs: {
      releaseId: string
      kind: ProofKind
      facts: JSONColumnType<Facts, string, string>
      madeAt: Date
    }
    pressRiders: { artistId: string; storageKey: string; sha256: string; size: number; addedAt: Date }
    pressPictures: {
      id: string
      artistId: string
      imageId: string
      caption: string
      credit: string
      place: number
      addedAt: Date
    }
    pressFollowers: {
      id: string
      artistId: string
      addressId: string
      askedAt: Date
      askedWith: JSONColumnType<AskedToFollow, string | null, string | null> | null
      confirmedAt: Date | null
      language: Lang
      wording: string
      linkId: string | null
    }
    pressBursts: {
      id: string
      artistId: string
      beganOn: string
      lastOn: string
      listens: number
      usual: number
      foundAt: Date
    }
    pressTellings: { burstId: string; addressId: string; deliveryId: number }
    pressLinks: {
      id: string
      artistId: string
      madeFor: string
      createdAt: Date
      expiresAt: Date
      revokedAt: ColumnType<Date | null, Date | null | undefined, Date | null>
      visits: Generated<number>
      visitedAt: ColumnType<Date | null, Date | null | undefined, Date | null>
    }
  }
}
