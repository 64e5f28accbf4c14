import type { ColumnType, Generated, JSONColumnType } from 'kysely'

/** 'small': charges no VAT, being small (in France, article 293 B of the CGI); 'outside': of a country without VAT. */
export type VatRegime = 'small' | 'registered' | 'outside'

export type PostalAddress = { lines?: string[]; postcode?: string; city?: string; region?: string }

declare module '../../platform/database/tables.ts' {
  interface Tables {
    sellers: {
      id: string
      artistId: string | null
      labelId: string | null
      legalName: string
      address: JSONColumnType<PostalAddress>
      country: string
      registerNumber: Generated<string>
      vatRegime: VatRegime
      vatNumber: Generated<string>
      currency: string
      yearBegins: Generated<number>
      ossSince: string | null
      timeZone: Generated<string>
      createdAt: Generated<Date>
    }
    ledgerAccounts: { id: string; sellerId: string; kind: string; of: Generated<string> }
    ledgerEntries: {
      id: string
      sellerId: string
      key: string
      kind: string
      bookedOn: ColumnType<string, string, never>
      reference: Generated<string>
      note: Generated<string>
      reverses: string | null
      lines: number
      recordedAt: Date
    }
    ledgerLines: {
      entryId: string
      position: number
      accountId: string
      bookedOn: ColumnType<string, string, never>
      amount: number
      currency: string
      baseAmount: number
      subject: string | null
      country: string | null
      quantity: number | null
    }
    ledgerNumbers: {
      sellerId: string
      year: number
      number: number
      entryId: string
      numberedAt: Generated<Date>
    }
  }
}
