/**
 * On a telephone the studio's sections are a row that scrolls sideways. Where the style sheet alone cannot make it begin at the current
 * one (`scroll-initial-target`: Safari, Firefox), it is scrolled until that stands in its middle. A script of its own, since the studio's
 * pages load no other that all of them share.
 */
const tab = document.querySelector('.rail nav [aria-current]')
const row = tab?.closest('ul')
if (tab && row && !CSS.supports('scroll-initial-target', 'nearest')) {
  const [at, within] = [tab.getBoundingClientRect(), row.getBoundingClientRect()]
  row.scrollLeft += at.left + at.width / 2 - (within.left + within.width / 2)
}

export {}
