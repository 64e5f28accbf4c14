import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'

/** What a link in a mail to somebody who follows is for: to say that they want it, or that they do not any more. */
export type FollowerLink = 'confirm' | 'leave'

export const followerPath = (signer: Platform['signer'], purpose: FollowerLink, id: string): string =>
  `/press/${purpose}/${id}.${signer.sign(`press-${purpose}`, id)}`

/** Whom a link was made for; null when it was made for another purpose or by somebody else. */
export function readFollowerToken(signer: Platform['signer'], purpose: FollowerLink, token: string): string | null {
  const [id = '', signature = '', ...more] = token.split('.')
  return isId(id) && !more.length && signer.verify(`press-${purpose}`, id, signature) ? id : null
}
