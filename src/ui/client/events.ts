/** `page` is the one that came, without what stands in place now. `opened` is true when a link or a form led to the page; false for Back, Forward and a form shown again with its errors. */
export type PageEvent = CustomEvent<{ url: string; opened: boolean; page: Document }>

declare global {
  interface DocumentEventMap {
    /** Fired on the document once another page stands in place. */
    'ritornello:page': PageEvent
  }
}

export const announcePage = (url: string, opened: boolean, page: Document): boolean =>
  document.dispatchEvent(new CustomEvent('ritornello:page', { detail: { url, opened, page } }))

/** Whether this document was come to by a link or an address, rather than reloaded or gone back to. */
export function arrived(): boolean {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  return !entry || entry.type === 'navigate' || (entry.type as string) === 'prerender'
}
