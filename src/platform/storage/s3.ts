import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { S3Config } from '../config.ts'
import { newToken } from '../ids.ts'
import { checkKey, FileMissing, type Storage, type StoredFile } from './storage.ts'

/** S3 takes parts of 5 MiB or more, 10,000 at most: 16 MiB each allows files of 160 GB with one part in memory. */
const PART_BYTES = 16 * 1024 * 1024

/** Files in a bucket of an S3-compatible store. `workDir` holds the passing copies that {@link Storage.withLocal} lends. */
export function s3Storage(config: S3Config, workDir: string): Storage {
  const client = new S3Client({
    region: config.region,
    forcePathStyle: config.forcePathStyle,
    credentials: { accessKeyId: config.accessKeyId, secretAccessKey: config.secretAccessKey },
    // Not every store knows the checksums that the SDK adds by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(config.endpoint ? { endpoint: config.endpoint } : {}),
  })
  const at = (key: string) => ({ Bucket: config.bucket, Key: checkKey(key) })

  async function open(key: string, range?: { start: number; end: number }): Promise<Readable> {
    try {
      const { Body } = await client.send(
        new GetObjectCommand({ ...at(key), ...(range ? { Range: `bytes=${range.start}-${range.end}` } : {}) }),
      )
      return Body as Readable
    } catch (error) {
      if (isMissing(error)) throw new FileMissing(key, { cause: error })
      throw error
    }
  }

  async function statOf(key: string): Promise<StoredFile | null> {
    try {
      const { ContentLength = 0, LastModified = new Date(0) } = await client.send(new HeadObjectCommand(at(key)))
      return { key, size: ContentLength, modifiedAt: LastModified }
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  async function put(key: string, content: Buffer | Readable): Promise<number> {
    if (Buffer.isBuffer(content)) {
      await client.send(new PutObjectCommand({ ...at(key), Body: content, ContentLength: content.length }))
      return content.length
    }
    const parts = inParts(content)
    const first = await parts.next()
    const head = first.done ? Buffer.alloc(0) : first.value
    if (head.length < PART_BYTES) return put(key, head)
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at(key)))
    const upload = { ...at(key), UploadId }
    try {
      const done: { ETag: string | undefined; PartNumber: number }[] = []
      let size = 0
      for (let part: Buffer | undefined = head; part; part = (await parts.next()).value || undefined) {
        const PartNumber = done.length + 1
        const { ETag } = await client.send(
          new UploadPartCommand({ ...upload, PartNumber, Body: part, ContentLength: part.length }),
        )
        done.push({ ETag, PartNumber })
        size += part.length
      }
      await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: done } }))
      return size
    } catch (error) {
      await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined)
      throw error
    } finally {
      await parts.return(undefined)
    }
  }

  return {
    put,
    open,
    async adopt(key, path) {
      const { size } = await stat(path)
      await put(key, createReadStream(path))
      await rm(path)
      return size
    },
    stat: statOf,
    claim: statOf,
    async remove(key) {
      await client.send(new DeleteObjectCommand(at(key)))
    },
    async *list(prefix) {
      let ContinuationToken: string | undefined
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: config.bucket,
            Prefix: prefix,
            ...(ContinuationToken ? { ContinuationToken } : {}),
          }),
        )
        for (const { Key, Size = 0, LastModified = new Date(0) } of page.Contents ?? [])
          if (Key) yield { key: Key, size: Size, modifiedAt: LastModified }
        ContinuationToken = page.NextContinuationToken
      } while (ContinuationToken)
    },
    async withLocal(key, work) {
      const dir = join(workDir, newToken(9))
      const path = join(dir, key.split('/').at(-1) ?? 'file')
      await mkdir(dir, { recursive: true, mode: 0o700 })
      try {
        await pipeline(await open(key), createWriteStream(path))
        return await work(path)
      } finally {
        await rm(dir, { recursive: true, force: true })
      }
    },
    localPath: () => null,
  }
}

async function* inParts(stream: Readable): AsyncGenerator<Buffer, undefined> {
  let held: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    held.push(chunk)
    size += chunk.length
    while (size >= PART_BYTES) {
      const all = Buffer.concat(held)
      yield all.subarray(0, PART_BYTES)
      held = [all.subarray(PART_BYTES)]
      size -= PART_BYTES
    }
  }
  if (size) yield Buffer.concat(held)
  return undefined
}

const isMissing = (error: unknown) => {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } }
  return name === 'NoSuchKey' || name === 'NotFound' || $metadata?.httpStatusCode === 404
}
