import { setTimeout as sleep } from 'node:timers/promises'
import type { Platform } from '../../../../platform/platform.ts'
import { hearInFlight } from '../../engine/in-flight.ts'
import type { NewReceipt } from '../../receipts.store.ts'
import { settleEarlyReceipts, settleReceipts } from '../../receipts.store.ts'
import { keepPiece, keepReceived } from '../../received.store.ts'
import { type Deliver, readSmppAddress, STATUS } from './pdu.ts'
import { isReceipt, readReceipt, refKey } from './receipt.rules.ts'
import type { SmppSettings } from './settings.ts'
import { decodeIncoming, readIncoming } from './text.rules.ts'

const MOST_AT_ONCE = 1_000
/** How often it is looked again for what a receipt was about that came before the answer was written down; then once a minute, by the clock. */
const LOOK_AGAIN_MS = 250
const LOOKS = 240

/** Keeps what a network sends us: answered with ok when it is in the database, and with an error that makes it come again when it is not. */
export function hearing(
  platform: Pick<Platform, 'db' | 'now' | 'log'>,
  providerId: string,
  { alphabet, receiptIds }: Pick<SmppSettings, 'alphabet' | 'receiptIds'>,
): (deliver: Deliver) => Promise<number> {
  const { db, now } = platform
  const decode = (octets: Uint8Array, dataCoding: number) => decodeIncoming(octets, dataCoding, alphabet)
  const keepReceipt = receiptKeeper(platform, providerId)

  return async (deliver) => {
    if (isReceipt(deliver.esmClass)) {
      const receipt = readReceipt(decode(deliver.octets, deliver.dataCoding), deliver, receiptIds)
      // What says nothing final, or not of what, is heard and forgotten.
      if (receipt?.settled)
        await keepReceipt({ ref: refKey(receipt.ref), settled: receipt.settled, problem: receipt.problem })
      return STATUS.ok
    }
    const from = { sender: readSmppAddress(deliver.source), recipient: readSmppAddress(deliver.destination) }
    const { concat, dataCoding, octets } = readIncoming(deliver)
    const keeping = db.transaction().execute(async (tx) => {
      if (concat) return keepPiece(tx, providerId, { ...from, ...concat, dataCoding, octets }, decode, now())
      const text = decode(octets, dataCoding)
      await keepReceived(tx, { channel: 'sms', providerId, ref: null, ...from, text }, now())
    })
    await keeping.catch((error) => {
      platform.log.error(
        { err: error, provider: providerId },
        'a message could not be kept; the network sends it again',
      )
      throw error
    })
    return STATUS.ok
  }
}

/** Writes receipts many at a time: those that come while one lot is being written are the next. */
function receiptKeeper({ db, now, log }: Pick<Platform, 'db' | 'now' | 'log'>, providerId: string) {
  type Waiting = { receipt: NewReceipt; kept: () => void; failed: (error: unknown) => void }
  const waiting: Waiting[] = []
  let writing = false
  let looking = false

  async function write(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      const lot = waiting.splice(0, MOST_AT_ONCE).filter((one) => !inFlight(one))
      if (lot.length === 0) continue
      try {
        const early = await settleReceipts(
          db,
          providerId,
          lot.map(({ receipt }) => receipt),
          now(),
        )
        for (const { kept } of lot) kept()
        if (early > 0) void lookAgain()
      } catch (error) {
        log.error({ err: error, provider: providerId }, 'receipts could not be kept; the network sends them again')
        for (const { failed } of lot) failed(error)
      }
    }
    writing = false
  }

  /** What was taken a moment ago is written together with its receipt. */
  function inFlight(one: Waiting): boolean {
    const hearing = hearInFlight(db, providerId, one.receipt)
    hearing?.then((kept) => (kept ? one.kept() : wait(one)), one.failed)
    return hearing !== null
  }

  function wait(one: Waiting): void {
    waiting.push(one)
    // Those of one piece of the stream are written together.
    if (!writing) {
      writing = true
      setImmediate(() => void write())
    }
  }

  /** Until nothing is early any more, or so often that only the clock will look again. */
  async function lookAgain(): Promise<void> {
    if (looking) return
    looking = true
    for (let left = 1, looks = 0; left > 0 && looks < LOOKS; looks++) {
      await sleep(LOOK_AGAIN_MS, undefined, { ref: false })
      left = await settleEarlyReceipts(db, providerId, now()).catch((error) => {
        log.warn({ err: error, provider: providerId }, 'receipts that came early wait')
        return 1
      })
    }
    looking = false
  }

  return (receipt: NewReceipt): Promise<void> => new Promise((kept, failed) => wait({ receipt, kept, failed }))
}
