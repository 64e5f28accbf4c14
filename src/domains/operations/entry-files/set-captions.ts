import type { Platform } from '../../../platform/platform.ts'
import { readCaptions } from '../../journal/index.ts'

/** Sets what is said and heard in a film, from WebVTT or SubRip. False when it is neither. */
export async function setCaptions(
  { db }: Pick<Platform, 'db'>,
  { fileId, text }: { fileId: string; text: string },
): Promise<boolean> {
  const captions = readCaptions(text)
  if (!captions) return false
  await db.updateTable('entryFiles').set({ captions }).where('id', '=', fileId).execute()
  return true
}
