/**
 * On a telephone the studio's sections are a row that scrolls sideways. Where the style sheet alone cannot make it begin at the current
 * one (`scroll-initial-target`), it is scrolled until that stands in its middle.
 */
export function showCurrentTab(): void {
  if (CSS.supports('scroll-initial-target', 'nearest')) return
  const look = () => {
    const tab = document.querySelector('.rail nav [aria-current]')
    const row = tab?.closest('ul')
    if (!tab || !row) return
    const [at, within] = [tab.getBoundingClientRect(), row.getBoundingClientRect()]
    row.scrollLeft += at.left + at.width / 2 - (within.left + within.width / 2)
  }
  look()
  document.addEventListener('ritornello:page', look)
}
