/** The messages of SMPP 3.4 that a client needs, to and from octets (section 4 of the specification; TLVs: 5.3). */

export const COMMAND = {
  genericNack: 0x80000000,
  submitSm: 0x00000004,
  deliverSm: 0x00000005,
  unbind: 0x00000006,
  bindTransceiver: 0x00000009,
  enquireLink: 0x00000015,
} as const
export const RESPONSE = 0x80000000

/** Of command_status (5.1.3), those that are treated in a way of their own. */
export const STATUS = {
  ok: 0x00,
  invalidLength: 0x01,
  invalidCommandId: 0x03,
  systemError: 0x08,
  queueFull: 0x14,
  throttled: 0x58,
  temporaryAppError: 0x64,
} as const

const TLV = {
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
  messageState: 0x0427,
  receiptedMessageId: 0x001e,
  sarReference: 0x020c,
  sarTotal: 0x020e,
  sarNumber: 0x020f,
} as const

const HEADER = 16
/** No message of SMPP is longer: a short message of 254 octets, or a payload of 64 KiB. */
const LONGEST = 70_000

export type Pdu = { command: number; status: number; sequence: number; body: Buffer }

/** Cuts whole messages out of a stream of octets. Throws when it is no SMPP: nothing can be read after that. */
export function createFramer(): (chunk: Buffer) => Pdu[] {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    let octets = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    const found: Pdu[] = []
    while (octets.length >= 4) {
      const length = octets.readUInt32BE(0)
      if (length < HEADER || length > LONGEST) throw new Error(`A message of ${length} octets is no SMPP.`)
      if (octets.length < length) break
      found.push({
        command: octets.readUInt32BE(4),
        status: octets.readUInt32BE(8),
        sequence: octets.readUInt32BE(12),
        body: octets.subarray(HEADER, length),
      })
      octets = octets.subarray(length)
    }
    rest = octets
    return found
  }
}

export function writePdu({ command, status, sequence, body }: Readonly<Pdu>): Buffer {
  const octets = Buffer.allocUnsafe(HEADER + body.length)
  octets.writeUInt32BE(octets.length, 0)
  octets.writeUInt32BE(command, 4)
  octets.writeUInt32BE(status, 8)
  octets.writeUInt32BE(sequence, 12)
  body.copy(octets, HEADER)
  return octets
}

/** Type of number and numbering plan (5.2.5, 5.2.6) beside an address. */
export type SmppAddress = { ton: number; npi: number; address: string }

/** E.164 is international and ISDN, without its plus sign; a short code is national; a name is alphanumeric. */
export function smppAddress(address: string): SmppAddress {
  if (/^\+\d+$/.test(address)) return { ton: 1, npi: 1, address: address.slice(1) }
  if (/^\d{3,8}$/.test(address)) return { ton: 3, npi: 0, address }
  if (/^\d+$/.test(address)) return { ton: 1, npi: 1, address }
  return { ton: 5, npi: 0, address }
}

/** The other way: an international number as E.164. Some networks say 'unknown' of what is long enough to be one. */
export function readSmppAddress({ ton, address }: SmppAddress): string {
  if (/^\+?\d+$/.test(address) && (ton === 1 || (ton === 0 && address.replace('+', '').length > 9)))
    return `+${address.replace('+', '')}`
  return address
}

export type Submit = {
  source: SmppAddress
  destination: SmppAddress
  dataCoding: number
  /** With a user data header in front when `hasHeader`. At most 254 octets. */
  octets: Uint8Array
  hasHeader: boolean
  /** For how long the network may try, in seconds; null: as long as it likes. */
  validSeconds: number | null
}

