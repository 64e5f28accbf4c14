/** What the module of an island exports. It may return what undoes it, called once its element has left the page. */
type Island = { mount(element: HTMLElement, props: unknown): undefined | (() => void) }

const alive = new Map<HTMLElement, (() => void) | undefined>()

/**
 * Brings `<div data-island="name" data-src="/assets/islands/name-HASH.js" data-props='{}'>` to life: when it is about to be
 * seen, or with `data-when="idle"` once the page is calm. Inside, the server's HTML stands until then, and stays when the
 * module does not come.
 */
export function startIslands(): void {
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) wake(target as HTMLElement)
    },
    { rootMargin: '200px' },
  )
  const wake = (element: HTMLElement) => {
    near.unobserve(element)
    void mount(element)
  }
  const look = () => {
    for (const [element, undo] of alive) {
      if (element.isConnected) continue
      alive.delete(element)
      undo?.()
    }
    for (const element of document.querySelectorAll<HTMLElement>('[data-island]')) {
      if (element.dataset.when === 'idle') whenCalm(() => wake(element))
      else near.observe(element)
    }
  }
  document.addEventListener('ritornello:page', look)
  look()
}

async function mount(element: HTMLElement): Promise<void> {
  const { src, props = '{}' } = element.dataset
  if (!src || alive.has(element) || !element.isConnected) return
  alive.set(element, undefined)
  try {
    const island = (await import(src)) as Island
    if (!element.isConnected) return
    alive.set(element, island.mount(element, JSON.parse(props)))
  } catch (error) {
    // The server's HTML stays; whoever looks into the console learns why.
    reportError(error)
  }
}

const whenCalm = (act: () => void) =>
  'requestIdleCallback' in window ? requestIdleCallback(act) : setTimeout(act, 200)
