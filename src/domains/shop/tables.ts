import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Every } from './members/member.rules.ts'
import type { Pricing } from './price.rules.ts'
import type { Evidence, TaxReason } from './tax.rules.ts'

export type ProductKind = 'download' | 'record' | 'merch' | 'bundle' | 'tip' | 'membership'
export type OrderState = 'placed' | 'paid' | 'expired' | 'cancelled' | 'refused'

/** What was shown when somebody ordered: `version`, the number of the text of `terms_versions`; `waiver`, that a download given at once cannot be given back, where it was asked. */
export type ShownTerms = { version: string; language: string; waiver: string | null }

/** By which way they came to the order. */
export type OrderWay = { token?: string | null; referrer?: string | null; givenAs?: string }

/** What a payment provider says of an account. `charges`: it may take money. */
export type AccountFacts = { name: string; country: string; currency: string; charges: boolean }

export type ParcelAddress = {
  name: string
  lines: string[]
  postcode: string
  city: string
  region: string
  country: string
}

declare module '../../platform/database/tables.ts' {
  interface Tables {
    products: {
      id: string
      artistId: string
      sellerId: string
      kind: ProductKind
      subject: string | null
      slug: string
      title: string
      description: Generated<string>
      state: Generated<'draft' | 'offered' | 'withdrawn'>
      pricing: Generated<Pricing>
      price: Generated<number>
      suggested: number | null
      /** Of a membership: how often it is paid. */
      every: ColumnType<Every | null, Every | null | undefined>
      givesAll: Generated<boolean>
      currency: string
      /** What customs are told of it: in words, its code in the Harmonized System, where it was made. Empty: not said. */
      customsName: Generated<string>
      hsCode: Generated<string>
      origin: Generated<string>
      releasedAt: Date | null
      position: Generated<number>
      version: Generated<number>
      createdAt: Generated<Date>
      updatedAt: Generated<Date>
    }
    productPictures: {
      id: string
      productId: string
      variantId: string | null
      position: number
      imageId: string
      alt: Generated<string>
      removedAt: Date | null
    }
    earlyTracks: { productId: string; trackId: string }
    bundleParts: { bundleId: string; variantId: string; quantity: Generated<number>; position: Generated<number> }
    variants: {
      id: string
      productId: string
      name: Generated<string>
      sku: Generated<string>
      price: number | null
      weight: number | null
      stock: number | null
      held: Generated<number>
      position: Generated<number>
      removedAt: Date | null
    }
    shippingRates: {
      id: string
      sellerId: string
      countries: string[]
      upTo: number | null
      price: number
      position: Generated<number>
    }
    shopSettings: {
      sellerId: string
      paysTo: Generated<string>
      /** The number of the Import One-Stop Shop, where the seller has one. */
      ioss: Generated<string>
      holdDays: Generated<number>
      contactMail: Generated<string>
      contactPhone: Generated<string>
      mediator: Generated<string>
      termsEn: Generated<string>
      termsFr: Generated<string>
    }
    termsVersions: {
      sellerId: string
      language: 'en' | 'fr'
      version: number
      body: string
      fromTemplate: boolean
      since: Date
    }
    withdrawals: { id: string; orderId: string; positions: number[]; saidAt: Date }
    baskets: { id: string; tokenHash: string; sellerId: string; updatedAt: Date }
    basketLines: {
      basketId: string
      variantId: string
      quantity: number
      named: number | null
      addedAt: Generated<Date>
    }
    orders: {
      id: string
      code: string
      formKey: string
      sellerId: string
      artistId: string | null
      state: OrderState
      mail: string
      mailKey: string
      name: Generated<string>
      language: string
      country: string
      address: JSONColumnType<ParcelAddress> | null
      currency: string
      shipping: Generated<number>
      shippingTax: Generated<number>
      shippingRate: Generated<number>
      shippingTaxCountry: string
      shippingRefunded: Generated<number>
      tax: number
      total: number
      refunded: Generated<number>
      shippingTaxReason: TaxReason | null
      evidence: JSONColumnType<Evidence[]>
      terms: JSONColumnType<ShownTerms>
      provider: string
      personId: string | null
      way: JSONColumnType<OrderWay, string | undefined, string>
      note: Generated<string>
      placedAt: Date
      holdUntil: Date | null
      paidAt: Date | null
      closedAt: Date | null
      /** All of it that goes by post has left; false says nothing. */
      allSent: Generated<boolean>
    }
    orderLines: {
      orderId: string
      position: number
      productId: string | null
      variantId: string | null
      artistId: string | null
      kind: string
      subject: string | null
      title: string
      variant: Generated<string>
      bundle: Generated<string>
      quantity: number
      each: number
      gross: number
      tax: number
      rate: number
      taxCountry: string
      taxReason: TaxReason
      weight: number | null
      refunded: Generated<number>
      /** Until when it was a pre-order, as it was ordered. */
      releasedAt: Date | null
      toldAt: Generated<Date | null>
    }
    crossBorderSums: {
      sellerId: string
      year: number
      currency: string
      part: number
      sold: number
      passedOn: string | null
    }
    stockHolds: { orderId: string; variantId: string; quantity: number }
    payments: {
      id: string
      orderId: string
      provider: string
      reference: string
      state: 'begun' | 'pending' | 'paid' | 'refused' | 'given-up'
      accountId: string | null
      url: string | null
      openUntil: Date | null
      intent: string | null
      outcome: 'paid' | 'wrong-amount' | 'too-late' | null
      amount: number
      currency: string
      settledAmount: number | null
      settledCurrency: string | null
      fee: number | null
      feeCurrency: string | null
      feeTax: number | null
      rate: string | null
      returned: Generated<number>
      begunAt: Date
      paidAt: Date | null
    }
    refunds: {
      id: string
      orderId: string
      key: string
      amount: number
      reason: Generated<string>
      state: 'asked' | 'done' | 'refused' | 'undone'
      reference: Generated<string>
      paymentId: string | null
      problem: string | null
      parts: JSONColumnType<{ gross: number; tax: number }[], string | null, string> | null
      askedBy: string | null
      askedAt: Date
      doneAt: Date | null
    }
    holdings: {
      id: string
      mailKey: string
      subject: string
      artistId: string | null
      source: string
      key: string
      orderId: string | null
      fromAt: Date
      revokedAt: Date | null
    }
    paymentAccounts: {
      id: string
      sellerId: string
      provider: 'stripe'
      via: string | null
      account: string
      isLive: boolean
      facts: JSONColumnType<AccountFacts, string, string>
      secrets: Buffer | null
      forArtists: Generated<boolean>
      isEnabled: Generated<boolean>
      triedAt: Date | null
      problem: string | null
      heardAt: Date | null
      askedThrough: Date | null
      createdAt: Date
    }
    disputes: {
      id: string
      orderId: string
      paymentId: string
      provider: string
      reference: string
      amount: number
      currency: string
      reason: string
      state: 'asked' | 'open' | 'lost' | 'won'
      dueAt: Date | null
      openedAt: Date
      closedAt: Date | null
      evidenceAt: ColumnType<Date | null, Date | null | undefined, Date | null>
    }
    paymentRepairs: { id: string; accountId: string; orderId: string; what: string[]; at: Date }
    codeBatches: {
      id: string
      artistId: string
      subject: string
      name: string
      purpose: Generated<string>
      until: string | null
      closedAt: Date | null
      createdAt: Date
    }
    codes: {
      code: string
      batchId: string
      position: number
      redeemedAt: Date | null
      browser: string | null
      /** When it was given to somebody by name: it is on no card. */
      handedAt: ColumnType<Date | null, Date | null | undefined, Date | null>
    }
    givenCodes: {
      batchId: string
      fanId: string | null
      code: string
      givenAt: Date
      /** Of whoever was erased since, a hash of each address: by it they find their code again. */
      marks: Generated<string[]>
    }
    providerEvents: {
      accountId: string
      provider: string
      eventId: string
      kind: string
      payload: ColumnType<unknown, string, never>
      receivedAt: Date
      handledAt: Date | null
      problem: string | null
    }
  }
}
