import type { KnownUpload } from '../match.rules.ts'

export type Saying =
  | 'dropHere'
  | 'dropFileHere'
  | 'chooseFolder'
  | 'chooseFiles'
  | 'chooseFile'
  | 'overall'
  | 'counted'
  | 'pause'
  | 'resume'
  | 'paused'
  | 'offline'
  | 'dropAgain'
  | 'waiting'
  | 'sending'
  | 'done'
  | 'missing'
  | 'failed'
  | 'retry'
  | 'remove'
  | 'removeFile'
  | 'finish'
  | 'finishHint'
  | 'finishing'
  | 'lost'
  | 'startFailed'
  | 'nothingChosen'
  | 'tooLarge'
  | 'see'
  | 'stopped'

/** What the page gives the island. `{names}` in words are filled in by the island. */
export type UploadProps = {
  /** Where a batch is asked for, while there is none. */
  open: string
  batch: { endpoint: string; page: string } | null
  /** What the server has of this batch already; `url` is where the rest of a file goes. */
  files: (KnownUpload & { url: string })[]
  single: boolean
  lang: 'en' | 'fr'
  maxFileBytes: number
  says: Record<Saying, string>
}
