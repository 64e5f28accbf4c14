/** @jsxImportSource preact */
import { render } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { shownPaths } from '../paths.rules.ts'
import { fromDrop, fromInput } from './chosen-files.ts'
import { forget, remember, remembered } from './remembered.ts'
import { createSender, type Item, type Sender } from './sender.ts'
import { percentOf } from './sizes.ts'
import { drawTray, keepSending, type Sending, stayInDocument } from './tray.ts'
import type { UploadProps } from './upload-props.ts'

const fill = (text: string, values: Record<string, string | number>) =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))

/** The same units as on the server's pages: decimal. */
function size(bytes: number, lang: UploadProps['lang']): string {
  const units = lang === 'fr' ? ['o', 'ko', 'Mo', 'Go'] : ['B', 'kB', 'MB', 'GB']
  const power = bytes < 1 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  const digits = power === 0 || value >= 100 ? 0 : 1
  return `${value.toLocaleString(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits })}\u00a0${units[power]}`
}

/** Where files are dropped, and what became of each. */
function UploadArea({ element, ...props }: UploadProps & { element: HTMLElement }) {
  const { says, single } = props
  const [, redraw] = useState(0)
  const [note, setNote] = useState('')
  const [over, setOver] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const sender = useMemo(() => {
    const changed = () => {
      redraw((n) => n + 1)
      drawTray()
    }
    const connected = connect(props, changed, () => setNote(says.startFailed))
    keepSending({
      element,
      sender: connected,
      says: {
        counted: says.counted,
        arrived: says.finishing,
        see: says.see,
        problem: says.stopped,
      },
      fill,
    })
    return connected
  }, [])
  const { items } = sender
  const lines = [...items].sort((a, b) => a.path.localeCompare(b.path, props.lang, { numeric: true }))
  const names = shownPaths(lines.map(({ path }) => path))
  const sending = items.some((item) => item.state === 'sending' || item.state === 'waiting')
  const all = items.length > 0 && items.every((item) => item.state === 'done')
  const some = items.some((item) => item.state === 'done')

  const take = (chosen: ReturnType<typeof fromInput>) => {
    setNote(chosen.length === 0 ? says.nothingChosen : '')
    sender.add(single ? chosen.slice(0, 1) : chosen)
  }
  const finish = async () => {
    setLeaving(true)
    try {
      await finishBatch(sender.page())
      // Whoever is elsewhere by now is not led away: the tray says it, with the way there.
      if (element.isConnected) location.assign(sender.page())
      else drawTray()
    } catch {
      setNote(says.startFailed)
      setLeaving(false)
    }
  }
  // Wherever on the page files are let go they are meant for here: the browser would open the file that misses, and leave the page.
  useEffect(() => {
    const leave = new AbortController()
    const { signal } = leave
    const filesOf = ({ dataTransfer }: DragEvent) =>
      element.isConnected && dataTransfer?.types.includes('Files') ? dataTransfer : null
    document.addEventListener(
      'dragover',
      (event) => {
        if (!filesOf(event)) return
        event.preventDefault()
        setOver(true)
      },
      { signal },
    )
    document.addEventListener('dragleave', (event) => !event.relatedTarget && setOver(false), { signal })
    document.addEventListener(
      'drop',
      (event) => {
        const files = filesOf(event)
        if (!files) return
        event.preventDefault()
        setOver(false)
        void fromDrop(files).then(take)
      },
      { signal },
    )
    return () => leave.abort()
  }, [])
  // Everything arrived while the person was here: no press is needed. Files of an earlier visit wait for one.
  const arrived = all && sender.worked() && !leaving && note === ''
  useEffect(() => {
    if (arrived) void finish()
  }, [arrived])

  return (
    <>
      <div class="drop" data-over={over || undefined}>
        <p>
          <strong>{single ? says.dropFileHere : says.dropHere}</strong>
        </p>
        <p class="actions" style="margin:0">
          {!single && <Chooser label={says.chooseFolder} folder plain={items.length > 0} onChosen={take} />}
          <Chooser
            label={single ? says.chooseFile : says.chooseFiles}
            plain={!single || items.length > 0}
            multiple={!single}
            onChosen={take}
          />
        </p>
      </div>
      <p role="status" class={note ? 'error' : 'hidden'}>
        {note || (all ? says.finishing : '')}
      </p>
      {items.some((item) => item.state === 'missing') && <p class="notice">{says.dropAgain}</p>}
      {items.length > 0 && <Overall {...props} sender={sender} sending={sending} />}
      {!sending && some && !leaving && !(all && sender.worked()) && (
        <p class="actions">
          <button type="button" class={`button ${all ? 'main' : 'plain'}`} onClick={() => void finish()}>
            {says.finish}
          </button>
          {!all && <span class="quiet">{says.finishHint}</span>}
        </p>
      )}
      {items.length > 0 && (
        <ul class="sending">
          {lines.map((item, i) => (
            <Line key={item.path} item={item} shown={names[i] ?? item.path} sender={sender} {...props} />
          ))}
        </ul>
      )}
    </>
  )
}

type ChooserProps = {
  label: string
  folder?: boolean
  plain?: boolean
  multiple?: boolean
  onChosen: (chosen: ReturnType<typeof fromInput>) => void
}

