const PAUSE_MS = 300

/** Shows each choice in the page beside it as it is made; keeping it stays a press of the button. */
function mount(element: HTMLElement): void {
  const form = element.querySelector('form')
  const frame = element.querySelector('iframe')
  if (!form || !frame) return
  form.querySelector('[data-try]')?.setAttribute('hidden', '')
  let timer = 0
  let current: AbortController | null = null

  async function look(): Promise<void> {
    current?.abort()
    current = new AbortController()
    const asked = new URL('/studio/artist/theme', location.href)
    asked.search = new URLSearchParams(
      new FormData(form as HTMLFormElement) as unknown as Record<string, string>,
    ).toString()
    try {
      const answer = await fetch(asked, { signal: current.signal })
      if (!answer.ok) return
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const [said, now] = [page.querySelector('[data-said]'), element.querySelector('[data-said]')]
      const src = page.querySelector('[data-island=theme] iframe')?.getAttribute('src')
      if (said && now) now.replaceChildren(...said.childNodes)
      // Replaced, so that Back does not lead through every colour that was tried.
      if (src) frame?.contentWindow?.location.replace(src)
    } catch {
      // The next choice asks again.
    }
  }
  const changed = ({ target }: Event) => {
    if ((target as HTMLInputElement).name === 'accent') {
      const own = form.querySelector<HTMLInputElement>('[name=accentFrom][value=own]')
      if (own) own.checked = true
    }
    clearTimeout(timer)
    timer = window.setTimeout(look, PAUSE_MS)
  }
  form.addEventListener('input', changed)
}

for (const element of document.querySelectorAll<HTMLElement>('[data-island=theme]')) mount(element)
