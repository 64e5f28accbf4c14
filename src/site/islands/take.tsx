type Props = { begin: boolean; progress: string; file: string; again: string; ready: boolean; words: string }
type Stand = { state: 'making'; done: number; total: number } | { state: 'ready' | 'failed' | 'absent' } | null

const EVERY_MS = 1_500
const SLOWEST_MS = 15_000

/** Asks how far a download is, shows it, and takes the file once it is there, so that what plays goes on playing. */
export function mount(element: HTMLElement, { begin, progress, file, again, ready, words }: Props): () => void {
  let timer = 0
  let pause = EVERY_MS
  const part = <E extends HTMLElement>(name: string) => element.querySelector<E>(name)

  const arrive = () => {
    part('[data-making]')?.setAttribute('hidden', '')
    part('[data-ready]')?.removeAttribute('hidden')
    // An attachment: the browser saves it, and this page stays.
    location.assign(file)
  }
  const say = ({ done, total }: { done: number; total: number }) => {
    const bar = part<HTMLProgressElement>('progress')
    if (bar) Object.assign(bar, { value: done, max: total })
    const text = part('[data-progress]')
    if (text) text.textContent = words.replace('{done}', String(done))
  }
  const later = () => {
    timer = window.setTimeout(ask, pause)
  }
  async function ask(): Promise<void> {
    try {
      if (begin) await fetch(again, { method: 'POST', redirect: 'manual' })
      begin = false
      const answer = await fetch(progress, { cache: 'no-store' })
      if (answer.status >= 500) throw new Error(`${answer.status}`)
      const stand = (await answer.json()) as Stand
      if (!element.isConnected) return
      pause = EVERY_MS
      part('[data-lost]')?.setAttribute('hidden', '')
      if (stand?.state === 'ready') return arrive()
      if (stand?.state !== 'making') return location.assign(again)
      say(stand)
    } catch {
      part('[data-lost]')?.removeAttribute('hidden')
      pause = Math.min(pause * 2, SLOWEST_MS)
    }
    later()
  }
  if (ready) arrive()
  else later()
  return () => clearTimeout(timer)
}