export function writeSubmit({ source, destination, dataCoding, octets, hasHeader, validSeconds }: Submit): Buffer {
  const validity = validSeconds === null ? '' : relativeTime(validSeconds)
  const body = Buffer.allocUnsafe(
    1 + 3 + source.address.length + 3 + destination.address.length + 3 + 1 + validity.length + 1 + 5 + octets.length,
  )
  let at = body.writeUInt8(0, 0)
  for (const { ton, npi, address } of [source, destination]) {
    body[at++] = ton
    body[at++] = npi
    at += body.write(address, at, 'latin1')
    body[at++] = 0
  }
  body[at++] = hasHeader ? 0x40 : 0
  body[at++] = 0
  body[at++] = 0
  body[at++] = 0
  at += body.write(validity, at, 'latin1')
  body[at++] = 0
  // A receipt is asked for whatever becomes of it.
  body[at++] = 1
  body[at++] = 0
  body[at++] = dataCoding
  body[at++] = 0
  body[at++] = octets.length
  body.set(octets, at)
  return body
}

/** Days, hours, minutes and seconds from now (7.1.1), at most 63 days. */
function relativeTime(seconds: number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  const all = Math.min(seconds, 63 * 86_400)
  const days = Math.floor(all / 86_400)
  return `00${two(days / 30)}${two(days % 30)}${two((all % 86_400) / 3600)}${two((all % 3600) / 60)}${two(all % 60)}000R`
}

export function writeBind({
  systemId,
  password,
  systemType,
}: {
  systemId: string
  password: string
  systemType: string
}): Buffer {
  // Longer ones than the specification has room for are sent as they are: some networks give them out.
  return Buffer.concat([Buffer.from(`${systemId}\0${password}\0${systemType}\0`, 'latin1'), Buffer.of(0x34, 0, 0, 0)])
}

/** The C-octet string that most answers consist of. */
export const readText = (body: Buffer): string => {
  const end = body.indexOf(0)
  return body.toString('latin1', 0, end < 0 ? body.length : end)
}

export type Deliver = {
  source: SmppAddress
  destination: SmppAddress
  esmClass: number
  dataCoding: number
  octets: Buffer
  /** Of a receipt in TLVs. */
  receiptedId: string | null
  messageState: number | null
  networkError: string | null
  /** Parts told by TLVs instead of a header in the words. */
  sar: { reference: number; total: number; number: number } | null
}

/** Throws a RangeError when it ends before its time. */
export function readDeliver(body: Buffer): Deliver {
  let at = 0
  const octet = () => body.readUInt8(at++)
  const text = () => {
    const end = body.indexOf(0, at)
    if (end < 0) throw new RangeError('A text without an end.')
    const value = body.toString('latin1', at, end)
    at = end + 1
    return value
  }
  const address = (): SmppAddress => ({ ton: octet(), npi: octet(), address: text() })
  text()
  const source = address()
  const destination = address()
  const esmClass = octet()
  at += 2
  text()
  text()
  at += 2
  const dataCoding = octet()
  at += 1
  const length = octet()
  if (at + length > body.length) throw new RangeError('Fewer octets than were told.')
  let octets = body.subarray(at, at + length)
  at += length
  const tlvs = readTlvs(body, at)
  const payload = tlvs.get(TLV.messagePayload)
  if (payload && octets.length === 0) octets = payload
  const id = tlvs.get(TLV.receiptedMessageId)
  const error = tlvs.get(TLV.networkErrorCode)
  const [reference, total, number] = [TLV.sarReference, TLV.sarTotal, TLV.sarNumber].map((tag) =>
    numberIn(tlvs.get(tag)),
  )
  return {
    source,
    destination,
    esmClass,
    dataCoding,
    octets,
    receiptedId: id ? readText(id) : null,
    messageState: numberIn(tlvs.get(TLV.messageState)),
    networkError: error ? error.toString('hex') : null,
    sar:
      reference != null && total != null && number != null && total > 1 && number >= 1 && number <= total
        ? { reference, total, number }
        : null,
  }
}

function readTlvs(body: Buffer, from: number): Map<number, Buffer> {
  const tlvs = new Map<number, Buffer>()
  for (let at = from; at + 4 <= body.length; ) {
    const length = body.readUInt16BE(at + 2)
    if (at + 4 + length > body.length) break
    tlvs.set(body.readUInt16BE(at), body.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return tlvs
}

const numberIn = (octets: Buffer | undefined): number | null =>
  octets && octets.length > 0 && octets.length <= 4 ? octets.readUIntBE(0, octets.length) : null
