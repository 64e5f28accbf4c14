import type { Words } from '../../../../platform/i18n/index.ts'
import { formats } from '../../../../platform/i18n/index.ts'
import { Button, FileField } from '../../../../ui/forms.tsx'
import type { Page } from '../../../../ui/page.ts'
import type { UploadProps } from '../islands/upload-props.ts'
import { MAX_FILE_BYTES } from '../limits.rules.ts'
import type en from '../locales/en.json'
import { refusalSentence, words } from '../words.ts'

export type AreaProps = {
  page: Page
  /** Where the island asks for a batch, and where the form without scripts goes. */
  open: string
  action: string
  /** A single sound is asked for. */
  single: boolean
  batch: UploadProps['batch']
  files: UploadProps['files']
}

/** Where files are dropped: the island, and before it comes, or without scripts, a plain form. */
export const UploadArea = ({ page, open, action, single, batch, files }: AreaProps) => {
  const t = words(page.lang)
  const props: UploadProps = {
    open,
    batch,
    files,
    single,
    lang: page.lang,
    maxFileBytes: MAX_FILE_BYTES,
    says: islandWords(t, page.lang),
  }
  return (
    <div data-island="upload" data-props={JSON.stringify(props)}>
      <form method="post" action={action} enctype="multipart/form-data" class="drop">
        {single ? (
          <FileField name="files" label={t('choose_file')} accept="audio/*" />
        ) : (
          <>
            <FileField name="folder" label={t('choose_folder')} multiple webkitdirectory="" />
            <FileField name="files" label={t('choose_files')} multiple />
          </>
        )}
        <p class="hint">{t('send_hint')}</p>
        <Button>{t('send')}</Button>
      </form>
    </div>
  )
}

export const Accepted = ({ page }: { page: Page }) => {
  const t = words(page.lang)
  return (
    <details>
      <summary>{t('accepted_title')}</summary>
      <p class="lead">{t('accepted', { limit: formats(page.lang).bytes(MAX_FILE_BYTES) })}</p>
    </details>
  )
}

/** The island's words, with the names of what it fills in left standing in braces. */
function islandWords(t: Words<keyof typeof en>, lang: Page['lang']): UploadProps['says'] {
  const left = (...names: string[]) => Object.fromEntries(names.map((name) => [name, `{${name}}`]))
  return {
    dropHere: t('drop_here'),
    dropFileHere: t('drop_file_here'),
    chooseFolder: t('choose_folder'),
    chooseFiles: t('choose_files'),
    chooseFile: t('choose_file'),
    overall: t('overall', left('sent', 'total')),
    counted: t('counted', left('done', 'count')),
    pause: t('pause'),
    resume: t('resume'),
    paused: t('paused'),
    offline: t('offline'),
    dropAgain: t('drop_again'),
    waiting: t('state_waiting'),
    sending: t('state_sending', left('percent')),
    done: t('state_done'),
    missing: t('state_missing', left('percent')),
    failed: t('state_failed'),
    retry: t('retry'),
    remove: t('remove'),
    removeFile: t('remove_file', left('file')),
    finish: t('finish'),
    finishHint: t('finish_hint'),
    finishing: t('finishing'),
    lost: t('lost'),
    startFailed: t('start_failed'),
    nothingChosen: t('nothing_chosen'),
    see: t('tray_see'),
    stopped: t('tray_stopped'),
    tooLarge: refusalSentence(lang, 'file-too-large'),
  }
}
