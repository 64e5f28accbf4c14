import { Metadata } from '@tus/server'
import { type SignedIn, signedIn, type TestPlatform, testApp } from '../../../testing/index.ts'
import { createArtist } from '../../identity/index.ts'
import { makeReleases } from './make-releases.ts'
import { understandBatch } from './understand-batch.ts'

export type World = {
  platform: TestPlatform
  app: ReturnType<typeof testApp>
  artistId: string
  who: SignedIn
}

/** An artist and somebody who works for them. */
export async function aWorld(platform: TestPlatform, name = 'Ada'): Promise<World> {
  const { id } = await platform.db.transaction().execute((tx) => createArtist(tx, { name, ownerId: null }))
  return { platform, app: testApp(platform), artistId: id, who: await signedIn(platform, { artistIds: [id] }) }
}

const OURS = { origin: 'http://ritornello.test', 'sec-fetch-site': 'same-origin', 'accept-language': 'en' }

/** One request, as a page of ours sends it for this person. */
export const ask = ({ app, who }: Pick<World, 'app' | 'who'>, method: string, path: string, init: RequestInit = {}) =>
  Promise.resolve(
    app.request(path, {
      method,
      redirect: 'manual',
      ...init,
      headers: { ...OURS, ...who.headers, ...(init.headers as Record<string, string>) },
    }),
  )

export const TUS = { 'tus-resumable': '1.0.0' }
export const BYTES = { ...TUS, 'content-type': 'application/offset+octet-stream' }

export async function newBatch(
  world: World,
  query = `artist=${world.artistId}`,
): Promise<{ id: string; endpoint: string; page: string }> {
  const answer = await ask(world, 'POST', `/studio/uploads?${query}`)
  if (answer.status !== 201) throw new Error(`No batch: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

export const announce = (world: World, endpoint: string, path: string, size: number, modified = '1') =>
  ask(world, 'POST', endpoint, {
    headers: { ...TUS, 'upload-length': String(size), 'upload-metadata': Metadata.stringify({ path, modified }) },
  })

export const patch = (world: World, url: string, offset: number, body: BodyInit) =>
  ask(world, 'PATCH', url, {
    headers: { ...BYTES, 'upload-offset': String(offset) },
    body,
    // What Node asks for when a body is a stream.
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit)

/** Sends one whole file. */
export async function sendFile(world: World, endpoint: string, path: string, bytes: Uint8Array): Promise<string> {
  const made = await announce(world, endpoint, path, bytes.length)
  if (made.status !== 201) throw new Error(`Refused: ${made.status} ${await made.text()}`)
  const url = made.headers.get('location') ?? ''
  if (bytes.length > 0) await patch(world, url, 0, bytes as Uint8Array<ArrayBuffer>)
  return url
}

export const context = { attempt: 1, lastAttempt: true, signal: new AbortController().signal }

/** Presses a button of a batch's page. */
export const press = (world: World, page: string, what: string) => ask(world, 'POST', `${page}/${what}`)

/** A batch with these files, read: its page shows what was understood. */
export async function understood(world: World, files: Record<string, Uint8Array>, query?: string) {
  const batch = await newBatch(world, query)
  for (const [path, bytes] of Object.entries(files)) await sendFile(world, batch.endpoint, path, bytes)
  await press(world, batch.page, 'done')
  await understandBatch(world.platform, { batchId: batch.id }, context)
  return batch
}

/** The same, made. Answers with the releases. */
export async function made(world: World, files: Record<string, Uint8Array>, query?: string): Promise<string[]> {
  const batch = await understood(world, files, query)
  await press(world, batch.page, 'make')
  await makeReleases(world.platform, { batchId: batch.id }, context)
  return madeOf(world, batch.id)
}

export async function madeOf({ platform }: World, batchId: string): Promise<string[]> {
  const row = await platform.db.selectFrom('uploadBatches').select('made').where('id', '=', batchId).executeTakeFirst()
  return row?.made ?? []
}
