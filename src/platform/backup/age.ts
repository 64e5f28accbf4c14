import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  scrypt as scryptWithCallback,
  timingSafeEqual,
} from 'node:crypto'
import { promisify } from 'node:util'
import { Sentence } from '../sentence.ts'

/**
 * Encryption by a passphrase in the format of age (https://age-encryption.org/v1, C2SP/age): `age -d FILE` opens what is written here without
 * Ritornello. Scrypt makes the key, ChaCha20-Poly1305 seals chunks of 64 KiB, so that it streams, and a byte that was altered or cut off is noticed.
 */

const scrypt = promisify<string, Buffer, number, object, Buffer>(scryptWithCallback)

export const AGE_INTRO = 'age-encryption.org/v1\n'
/** 2^17 rounds: half a second and 128 MiB of memory, once. */
const WORK = 17
const MOST_WORK = 20
const CHUNK = 64 * 1024
const TAG = 16

const wrongPassphrase = () =>
  new Sentence('The passphrase does not open this backup. Set BACKUP_PASSPHRASE to the one that it was made with.')
const damaged = () =>
  new Sentence(
    'This backup is damaged: a part of it was altered or cut off. Nothing of it can be trusted; use another.',
  )

export async function* ageEncrypt(
  source: AsyncIterable<Buffer>,
  passphrase: string,
  work = WORK,
): AsyncGenerator<Buffer, void> {
  const fileKey = randomBytes(16)
  const salt = randomBytes(16)
  const sealed = seal(await wrappingKey(passphrase, salt, work), Buffer.alloc(12), fileKey)
  const head = `${AGE_INTRO}-> scrypt ${base64(salt)} ${work}\n${base64(sealed)}\n---`
  const nonce = randomBytes(16)
  yield Buffer.concat([Buffer.from(`${head} ${base64(headerMac(fileKey, head))}\n`), nonce])
  const key = derive(fileKey, nonce, 'payload')
  const counter = chunkNonces()
  let held: Buffer[] = []
  let size = 0
  for await (const piece of source) {
    held.push(piece)
    size += piece.length
    // A full chunk stays until more comes: the last one is marked as such.
    if (size <= CHUNK) continue
    let all = Buffer.concat(held)
    while (all.length > CHUNK) {
      yield seal(key, counter(false), all.subarray(0, CHUNK))
      all = all.subarray(CHUNK)
    }
    held = [all]
    size = all.length
  }
  yield seal(key, counter(true), Buffer.concat(held))
}

/** Throws a {@link Sentence} when the passphrase is another, or a byte was altered or is missing. */
export async function* ageDecrypt(source: AsyncIterable<Buffer>, passphrase: string): AsyncGenerator<Buffer, void> {
  const pieces = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const more = async (): Promise<boolean> => {
    const next = await pieces.next()
    if (!next.done) held = held.length ? Buffer.concat([held, next.value]) : next.value
    return !next.done
  }
  const headerEnd = () => endOfHeader(held)
  while (headerEnd() < 0 || held.length < headerEnd() + 16) if (held.length > 4096 || !(await more())) throw damaged()
  const end = headerEnd()
  const fileKey = await openHeader(held.toString('latin1', 0, end), passphrase)
  const key = derive(fileKey, held.subarray(end, end + 16), 'payload')
  held = held.subarray(end + 16)
  const counter = chunkNonces()
  const whole = CHUNK + TAG
  for (;;) {
    while (held.length <= whole && (await more()));
    const last = held.length <= whole
    const plain = unseal(key, counter(last), held.subarray(0, whole))
    if (!plain) throw damaged()
    held = held.subarray(whole)
    yield plain
    if (last) return
  }
}

async function openHeader(header: string, passphrase: string): Promise<Buffer> {
  const found = /^age-encryption\.org\/v1\n-> scrypt (\S+) (\d+)\n(\S+)\n--- (\S+)\n$/.exec(header)
  if (!found) throw new Sentence('This backup was encrypted for a key, not by a passphrase. Decrypt it with age first.')
  const [, salt = '', work = '', sealed = '', mac = ''] = found
  if (Number(work) > MOST_WORK) throw damaged()
  const wrap = await wrappingKey(passphrase, Buffer.from(salt, 'base64'), Number(work))
  const fileKey = unseal(wrap, Buffer.alloc(12), Buffer.from(sealed, 'base64'))
  if (!fileKey) throw wrongPassphrase()
  const expected = headerMac(fileKey, header.slice(0, header.lastIndexOf(' ')))
  const given = Buffer.from(mac, 'base64')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw damaged()
  return fileKey
}

function endOfHeader(held: Buffer): number {
  const mark = held.indexOf('\n--- ')
  const end = mark < 0 ? -1 : held.indexOf('\n', mark + 1)
  return end < 0 ? -1 : end + 1
}

const wrappingKey = (passphrase: string, salt: Buffer, work: number): Promise<Buffer> =>
  scrypt(passphrase.normalize('NFC'), Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), salt]), 32, {
    N: 2 ** work,
    r: 8,
    p: 1,
    maxmem: 2 ** (work + 11),
  })

const derive = (key: Buffer, salt: Buffer, info: string): Buffer => Buffer.from(hkdfSync('sha256', key, salt, info, 32))
const headerMac = (fileKey: Buffer, header: string): Buffer =>
  createHmac('sha256', derive(fileKey, Buffer.alloc(0), 'header'))
    .update(header)
    .digest()
const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

/** The STREAM construction: eleven bytes count the chunks, the twelfth marks the last. */
function chunkNonces(): (last: boolean) => Buffer {
  let count = 0
  return (last) => {
    const nonce = Buffer.alloc(12)
    nonce.writeUIntBE(count++, 5, 6)
    nonce[11] = last ? 1 : 0
    return nonce
  }
}

function seal(key: Buffer, nonce: Buffer, plain: Buffer): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG })
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function unseal(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer | null {
  if (sealed.length < TAG) return null
  const cipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG })
  cipher.setAuthTag(sealed.subarray(-TAG))
  try {
    return Buffer.concat([cipher.update(sealed.subarray(0, -TAG)), cipher.final()])
  } catch {
    return null
  }
}
