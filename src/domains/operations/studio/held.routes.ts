import type { Context } from 'hono'
import { isId } from '../../../platform/ids.ts'
import { coverJpeg } from '../../../platform/images/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { WebEnv } from '../../identity/index.ts'
import { heldPicture } from '../held-pictures.ts'

/** The picture of what was taken down, for whoever may show it again: nobody else finds it, and no browser keeps it. */
export async function sendHeld(
  c: Context<WebEnv>,
  platform: Pick<Platform, 'db' | 'storage'>,
  operationId: string,
): Promise<Response> {
  const ofId = c.req.param('of')
  const bytes = isId(ofId) ? await heldPicture(platform, { operationId, ofId }) : null
  const made = bytes && (await coverJpeg(bytes))
  if (!made?.ok) return c.notFound()
  c.header('Cache-Control', 'private, no-store')
  c.header('Content-Type', 'image/jpeg')
  return c.body(new Uint8Array(made.value.bytes))
}
