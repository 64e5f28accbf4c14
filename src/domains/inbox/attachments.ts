import { buffer } from 'node:stream/consumers'
import { isId } from '../../platform/ids.ts'
import { storeImage } from '../../platform/images/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { FileMissing } from '../../platform/storage/index.ts'
import { readHeaders } from './automatic.rules.ts'

export type ReadMail = {
  headers: Map<string, string>
  messageId: string | null
  files: { name: string; type: string; content: Buffer }[]
}

export type KeptFile = { name: string; type: string; size: number; storageKey: string; imageId: string | null }

/** A mail larger than this is read for its words alone. */
const MOST_MAIL = 40_000_000
const MOST_FILE = 25_000_000
const MOST_FILES = 20

/** A mail as it came, read for its headers and files. Null when it is not there any more. */
export async function readMail({ storage }: Pick<Platform, 'storage'>, key: string): Promise<ReadMail | null> {
  try {
    const { size = 0 } = (await storage.stat(key)) ?? {}
    const whole = size <= MOST_MAIL
    const raw = await buffer(await storage.open(key, whole ? undefined : { start: 0, end: 65_535 }))
    const headers = readHeaders(raw.subarray(0, 65_536).toString('latin1'))
    const messageId = /<[^<>\s]{3,990}>/.exec(headers.get('message-id') ?? '')?.[0] ?? null
    if (!whole) return { headers, messageId, files: [] }
    const { simpleParser } = await import('mailparser')
    const { attachments } = await simpleParser(raw, {
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipImageLinks: true,
    })
    const files = attachments
      .filter(({ content }) => content.length > 0 && content.length <= MOST_FILE)
      .slice(0, MOST_FILES)
      .map(({ filename, contentType, content }) => ({
        name: fileName(filename ?? ''),
        type: /^[\w.+-]{1,60}\/[\w.+-]{1,80}$/.test(contentType)
          ? contentType.toLowerCase()
          : 'application/octet-stream',
        content,
      }))
    return { headers, messageId, files }
  } catch (error) {
    if (error instanceof FileMissing) return null
    throw error
  }
}

/** A name to save it by: no path, nothing that is not seen. */
export const fileName = (name: string): string =>
  name
    .normalize('NFC')
    .replace(/^.*[/\\]/s, '')
    .replace(/[\p{Cc}\p{Cf}"<>:|?*]/gu, '')
    .replace(/^\.+/, '')
    .trim()
    .slice(0, 120) || 'file'

/**
 * Keeps files under names made of what they came with, so that keeping them twice is keeping them once. Of a picture a copy is made anew, which is what is
 * shown; the original is only ever saved.
 */
export async function keepAttachments(
  platform: Pick<Platform, 'db' | 'storage'>,
  receivedId: string,
  files: ReadMail['files'],
): Promise<KeptFile[]> {
  if (!isId(receivedId)) throw new Error('Not an id')
  const kept: KeptFile[] = []
  for (const [n, { name, type, content }] of files.entries()) {
    const storageKey = `attachments/${receivedId}/${n}`
    const size = await platform.storage.put(storageKey, content)
    const image = type.startsWith('image/') ? await storeImage(platform, content) : null
    kept.push({ name, type, size, storageKey, imageId: image?.ok ? image.value.id : null })
  }
  return kept
}
