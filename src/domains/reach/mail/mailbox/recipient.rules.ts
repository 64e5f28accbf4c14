import type { Signer } from '../../../../platform/signing.ts'
import { readPart } from '../incoming/report.rules.ts'
import { readReplyAddress } from '../reply-address.rules.ts'
import { deliveryIn } from '../token.rules.ts'

/** Where mail servers write to whom a mail came, before what its writer wrote. */
const TOLD = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-delivered-to', 'x-forwarded-to']
const WRITTEN = ['to', 'cc']
const ADDRESS = /[^\s<>@"(),:;]{1,64}@[^\s<>@"(),:;]{1,190}/g

/**
 * To whom a mail of a mailbox came, and from whom: a mailbox keeps no envelope. An address that we wrote ourselves (of a conversation, or a return path)
 * counts wherever it stands, since nobody else can sign one; every other mail came to the mailbox.
 */
export function envelopeOf(
  signer: Pick<Signer, 'sign'>,
  raw: Buffer,
  mailbox: string,
): { sender: string; recipient: string } {
  const { headers } = readPart(raw.subarray(0, 262_144).toString('latin1'))
  const addresses = (names: string[]) => names.flatMap((name) => headers.get(name)?.match(ADDRESS) ?? [])
  const ours = [...addresses(TOLD), ...addresses(WRITTEN)].find(
    (address) => readReplyAddress(signer, address) !== null || deliveryIn(signer, address) !== null,
  )
  const returned = headers.get('return-path')
  // An empty return path is what a server writes by itself; without the header nobody can tell.
  const sender = returned?.includes('<>') ? '' : (addresses(['return-path'])[0] ?? addresses(['from'])[0] ?? '')
  return { sender, recipient: ours ?? mailbox }
}
