type Props = {
  href: string
  lastId: string
  csrf: string
  words: { here: string; writing: string; meanwhile: string; see: string }
}
type Answer = { others: { name: string; writing: boolean }[]; lastId: string }

const EVERY_MS = 8_000
const TYPED_MS = 15_000

/** Says that somebody is here and whether they write, and shows who else is; a message that came meanwhile is told of, and nothing is taken away. */
function mount(element: HTMLElement): void {
  const props = JSON.parse(element.dataset['props'] ?? '{}') as Props
  const { href, lastId, csrf, words } = props
  const area = document.querySelector<HTMLTextAreaElement>('#answer textarea[name=text]')
  let typedAt = Number.NEGATIVE_INFINITY
  let shown = element.textContent ?? ''
  const typed = () => {
    typedAt = performance.now()
  }
  area?.addEventListener('input', typed)

  function show({ others, lastId: now }: Answer): void {
    const lines = others.map(({ name, writing }) => (writing ? words.writing : words.here).replace('{name}', name))
    const isNew = now !== lastId
    const next = JSON.stringify([lines, isNew])
    if (next === shown) return
    shown = next
    element.replaceChildren(
      ...lines.map((line) => Object.assign(document.createElement('p'), { textContent: line })),
      ...(isNew ? [told()] : []),
    )
  }
  function told(): HTMLElement {
    const line = Object.assign(document.createElement('p'), { textContent: `${words.meanwhile} ` })
    line.append(Object.assign(document.createElement('a'), { href: location.pathname, textContent: words.see }))
    return line
  }

  async function tell(): Promise<void> {
    if (document.hidden) return
    try {
      const writing = area?.value && performance.now() - typedAt < TYPED_MS ? '1' : ''
      const answer = await fetch(href, { method: 'POST', body: new URLSearchParams({ csrf, writing }) })
      if (answer.ok) show((await answer.json()) as Answer)
    } catch {
      // Not there just now: it is asked again.
    }
  }
  void tell()
  setInterval(tell, EVERY_MS)
}

for (const element of document.querySelectorAll<HTMLElement>('[data-island=inbox-here]')) mount(element)

// Nothing is handed on: it is a module all the same.
export {}
