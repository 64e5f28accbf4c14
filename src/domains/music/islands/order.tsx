/** @jsxImportSource preact */

/** How near to the edge of the window a track is held for the page to move on under it. */
const EDGE_PX = 70
const STEP_PX = 14

type Says = { grip: string; moved: string; lost: string }

/**
 * Lets tracks be dragged to their place by a grip beside each, on a screen or with a mouse; keyboards have the buttons. The lists of a
 * release's discs stand in one `[data-order]`; where a track is let go is posted as the form of its buttons would be.
 */
function offerDragging(region: HTMLElement): void {
  const says = JSON.parse(region.dataset['order'] ?? '{}') as Says
  const said = region.querySelector<HTMLElement>('[data-said]')
  for (const line of region.querySelectorAll<HTMLElement>('li[data-track]')) {
    const grip = document.createElement('span')
    grip.className = 'grip'
    grip.title = says.grip
    grip.setAttribute('aria-hidden', 'true')
    line.prepend(grip)
    grip.addEventListener('pointerdown', (event) => {
      if (event.button === 0) drag(event, grip, line)
    })
  }

  function drag(down: PointerEvent, grip: HTMLElement, line: HTMLElement): void {
    down.preventDefault()
    grip.setPointerCapture(down.pointerId)
    const home = { list: line.parentElement, next: line.nextElementSibling }
    // The line itself stays where it is until it is let go: taken out of the page, it would lose the pointer.
    const mark = Object.assign(document.createElement('li'), { className: 'lands-here' })
    line.dataset['held'] = ''
    let y = down.clientY
    let frame = requestAnimationFrame(function follow() {
      const beyond = y < EDGE_PX ? -STEP_PX : y > innerHeight - EDGE_PX ? STEP_PX : 0
      if (beyond) scrollBy({ top: beyond, behavior: 'instant' })
      place(line, mark, y)
      frame = requestAnimationFrame(follow)
    })
    const over = new AbortController()
    const end = (keep: boolean) => {
      over.abort()
      cancelAnimationFrame(frame)
      delete line.dataset['held']
      if (keep && mark.isConnected) mark.replaceWith(line)
      else mark.remove()
      if (line.parentElement !== home.list || line.nextElementSibling !== home.next) void save(line, home)
    }
    const { signal } = over
    grip.addEventListener(
      'pointermove',
      (move) => {
        y = move.clientY
      },
      { signal },
    )
    grip.addEventListener(
      'pointerup',
      (up) => {
        place(line, mark, up.clientY)
        end(true)
      },
      { signal },
    )
    grip.addEventListener('pointercancel', () => end(false), { signal })
    addEventListener('keydown', (key) => key.key === 'Escape' && end(false), { signal })
  }

  /** Marks the place before the first line whose middle is below the pointer, on the disc that the pointer is over. */
  function place(line: HTMLElement, mark: HTMLElement, y: number): void {
    const lists = [...region.querySelectorAll<HTMLElement>('ol[data-disc]')]
    const list = lists.findLast((one) => one.getBoundingClientRect().top <= y) ?? lists[0]
    const others = [...(list?.children ?? [])].filter((one) => one !== line && one !== mark)
    const next = others.find((one) => {
      const { top, height } = one.getBoundingClientRect()
      return y < top + height / 2
    })
    if (!list) return
    // Where it stands already, before or after itself, there is nothing to mark.
    const stays = list === line.parentElement && (next ?? null) === line.nextElementSibling
    if (stays) mark.remove()
    else if (mark.parentElement !== list || mark.nextElementSibling !== (next ?? null))
      list.insertBefore(mark, next ?? null)
  }

  async function save(line: HTMLElement, home: { list: Element | null; next: Element | null }): Promise<void> {
    const form = line.querySelector('form')
    const list = line.parentElement
    if (!form || !list) return
    const place = [line.dataset['track'], list.dataset['disc'], [...list.children].indexOf(line) + 1].join(':')
    const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>)
    body.set('move', place)
    try {
      // Whoever leaves the page at once has moved it all the same.
      const answer = await fetch(form.action, {
        method: 'POST',
        body,
        headers: { accept: 'text/html' },
        keepalive: true,
      })
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const fresh = page.querySelector<HTMLElement>('[data-order]')
      if (!answer.ok || !fresh) throw new Error(`${answer.status}`)
      for (const button of fresh.querySelectorAll('[autofocus]')) button.removeAttribute('autofocus')
      region.replaceWith(fresh)
      offerDragging(fresh)
      const there = fresh.querySelector('[data-said]')
      if (there) there.textContent = says.moved
    } catch {
      home.list?.insertBefore(line, home.next)
      if (said) said.textContent = says.lost
    }
  }
}

for (const region of document.querySelectorAll<HTMLElement>('[data-order]')) offerDragging(region)
