/** @jsxImportSource preact */

type MoveSays = Record<'at' | 'stays' | 'past' | 'edge' | 'lost', string>

const DAYS_OF_KEYS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

/**
 * Lets what waits in the calendar be moved to another day by a grip beside it: with a mouse or finger, or with the arrow keys. Where it is put
 * is posted as its own form would be, and what the server answers takes the place of the month.
 */
function offerMoves(region: HTMLElement): void {
  const says = JSON.parse(region.dataset['calendar'] ?? '{}') as MoveSays
  const said = region.querySelector<HTMLElement>('[data-said]')
  const days = [...region.querySelectorAll<HTMLElement>('[data-day]')]
  const say = (words: string) => {
    if (said) said.textContent = words
  }
  const mark = (day: HTMLElement | null) => {
    for (const other of region.querySelectorAll('[data-lands]')) other.removeAttribute('data-lands')
    day?.setAttribute('data-lands', '')
  }

  for (const entry of region.querySelectorAll<HTMLElement>('[data-move]')) {
    const grip = document.createElement('button')
    grip.type = 'button'
    grip.className = 'grip'
    grip.setAttribute('aria-label', entry.dataset['move'] ?? '')
    entry.prepend(grip)
    grip.addEventListener('pointerdown', (event) => {
      if (event.button === 0) drag(event, grip, entry)
    })
    grip.addEventListener('keydown', (event) => steer(event, entry))
    grip.addEventListener('blur', () => {
      if ('steered' in entry.dataset) letGo(entry, says.stays)
    })
  }

  const dayOf = (entry: HTMLElement) => entry.closest<HTMLElement>('[data-day]')

  function letGo(entry: HTMLElement, words: string): void {
    delete entry.dataset['steered']
    delete entry.dataset['held']
    delete region.dataset['moving']
    mark(null)
    say(words)
  }

  function steer(event: KeyboardEvent, entry: HTMLElement): void {
    const steps = DAYS_OF_KEYS[event.key]
    const isSteered = 'steered' in entry.dataset
    if (steps !== undefined) {
      event.preventDefault()
      const now = region.querySelector<HTMLElement>('[data-lands]') ?? dayOf(entry)
      const next = now && days[days.indexOf(now) + steps]
      if (!next) {
        say(says.edge)
        return
      }
      entry.dataset['steered'] = ''
      entry.dataset['held'] = ''
      region.dataset['moving'] = ''
      mark(next)
      next.scrollIntoView({ block: 'nearest' })
      say(next.hasAttribute('data-past') ? says.past : says.at.replace('{day}', next.dataset['says'] ?? ''))
    } else if (event.key === 'Escape' && isSteered) {
      event.preventDefault()
      letGo(entry, says.stays)
    } else if ((event.key === 'Enter' || event.key === ' ') && isSteered) {
      event.preventDefault()
      put(entry, region.querySelector<HTMLElement>('[data-lands]'))
    }
  }

  function drag(down: PointerEvent, grip: HTMLElement, entry: HTMLElement): void {
    grip.setPointerCapture(down.pointerId)
    const over = new AbortController()
    const { signal } = over
    let isMoving = false
    const end = (day: HTMLElement | null) => {
      over.abort()
      if (isMoving) put(entry, day)
    }
    const under = ({ clientX, clientY }: PointerEvent) =>
      days.find((day) => {
        const { left, right, top, bottom } = day.getBoundingClientRect()
        return clientX >= left && clientX < right && clientY >= top && clientY < bottom
      }) ?? null
    grip.addEventListener(
      'pointermove',
      (move) => {
        if (!isMoving && Math.hypot(move.clientX - down.clientX, move.clientY - down.clientY) < 4) return
        isMoving = true
        entry.dataset['held'] = ''
        region.dataset['moving'] = ''
        mark(under(move))
      },
      { signal },
    )
    grip.addEventListener('pointerup', (up) => end(under(up)), { signal })
    grip.addEventListener('pointercancel', () => end(null), { signal })
    addEventListener('keydown', (key) => key.key === 'Escape' && end(null), { signal })
  }

  function put(entry: HTMLElement, day: HTMLElement | null): void {
    const isMoved = day !== null && day !== dayOf(entry)
    const isOver = day?.hasAttribute('data-past')
    letGo(entry, isMoved ? (isOver ? says.past : '') : says.stays)
    if (isMoved && !isOver) void save(entry, day.dataset['day'] ?? '')
  }

  async function save(entry: HTMLElement, day: string): Promise<void> {
    const form = entry.querySelector('form')
    if (!form) return
    const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>)
    body.set('day', day)
    try {
      const answer = await fetch(form.action, {
        method: 'POST',
        body,
        headers: { accept: 'text/html' },
        keepalive: true,
      })
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const fresh = page.querySelector<HTMLElement>('[data-calendar]')
      if (!fresh) throw new Error(`${answer.status}`)
      region.replaceWith(fresh)
      offerMoves(fresh)
      const notice = fresh.querySelector('[data-moved] p')
      const error = fresh.querySelector<HTMLElement>('.error-summary')
      const there = error ?? document.getElementById(entry.id)?.querySelector<HTMLElement>('.grip')
      there?.focus()
      const told = fresh.querySelector('[data-said]')
      // A region that says something must have been there before it does.
      if (notice && told)
        setTimeout(() => {
          told.textContent = notice.textContent
        }, 100)
    } catch {
      say(says.lost)
    }
  }
}

for (const region of document.querySelectorAll<HTMLElement>('[data-calendar]')) offerMoves(region)
