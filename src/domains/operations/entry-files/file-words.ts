import type { Lang } from '../../../platform/i18n/index.ts'
import { publicWords } from '../words.ts'
import { type FileKind, type FileProblem, MOST_OF } from './files.rules.ts'

/** Why a sound or a film was not taken, or does not play, in a sentence. */
export const fileSentence = (problem: FileProblem, kind: FileKind, lang: Lang): string => {
  const { megabytes, minutes } = MOST_OF[kind]
  return publicWords(lang)(`file_${problem}`, { kind, megabytes, minutes })
}
