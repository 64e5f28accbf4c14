import { Upload } from 'tus-js-client'
import { mayPass, RESUMABLE, sentenceOf, statusOf } from '../../../ui/client/resumable.ts'

type Saying = 'sending' | 'offline' | 'stop' | 'resume' | 'stopped' | 'arrived' | 'failed' | 'large'
type Known = { url: string; fileName: string; size: number; modifiedMs: number }
type Props = { endpoint: string; done: string; most: number; known: Known[]; says: Record<Saying, string> }

/** Sends a film in parts, going on where it stopped, instead of in one piece as the form does by itself. */
function enhance(form: HTMLFormElement): void {
  const { endpoint, done, most, known, says } = JSON.parse(form.dataset['film'] ?? '{}') as Props
  const input = form.querySelector<HTMLInputElement>('input[type=file]')
  const button = form.querySelector<HTMLButtonElement>('button')
  if (!input || !button) return
  const bar = Object.assign(document.createElement('progress'), { max: 1, value: 0 })
  const words = document.createElement('p')
  words.setAttribute('role', 'status')
  const stop = Object.assign(document.createElement('button'), { type: 'button', className: 'button quiet' })
  const shown = document.createElement('div')
  shown.append(words, bar, stop)
  let upload: Upload | null = null

  const enable = (yes: boolean) => {
    button.disabled = input.disabled = !yes
  }
  const tell = (sentence: string, problem = false) => {
    if (words.textContent !== sentence) words.textContent = sentence
    words.className = problem ? 'error' : ''
    if (!shown.isConnected) form.append(shown)
  }
  const offer = (what: 'stop' | 'resume' | null) => {
    stop.hidden = bar.hidden = what === null
    if (what) stop.textContent = says[what]
  }
  const over = (sentence: string) => {
    upload = null
    enable(true)
    offer(null)
    tell(sentence, true)
  }

  async function finish(url: string): Promise<void> {
    tell(says.arrived)
    offer(null)
    const answer = await fetch(`${url}/done`, { method: 'POST' }).catch(() => null)
    if (!answer?.ok) return over(says.failed)
    upload = null
    // Where only the mark differs, assigning loads nothing.
    if (done.split('#')[0] === location.pathname + location.search) location.reload()
    else location.assign(done)
  }

  function start(file: File): void {
    const there = known.find(
      ({ fileName, size, modifiedMs }) =>
        fileName === file.name && size === file.size && modifiedMs === file.lastModified,
    )
    const sending = new Upload(file, {
      endpoint,
      ...(there && { uploadUrl: there.url }),
      metadata: { name: file.name, modified: String(file.lastModified) },
      ...RESUMABLE,
      onProgress(sent, total) {
        bar.value = total ? sent / total : 0
        tell(says.sending.replace('{percent}', String(Math.floor(bar.value * 100))))
      },
      onShouldRetry(error) {
        const status = statusOf(error)
        if (status === 0) tell(says.offline)
        return mayPass(status)
      },
      onSuccess: () => void finish(sending.url ?? ''),
      onError: (error) => over(sentenceOf(error) ?? says.failed),
    })
    upload = sending
    enable(false)
    bar.setAttribute('aria-label', file.name)
    offer('stop')
    tell(says.sending.replace('{percent}', '0'))
    sending.start()
  }

  let stopped = false
  stop.addEventListener('click', () => {
    stopped = !stopped
    if (stopped) void upload?.abort()
    else upload?.start()
    offer(stopped ? 'resume' : 'stop')
    if (stopped) tell(says.stopped)
  })
  form.addEventListener('submit', (event) => {
    const file = input.files?.[0]
    if (!file) return
    event.preventDefault()
    if (upload) return
    stopped = false
    if (file.size > most) over(says.large)
    else start(file)
  })
  addEventListener('beforeunload', (event) => {
    if (upload && !stopped) event.preventDefault()
  })
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-film]')) enhance(form)
