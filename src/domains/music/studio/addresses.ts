import type { Db } from '../../../platform/database/index.ts'

/** How many addresses a release was given for: all, those that asked to be written to, those that confirmed it; links that open now. */
export type AddressCount = { addresses: number; asked: number; confirmed: number; open: number }

/** Told and done by the domain that knows the fans; music does not. */
export type Addresses = {
  count(db: Db, releaseId: string): Promise<AddressCount>
  /** Closes all links and passes that were given for an address. */
  close(releaseId: string): Promise<void>
}

export const noAddresses: Addresses = {
  count: async () => ({ addresses: 0, asked: 0, confirmed: 0, open: 0 }),
  close: async () => undefined,
}
