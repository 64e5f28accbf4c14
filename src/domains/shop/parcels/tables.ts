import type { ColumnType, Generated } from 'kysely'

/** A line of a carrier's file, counted from 1 as a spreadsheet does. */
export type FileRow = { line: number; cells: string[] }
/** Which column holds what, from 0; null: none of them. `carrier`: whose each line is, where a file holds several; files of before there was one lack it. */
export type FileColumns = { reference: number | null; tracking: number | null; carrier?: number | null }

export type ParcelKind = 'order' | 'replacement'

declare module '../../../platform/database/tables.ts' {
  interface Tables {
    parcels: {
      id: string
      formKey: string
      orderId: string
      kind: ParcelKind
      carrier: Generated<string>
      tracking: Generated<string>
      link: string | null
      packedAt: Date
      packedBy: string | null
      sentAt: Date | null
      unpackedAt: Date | null
      /** Since when its message is being handed over; without `toldAt`, whether it was is not known. */
      tellingAt: ColumnType<Date | null, Date | null | undefined, Date | null>
      toldAt: Date | null
    }
    carrierFiles: {
      id: string
      artistId: string | null
      labelId: string | null
      fileName: string
      rows: ColumnType<FileRow[], string, string>
      columns: ColumnType<FileColumns, string, string>
      hasHeading: boolean
      carrier: Generated<string>
      createdBy: string | null
      createdAt: Date
    }
    parcelCorrections: {
      id: string
      parcelId: string
      carrier: string
      tracking: string
      link: string | null
      correctedAt: Date
      correctedBy: string | null
      tells: boolean
      tellingAt: ColumnType<Date | null, Date | null | undefined, Date | null>
      toldAt: Date | null
    }
    parcelProofs: {
      id: string
      formKey: string
      parcelId: string
      reference: Generated<string>
      handedOn: string | null
      storageKey: string | null
      fileName: Generated<string>
      size: number | null
      addedAt: Date
      addedBy: string | null
    }
    parcelLines: { parcelId: string; position: number; quantity: number }
    parcelReturns: {
      id: string
      formKey: string
      parcelId: string
      position: number
      quantity: number
      restocked: boolean
      cameAt: Date
      notedBy: string | null
    }
  }
}
