/** @jsxImportSource preact */

// The browser knows where it is; the server would have to ask.
for (const field of document.querySelectorAll<HTMLInputElement>('input[data-own-zone]'))
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? ''
