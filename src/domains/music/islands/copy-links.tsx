/** @jsxImportSource preact */

/**
 * Puts a button beside every field marked `data-copy` (its words: `data-copy` before, `data-copied` after) that copies what the field holds.
 * Without this script, or where a browser refuses, the field is there to be selected.
 */
function offerCopies(): void {
  if (!navigator.clipboard) return
  for (const field of document.querySelectorAll<HTMLInputElement>('input[data-copy]')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button quiet'
    button.textContent = field.dataset['copy'] ?? ''
    button.setAttribute('aria-describedby', field.id)
    button.addEventListener('click', async () => {
      field.select()
      await navigator.clipboard.writeText(field.value)
      button.textContent = field.dataset['copied'] ?? ''
    })
    button.setAttribute('aria-live', 'polite')
    field.addEventListener('focus', () => field.select())
    field.after(button)
  }
}

offerCopies()
