type Props = { title: string; link: string; copied: string; failed: string }

/** Hands the link to the device's own way of sharing where it has one, and copies it where it may. */
export function mount(element: HTMLElement, { title, link, copied, failed }: Props): undefined {
  const part = <E extends HTMLElement>(name: string) => element.querySelector<E>(`[data-${name}]`)
  const say = (words: string) => {
    const place = part('said')
    if (place) place.textContent = words
  }
  const offer = (name: string, act: () => Promise<void>) => {
    part(name)?.removeAttribute('hidden')
    part(name)?.addEventListener('click', () => void act())
  }
  if ('share' in navigator)
    offer('share', async () => {
      // Whoever changes their mind has not failed.
      await navigator.share({ title, url: link }).catch((error: Error) => error.name === 'AbortError' || say(failed))
    })
  if (navigator.clipboard)
    offer('copy', () =>
      navigator.clipboard.writeText(link).then(
        () => say(copied),
        () => say(failed),
      ),
    )
}
