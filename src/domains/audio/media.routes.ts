import { Hono } from 'hono'
import { open, send } from '../../platform/http/index.ts'
import { isId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import type { WebEnv } from '../identity/index.ts'
import type { Members } from '../music/index.ts'
import { mediaAccess } from './access.views.ts'
import { PASS_PARAMETER } from './pass.ts'
import type { StreamFormat } from './tables.ts'

const FORMATS: Record<string, StreamFormat> = { webm: 'opus', m4a: 'aac' }

/** Streams and waveforms. The address holds the hash of the master, so what it names never changes. */
export function mediaRoutes(platform: Platform, members: Members): Hono<WebEnv> {
  const { db, storage, config } = platform
  const accessTo = (track: string, pass: string | undefined) =>
    isId(track) ? mediaAccess({ ...platform, members }, { track }, 'stream', pass) : null
  const files = new Map<string, { storageKey: string; size: number; type: string }>()

  return new Hono<WebEnv>()
    .get('/media/stream/:track/:file{[0-9a-f]{16}\\.(?:webm|m4a)}', open, async (c) => {
      const { track, file } = c.req.param()
      const access = await accessTo(track, c.req.query(PASS_PARAMETER))
      if (!access) return c.notFound()
      const [hash = '', extension = ''] = file.split('.')
      const key = `${track}/${file}`
      const found = files.get(key) ?? (await rendition(track, hash, FORMATS[extension] as StreamFormat))
      if (!found) return c.notFound()
      if (files.size > 10_000) files.clear()
      files.set(key, found)
      const cache = access.shared ? 'immutable' : 'private'
      return send(
        c,
        storage,
        { pieces: [{ key: found.storageKey, size: found.size }], type: found.type, etag: `"${file}"`, cache },
        config.accelPrefix,
      )
    })
    .get('/media/waveform/:track/:file{[0-9a-f]{16}\\.bin}', open, async (c) => {
      const { track, file } = c.req.param()
      const access = await accessTo(track, c.req.query(PASS_PARAMETER))
      if (!access) return c.notFound()
      const row = await db
        .selectFrom('masters as m')
        .innerJoin('tracks as t', 't.recordingId', 'm.recordingId')
        .select(['m.waveform', 'm.sha256'])
        .where('t.id', '=', track)
        .executeTakeFirst()
      if (!row?.waveform || !row.sha256.startsWith(file.slice(0, 16))) return c.notFound()
      const cache = access.shared ? 'immutable' : 'private'
      return send(c, storage, { pieces: [row.waveform], type: 'application/octet-stream', etag: `"${file}"`, cache })
    })

  async function rendition(track: string, hash: string, format: StreamFormat) {
    const row = await db
      .selectFrom('renditions as s')
      .innerJoin('masters as m', 'm.id', 's.masterId')
      .innerJoin('tracks as t', 't.recordingId', 'm.recordingId')
      .select(['s.storageKey', 's.size', 's.type', 'm.sha256'])
      .where('t.id', '=', track)
      .where('s.format', '=', format)
      .executeTakeFirst()
    return row?.sha256.startsWith(hash) ? row : null
  }
}
