/** Asks every second how far the work has come, and shows the page anew when it is over. */
export function mount(element: HTMLElement): () => void {
  const bar = element.querySelector('progress')
  const words = element.querySelector<HTMLElement>('[data-percent]')
  const { url = '', state = '', template = '' } = element.dataset
  let timer = 0
  const look = async () => {
    // Another page stands in this document by now.
    if (!element.isConnected) return
    try {
      const answer = await fetch(url, { headers: { accept: 'application/json' } })
      if (answer.ok) {
        const now = (await answer.json()) as { state: string; progress: number }
        if (now.state !== state && element.isConnected) return location.reload()
        if (bar) bar.value = now.progress
        if (words) words.textContent = template.replace('{percent}', String(Math.floor(now.progress * 100)))
      }
    } catch {
      // Not reached: asked again in a moment.
    }
    timer = window.setTimeout(look, 1_000)
  }
  timer = window.setTimeout(look, 500)
  return () => clearTimeout(timer)
}

for (const element of document.querySelectorAll<HTMLElement>('[data-island=batch-progress]')) mount(element)
