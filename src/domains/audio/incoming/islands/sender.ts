import { Upload } from 'tus-js-client'
import { mayPass, RESUMABLE, sentenceOf, statusOf } from '../../../../ui/client/resumable.ts'
import { type KnownUpload, matchFile } from '../match.rules.ts'
import type { Chosen } from './chosen-files.ts'

export type Item = KnownUpload & {
  url: string | null
  file: File | null
  state: 'missing' | 'waiting' | 'sending' | 'done' | 'failed'
  /** A sentence of the server, or null: then the connection was lost. */
  problem: string | null
}

export type Sender = {
  items: Item[]
  paused: boolean
  offline: boolean
  add(chosen: Chosen[]): void
  pause(): void
  resume(): void
  retry(item: Item): void
  remove(item: Item): Promise<void>
  /** Called when the list of files is another than before, or one of them has begun. */
  onChosen: () => void
}

const AT_ONCE = 3

/** Sends files, three at a time, each going on where it stopped. `endpoint` opens the batch the first time that it is asked. */
export function createSender(
  known: (KnownUpload & { url: string | null })[],
  { endpoint, maxBytes, tooLarge }: { endpoint: () => Promise<string>; maxBytes: number; tooLarge: string },
  changed: () => void,
): Sender {
  const running = new Map<Item, Upload>()
  const sender: Sender = {
    items: known.map((one) => ({ ...one, file: null, state: one.complete ? 'done' : 'missing', problem: null })),
    paused: false,
    offline: false,
    onChosen: () => undefined,
    add(chosen) {
      for (const one of chosen) addOne(one)
      sender.onChosen()
      go()
    },
    pause() {
      sender.paused = true
      for (const [item, upload] of running) {
        void upload.abort()
        item.state = 'waiting'
      }
      running.clear()
      changed()
    },
    resume() {
      sender.paused = false
      go()
    },
    retry(item) {
      item.state = item.file ? 'waiting' : 'missing'
      item.problem = null
      go()
    },
    async remove(item) {
      const upload = running.get(item)
      running.delete(item)
      await upload?.abort()
      sender.items = sender.items.filter((one) => one !== item)
      sender.onChosen()
      const url = upload?.url ?? item.url
      if (url) await Upload.terminate(url, { retryDelays: RESUMABLE.retryDelays.slice(0, 3) }).catch(() => undefined)
      go()
    },
  }

  function addOne({ path, file }: Chosen): void {
    const chosen = { path, size: file.size, modifiedMs: file.lastModified }
    const match = matchFile(chosen, sender.items)
    if (match.does === 'skip') return
    if (match.does === 'resume') {
      const { known: item } = match
      if (item.file && item.state !== 'failed') return
      Object.assign(item, { file, state: 'waiting', problem: null })
      return
    }
    const replaced = sender.items.find((item) => item.path === path)
    if (replaced) {
      void running.get(replaced)?.abort()
      running.delete(replaced)
    }
    const fits = file.size <= maxBytes
    const item: Item = {
      ...chosen,
      received: 0,
      complete: false,
      url: null,
      file: fits ? file : null,
      state: fits ? 'waiting' : 'failed',
      problem: fits ? null : tooLarge,
    }
    sender.items = [...sender.items.filter((one) => one !== replaced), item]
  }

  function go(): void {
    while (!sender.paused && running.size < AT_ONCE) {
      const next = sender.items.find((item) => item.state === 'waiting')
      if (!next) break
      start(next)
    }
    changed()
  }

  function start(item: Item): void {
    const upload = new Upload(item.file as File, {
      endpoint: '/',
      ...(item.url ? { uploadUrl: item.url } : {}),
      metadata: { path: item.path, modified: String(item.modifiedMs) },
      ...RESUMABLE,
      onUploadUrlAvailable: () => {
        item.url = upload.url
        sender.onChosen()
      },
      onProgress(sent) {
        item.received = sent
        sender.offline = false
        changed()
      },
      onSuccess() {
        Object.assign(item, { received: item.size, complete: true, state: 'done' })
        settle()
      },
      onShouldRetry(error) {
        const status = statusOf(error)
        sender.offline = status === 0
        changed()
        return mayPass(status)
      },
      onError(error) {
        Object.assign(item, { state: 'failed', problem: sentenceOf(error) })
        settle()
      },
    })
    const settle = () => {
      if (running.get(item) === upload) running.delete(item)
      go()
    }
    item.state = 'sending'
    running.set(item, upload)
    endpoint().then(
      (address) => {
        if (running.get(item) !== upload) return
        upload.options.endpoint = address
        upload.start()
      },
      () => {
        Object.assign(item, { state: 'failed', problem: null })
        settle()
      },
    )
  }

  // What failed for want of a connection goes on when there is one.
  addEventListener('online', () => {
    for (const item of sender.items)
      if (item.state === 'failed' && item.file && item.problem === null) item.state = 'waiting'
    go()
  })
  return sender
}
