/**
 * `<figure data-frame="/a/page/of/ours" data-title="…"><div><button>`: what plays on another site is fetched from there once it is pressed, in a
 * frame of ours that lets in that one site.
 */
export function startFrames(pause: () => void): void {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest('[data-frame] button')
    const figure = button?.closest<HTMLElement>('[data-frame]')
    if (!button || !figure) return
    const { frame = '', title = '' } = figure.dataset
    pause()
    const made = Object.assign(document.createElement('iframe'), { src: frame, title, allowFullscreen: true })
    made.allow = 'autoplay; fullscreen; picture-in-picture; encrypted-media'
    button.replaceWith(made)
    made.focus()
  })
}
