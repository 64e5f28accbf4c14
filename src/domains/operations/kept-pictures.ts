import { isId } from '../../platform/ids.ts'
import { imageUrl } from '../../platform/images/index.ts'
import { addJob } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'

const DAY_MS = 24 * 3_600_000

/** A picture that came with a form which had an error elsewhere: the token that leads back to it, and where it is seen. */
export type KeptPicture = { id: string; token: string; src: string }

/**
 * Pictures that came with a form of `purpose`, kept for a day so that they need not be sent again: whoever has the token uses them, and what no finished form has used
 * by then goes.
 */
export function keptPictures({ db, now, signer }: Pick<Platform, 'db' | 'now' | 'signer'>, purpose: string) {
  /** The picture, if it is still there. */
  async function find(imageId: string | null): Promise<KeptPicture | null> {
    if (!imageId) return null
    const row = await db.selectFrom('images').select(['sha256', 'widths']).where('id', '=', imageId).executeTakeFirst()
    if (!row) return null
    const token = `${imageId}.${signer.sign(purpose, imageId)}`
    return { id: imageId, token, src: imageUrl(row.sha256, Math.min(...row.widths), 'jpg') }
  }
  return {
    find,
    async read(token: string): Promise<string | null> {
      const [id = '', signature = ''] = token.split('.')
      return isId(id) && signer.verify(purpose, id, signature) ? ((await find(id))?.id ?? null) : null
    },
    async forgetLater(imageId: string): Promise<void> {
      const runAt = new Date(now().getTime() + DAY_MS)
      await addJob(db, 'operations.forget-pictures', { images: [imageId] }, { runAt })
    },
  }
}
