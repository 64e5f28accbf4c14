import type { Generated } from 'kysely'

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
      toldAt: Date | null
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
