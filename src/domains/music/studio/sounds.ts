import type { Db } from '../../../platform/database/index.ts'
import { formats, type Lang } from '../../../platform/i18n/index.ts'
import { words } from '../words.ts'

/** What the studio's pages need to know of a recording's sound. */
export type Sound = { durationMs: number; state: 'waiting' | 'preparing' | 'ready' | 'failed'; progress: number }

/** Told by the domain that keeps the sound, by recording; music does not know it. */
export type SoundOf = (db: Db, recordingIds: string[]) => Promise<ReadonlyMap<string, Sound>>

export const noSound: SoundOf = async () => new Map()

/** Whether it will be heard by and by, without anybody doing anything. */
export const isComing = (sound: Sound | undefined): boolean =>
  sound?.state === 'waiting' || sound?.state === 'preparing'

/** "3:07", with what one should know besides. `known` is false where nobody tells of sounds at all. */
export function soundWords(sound: Sound | undefined, known: boolean, lang: Lang): string[] {
  const t = words(lang)
  if (!sound) return known ? [t('sound_none')] : []
  const length = formats(lang).duration(sound.durationMs)
  switch (sound.state) {
    case 'ready':
      return [length]
    case 'failed':
      return [length, t('sound_failed')]
    default:
      return [length, t('sound_preparing', { percent: Math.floor(sound.progress * 100) })]
  }
}