/** A button that opens the browser's own chooser. */
function Chooser({ label, folder, plain, multiple, onChosen }: ChooserProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" class={`button ${plain ? 'plain' : 'main'}`} onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={(element) => {
          input.current = element
          if (folder) element?.setAttribute('webkitdirectory', '')
        }}
        type="file"
        hidden
        aria-label={label}
        multiple={folder || multiple}
        onChange={({ currentTarget }) => {
          if (currentTarget.files) onChosen(fromInput(currentTarget.files))
          // The same folder again is a change too.
          currentTarget.value = ''
        }}
      />
    </>
  )
}

function Overall({ sender, sending, says, lang }: UploadProps & { sender: Sending; sending: boolean }) {
  const total = sender.items.reduce((sum, item) => sum + item.size, 0)
  const sent = sender.items.reduce((sum, item) => sum + Math.min(item.received, item.size), 0)
  const done = sender.items.filter((item) => item.state === 'done').length
  const overall = fill(says.overall, { sent: size(sent, lang), total: size(total, lang) })
  return (
    <section class="sent-all">
      <progress value={total === 0 ? 1 : sent} max={Math.max(1, total)} aria-label={overall} />
      <p>
        {overall}{' '}
        <span class="quiet">
          ({percentOf(sent, total)}
          {lang === 'fr' ? '\u00a0%' : '%'})
        </span>
      </p>
      <p role="status">
        {fill(says.counted, { done, count: sender.items.length })}
        {sender.paused ? ` · ${says.paused}` : sender.offline && sending ? ` · ${says.offline}` : ''}
      </p>
      {(sending || sender.paused) && (
        <p class="actions" style="margin:0">
          <button type="button" class="button plain" onClick={() => (sender.paused ? sender.resume() : sender.pause())}>
            {sender.paused ? says.resume : says.pause}
          </button>
        </p>
      )}
    </section>
  )
}

function Line({ item, shown, sender, says, lang }: UploadProps & { item: Item; shown: string; sender: Sender }) {
  const percent = percentOf(Math.min(item.received, item.size), item.size)
  const state =
    item.state === 'sending'
      ? fill(says.sending, { percent })
      : item.state === 'missing'
        ? fill(says.missing, { percent })
        : says[item.state]
  return (
    <li>
      <span>
        <b>{shown}</b>{' '}
        <small>
          {size(item.size, lang)} · {state}
        </small>
      </span>
      <span>
        {item.state === 'failed' && item.file && (
          <button type="button" class="button quiet" onClick={() => sender.retry(item)}>
            {says.retry}
          </button>
        )}
        {item.state !== 'sending' && (
          <button
            type="button"
            class="button quiet"
            aria-label={fill(says.removeFile, { file: shown })}
            onClick={() => void sender.remove(item)}
          >
            {says.remove}
          </button>
        )}
      </span>
      {item.state === 'sending' && <progress value={item.received} max={Math.max(1, item.size)} aria-label={shown} />}
      {item.state === 'failed' && <p class="error">{item.problem ?? says.lost}</p>}
    </li>
  )
}

/** A sender that opens its batch when the first file goes, and puts its page in the address: a reload finds it again. */
function connect(props: UploadProps, changed: () => void, refused: () => void): Sending {
  let { batch } = props
  let opening: Promise<string> | null = null
  let worked = false
  const endpoint = () => {
    opening ??= (batch ? Promise.resolve(batch) : openBatch(props.open)).then(
      (opened) => {
        batch = opened
        history.replaceState(null, '', opened.page)
        stayInDocument()
        keep()
        return opened.endpoint
      },
      (error) => {
        opening = null
        refused()
        throw error
      },
    )
    worked = true
    return opening
  }
  const known = new Set(props.files.map(({ path }) => path))
  const begun = batch ? remembered(batch.page).filter(({ path }) => !known.has(path)) : []
  const sender = createSender(
    [...props.files, ...begun.map((one) => ({ ...one, received: 0, complete: false, url: null }))],
    { endpoint, maxBytes: props.maxFileBytes, tooLarge: props.says.tooLarge },
    changed,
  )
  // What has begun is the server's to know.
  const keep = () =>
    batch &&
    remember(
      batch.page,
      sender.items.filter((item) => !item.url && !item.complete && item.received === 0),
    )
  sender.onChosen = keep
  addEventListener('beforeunload', (event) => {
    if (sender.items.some((item) => item.state === 'sending' || (item.state === 'waiting' && item.file)))
      event.preventDefault()
  })
  return Object.assign(sender, { page: () => batch?.page ?? '', worked: () => worked })
}

async function openBatch(url: string): Promise<{ endpoint: string; page: string }> {
  const answer = await fetch(url, { method: 'POST' })
  if (!answer.ok) throw new Error(String(answer.status))
  return (await answer.json()) as { endpoint: string; page: string }
}

async function finishBatch(page: string): Promise<void> {
  const answer = await fetch(`${page}/done`, { method: 'POST', redirect: 'manual' })
  if (answer.type !== 'opaqueredirect' && !answer.ok) throw new Error(String(answer.status))
  forget(page)
}

export function mount(element: HTMLElement, props: UploadProps): () => void {
  element.replaceChildren()
  render(<UploadArea {...props} element={element} />, element)
  return () => render(null, element)
}

/** Those that came with this page and are not drawn yet. */
function mountAll(): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-island=upload]:not([data-drawn])')) {
    element.dataset['drawn'] = ''
    mount(element, JSON.parse(element.dataset['props'] ?? '{}') as UploadProps)
  }
}

mountAll()
// In a document that is kept, what is being sent takes its own place first.
document.addEventListener('ritornello:page', () => queueMicrotask(mountAll))
