import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Sender } from '../identity/index.ts'

/** What an address is sent by another agreement than a subscription. Each domain that keeps one fills one in app.ts. */
export type OtherMail = {
  /** What is sent to this address, in words, and the page where each is left. */
  list(
    platform: Pick<Platform, 'db' | 'signer'>,
    addressId: string,
    lang: Lang,
  ): Promise<{ says: string; leave: string }[]>
  /** Nothing of it is sent there any more, by these artists and labels or by nobody here; what was written and has not left stays. */
  end(tx: Tx, deps: Pick<Platform, 'now'>, of: { addressId: string; to?: Sender[] }): Promise<void>
}
