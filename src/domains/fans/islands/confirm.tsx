type PrerenderingDocument = Document & { prerendering?: boolean }

/** Sends the page's form once somebody looks at it. The server writes this island only for the browser that signed up. */
export function mount(element: HTMLElement): undefined {
  const send = () => element.querySelector('form')?.requestSubmit()
  // A page that a browser fetched and ran ahead was not opened by anybody yet.
  const page = document as PrerenderingDocument
  if (page.prerendering) document.addEventListener('prerenderingchange', send, { once: true })
  else send()
}
