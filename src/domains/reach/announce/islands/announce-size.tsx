/** While a condition is being written: says how many people there would be with it. */
function watch(form: HTMLFormElement): void {
  const said = form.querySelector<HTMLElement>('[data-size-with]')
  const { size = '', sizeWords = '' } = form.dataset
  if (!said) return
  let latest = 0
  const look = async () => {
    const mine = ++latest
    const query = new URLSearchParams([...new FormData(form)].filter(([name]) => name !== 'csrf') as [string, string][])
    query.set('lang', document.documentElement.lang)
    try {
      const answer = await fetch(`${size}?${query}`, { headers: { accept: 'application/json' } })
      const told = answer.ok ? ((await answer.json()) as { sentence: string }) : null
      if (mine === latest) said.textContent = told ? `${sizeWords} ${told.sentence}` : ''
    } catch {
      // Not reached: the next change asks again.
    }
  }
  let timer = 0
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = window.setTimeout(look, 250)
  })
  void look()
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-size]')) watch(form)
