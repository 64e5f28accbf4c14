const EVERY_MS = 2_000
const LINES = '[data-preparing]'

/** While sounds are being prepared: asks for the page again now and then, and writes anew what it says of each track, nothing else. */
async function look(): Promise<void> {
  try {
    const answer = await fetch(location.pathname, { headers: { accept: 'text/html' } })
    if (answer.redirected || answer.status === 404) return
    if (answer.ok) {
      const now = new DOMParser().parseFromString(await answer.text(), 'text/html')
      for (const line of document.querySelectorAll<HTMLElement>(LINES)) {
        const fresh = now.getElementById(line.id)
        if (fresh && fresh.textContent !== line.textContent) line.textContent = fresh.textContent
        if (!fresh?.matches(LINES)) delete line.dataset['preparing']
      }
    }
  } catch {
    // Not reached: asked again in a moment.
  }
  if (document.querySelector(LINES)) setTimeout(look, EVERY_MS)
}

setTimeout(look, EVERY_MS)
