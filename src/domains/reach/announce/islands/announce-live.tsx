/** What is marked `data-live` follows each save of the form beside it. */
document.addEventListener('ritornello:saved', (event) => {
  const { page } = (event as CustomEvent<{ page: Document }>).detail
  for (const part of document.querySelectorAll<HTMLElement>('[data-live]')) {
    const fresh = page.getElementById(part.id)
    if (fresh) part.replaceWith(document.importNode(fresh, true))
  }
})
