import type { Subject } from '../exchange/index.ts'

export type Section = '' | 'try' | 'people'

export const sequencePath = (id: string, section: string = ''): string =>
  `/studio/sequences/${id}${section && `/${section}`}`

/** How the spine calls what a sequence gives. */
export const giveSubject = (giveId: string): Subject => `give:${giveId}`
