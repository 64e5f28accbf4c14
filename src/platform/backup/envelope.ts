import { type Duplex, pipeline, Readable } from 'node:stream'
import { createGunzip, createGzip, createZstdCompress, createZstdDecompress } from 'node:zlib'
import { Sentence } from '../sentence.ts'
import { AGE_INTRO, ageDecrypt, ageEncrypt } from './age.ts'

type Bytes = AsyncIterable<Buffer>

/**
 * What is around the tar archive: compression, told by the name of the file (`.tar`, `.tar.gz` or `.tgz`, `.tar.zst`, each with `.age` behind it or not), and
 * encryption, whenever there is a passphrase.
 */
export function wrap(archive: Bytes, fileName: string, passphrase: string | null): Bytes {
  const plainName = fileName.replace(/\.age$/, '')
  if (plainName !== fileName && !passphrase)
    throw new Sentence(`${fileName} ends in .age, for encryption, but BACKUP_PASSPHRASE is not set.`)
  let bytes = archive
  if (/\.(gz|tgz)$/.test(plainName)) bytes = through(bytes, createGzip({ level: 6 }))
  if (/\.zst$/.test(plainName)) bytes = through(bytes, createZstdCompress())
  return passphrase ? ageEncrypt(bytes, passphrase) : bytes
}

/** The tar archive inside, whatever is around it: recognised by its first bytes, not by its name. Throws a {@link Sentence}. */
export async function unwrap(bytes: Bytes, passphrase: string | null): Promise<Bytes> {
  const { head, all } = await peek(bytes)
  if (head.toString('latin1').startsWith(AGE_INTRO)) {
    if (!passphrase) throw new Sentence('This backup is encrypted. Set BACKUP_PASSPHRASE to its passphrase.')
    return unwrap(ageDecrypt(all, passphrase), passphrase)
  }
  if (head[0] === 0x1f && head[1] === 0x8b) return through(all, createGunzip())
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return through(all, createZstdDecompress())
  return all
}

/** An error on either side ends the other, and is thrown to who reads. */
function through(bytes: Bytes, transform: Duplex): Bytes {
  pipeline(Readable.from(bytes, { objectMode: false }), transform, () => undefined)
  return transform as AsyncIterable<Buffer>
}

async function peek(bytes: Bytes): Promise<{ head: Buffer; all: Bytes }> {
  const pieces = bytes[Symbol.asyncIterator]()
  let head: Buffer = Buffer.alloc(0)
  while (head.length < 64) {
    const next = await pieces.next()
    if (next.done) break
    head = Buffer.concat([head, next.value])
  }
  async function* all(): AsyncGenerator<Buffer, void> {
    try {
      if (head.length) yield head
      for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value
    } finally {
      await pieces.return?.()
    }
  }
  return { head, all: all() }
}
