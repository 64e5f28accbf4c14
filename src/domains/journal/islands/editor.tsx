/** @jsxImportSource preact */
import { startLines, surround } from '../editing.rules.ts'

type Words = Record<
  | 'bold'
  | 'italic'
  | 'heading'
  | 'link'
  | 'list'
  | 'quote'
  | 'picture'
  | 'toolbar'
  | 'alt'
  | 'altHint'
  | 'add'
  | 'cancel'
  | 'sending'
  | 'lost'
  | 'noAlt'
  | 'localFound'
  | 'localBack'
  | 'localForget'
  | 'words',
  string
>
type Props = { id: string; drawn: string; pictures: string; live: boolean; words: Words }

const DRAW_AFTER_MS = 500
const SAVE_AFTER_MS = 2_500

/**
 * Makes the field of a post's words an editor: a small toolbar, pictures that are dropped, pasted or chosen, music put where one writes, the words
 * drawn as they will be read, and what is not saved yet kept in this browser. The form is the same without it.
 */
function edit(form: HTMLFormElement): void {
  const { id, drawn, pictures, live, words } = JSON.parse(form.dataset['editor'] ?? '{}') as Props
  const area = form.querySelector<HTMLTextAreaElement>('textarea[name=body]')
  const title = form.querySelector<HTMLInputElement>('input[name=title]')
  const reading = document.querySelector<HTMLElement>('[data-reading]')
  if (!area || !title || !reading) return

  /** Puts text in place of a selection, as typing does: the browser's own undo takes it back. */
  function put(text: string, from: number, to: number, select: [number, number] | null = null): void {
    area?.focus()
    area?.setSelectionRange(from, to)
    if (!document.execCommand('insertText', false, text)) area?.setRangeText(text, from, to, 'end')
    if (select) area?.setSelectionRange(...select)
    area?.dispatchEvent(new Event('input', { bubbles: true }))
  }

  /** A line of its own, with an empty one before and after it. */
  function putLine(line: string): void {
    const { value, selectionEnd: at } = area as HTMLTextAreaElement
    const before = value.slice(0, at).trimEnd()
    const after = value.slice(at).trimStart()
    const text = `${before ? '\n\n' : ''}${line}\n\n`
    put(text, before.length, value.length - after.length)
  }

  const tools: [keyof Words, string, string, () => void][] = [
    ['bold', 'B', 'b', () => wrap('**')],
    ['italic', 'I', 'i', () => wrap('*')],
    ['heading', 'H', '', () => lines('## ')],
    ['link', '↗', 'k', link],
    ['list', '•', '', () => lines('- ')],
    ['quote', '”', '', () => lines('> ')],
  ]
  function wrap(mark: string): void {
    const { value, selectionStart, selectionEnd } = area as HTMLTextAreaElement
    const made = surround(value, selectionStart, selectionEnd, mark, words.words)
    put(made.text, made.from, made.to, made.select)
  }
  function lines(mark: string): void {
    const { value, selectionStart, selectionEnd } = area as HTMLTextAreaElement
    const made = startLines(value, selectionStart, selectionEnd, mark)
    put(made.text, made.from, made.to, made.select)
  }
  function link(): void {
    const { value, selectionStart: from, selectionEnd: to } = area as HTMLTextAreaElement
    const said = value.slice(from, to) || words.words
    const address = from + said.length + 3
    put(`[${said}](https://)`, from, to, [address, address + 'https://'.length])
  }

  const bar = Object.assign(document.createElement('div'), { className: 'toolbar', role: 'toolbar' })
  bar.setAttribute('aria-label', words.toolbar)
  for (const [name, sign, key, act] of tools) {
    const button = Object.assign(document.createElement('button'), {
      type: 'button',
      textContent: sign,
      title: words[name],
    })
    button.setAttribute('aria-label', words[name])
    button.className = `tool ${name}`
    if (key) button.setAttribute('aria-keyshortcuts', `Control+${key.toUpperCase()}`)
    button.addEventListener('click', act)
    bar.append(button)
  }
  const choose = Object.assign(document.createElement('input'), { type: 'file', accept: 'image/*', hidden: true })
  const picture = Object.assign(document.createElement('button'), { type: 'button', textContent: words.picture })
  picture.className = 'tool picture'
  picture.addEventListener('click', () => choose.click())
  choose.addEventListener('change', () => {
    const [file] = choose.files ?? []
    if (file) askFor(file)
    choose.value = ''
  })
  bar.append(picture)
  area.before(bar)
  // Outside of the form's fields: it is sent by itself.
  bar.after(choose)
  area.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
    const tool = tools.find(([, , key]) => key === event.key.toLowerCase())
    if (!tool) return
    event.preventDefault()
    tool[3]()
  })

  /** Asks what a picture shows, sends it, and puts its line where one was writing. */
  function askFor(file: File): void {
    form.querySelector('.ask-picture')?.remove()
    const panel = Object.assign(document.createElement('div'), { className: 'ask-picture' })
    const shown = Object.assign(document.createElement('img'), { src: URL.createObjectURL(file), alt: '' })
    const label = Object.assign(document.createElement('label'), { textContent: words.alt, htmlFor: 'ask-alt' })
    const hint = Object.assign(document.createElement('p'), {
      className: 'hint',
      id: 'ask-hint',
      textContent: words.altHint,
    })
    const field = Object.assign(document.createElement('input'), {
      type: 'text',
      id: 'ask-alt',
      maxLength: 500,
      autocomplete: 'off',
    })
    field.setAttribute('aria-describedby', 'ask-hint ask-said')
    const said = Object.assign(document.createElement('p'), { className: 'error', id: 'ask-said', role: 'status' })
    const add = Object.assign(document.createElement('button'), {
      type: 'button',
      className: 'button plain',
      textContent: words.add,
    })
    const cancel = Object.assign(document.createElement('button'), {
      type: 'button',
      className: 'button quiet',
      textContent: words.cancel,
    })
    const close = () => {
      URL.revokeObjectURL(shown.src)
      panel.remove()
      area?.focus()
    }
    const send = async () => {
      if (!field.value.trim()) {
        said.textContent = words.noAlt
        return field.focus()
      }
      add.disabled = true
      said.textContent = words.sending
      const body = new FormData()
      body.set('csrf', form.querySelector<HTMLInputElement>('input[name=csrf]')?.value ?? '')
      body.set('alt', field.value)
      body.set('picture', file)
      try {
        const answer = await fetch(pictures, { method: 'POST', body, headers: { accept: 'application/json' } })
        const { line, sentence } = (await answer.json()) as { line?: string; sentence?: string }
        if (line) {
          close()
          return putLine(line)
        }
        said.textContent = sentence ?? words.lost
      } catch {
        said.textContent = words.lost
      }
      add.disabled = false
    }
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') close()
      if (event.key !== 'Enter') return
      event.preventDefault()
      void send()
    })
    // What is asked here is no field of the post: the form must not be saved for it.
    field.addEventListener('change', (event) => event.stopPropagation())
    add.addEventListener('click', () => void send())
    cancel.addEventListener('click', close)
    const actions = Object.assign(document.createElement('p'), { className: 'actions' })
    actions.append(add, cancel)
    panel.append(shown, label, hint, field, said, actions)
    bar.after(panel)
    field.focus()
  }

  const fileOf = (data: DataTransfer | null) => [...(data?.files ?? [])].find(({ type }) => type.startsWith('image/'))
  area.addEventListener('paste', (event) => {
    const file = fileOf(event.clipboardData)
    if (!file || event.clipboardData?.types.includes('text/plain')) return
    event.preventDefault()
    askFor(file)
  })
  area.addEventListener('dragover', (event) => event.dataTransfer?.types.includes('Files') && event.preventDefault())
  area.addEventListener('drop', (event) => {
    const file = fileOf(event.dataTransfer)
    if (!file) return
    event.preventDefault()
    askFor(file)
  })

  const music = form.querySelector<HTMLSelectElement>('select[name=put]')
  music?.addEventListener('change', (event) => event.stopPropagation())
  form.querySelector('[data-put]')?.addEventListener('click', (event) => {
    const line = music?.selectedOptions[0]?.dataset['line']
    if (!line) return
    event.preventDefault()
    putLine(line)
  })

  let drawing = 0
  let asked = 0
  async function draw(): Promise<void> {
    const mine = ++asked
    const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>)
    const answer = await fetch(drawn, { method: 'POST', body }).catch(() => null)
    if (!answer?.ok || mine !== asked || !reading) return
    const html = await answer.text()
    if (html.trim()) reading.innerHTML = html
    else
      reading.replaceChildren(
        Object.assign(document.createElement('p'), { className: 'quiet', textContent: reading.dataset['empty'] }),
      )
  }

  const key = `post:${id}`
  const kept = () => JSON.stringify({ title: title.value, body: area.value })
  const shown = kept()
  let saving = 0
  form.addEventListener('input', (event) => {
    if (event.target !== area && event.target !== title) return
    clearTimeout(drawing)
    drawing = window.setTimeout(() => void draw(), DRAW_AFTER_MS)
    keep(kept())
    if (live) return
    clearTimeout(saving)
    saving = window.setTimeout(() => area.dispatchEvent(new Event('change', { bubbles: true })), SAVE_AFTER_MS)
  })
  form.addEventListener('change', (event) => {
    if ((event.target as HTMLElement).getAttribute('name') === 'language') void draw()
  })

  function keep(text: string | null): void {
    try {
      if (text === null) localStorage.removeItem(key)
      else localStorage.setItem(key, text)
    } catch {
      // A browser that keeps nothing: the form saves as one goes all the same.
    }
  }
  // Once the server has what stands here, nothing of it needs to be kept in this browser.
  const seen = form.querySelector<HTMLInputElement>('input[name=seen]')
  const status = form.querySelector('[data-saving]')
  let known = seen?.value
  if (status)
    new MutationObserver(() => {
      if (seen?.value === known) return
      known = seen?.value
      keep(null)
    }).observe(status, { childList: true, characterData: true, subtree: true })
  form.addEventListener('submit', () => live && keep(null))

  const left = readKept(key)
  if (left && JSON.stringify(left) !== shown) offer(left)
  else keep(null)

  function offer(left: { title: string; body: string }): void {
    const box = Object.assign(document.createElement('div'), { className: 'notice', role: 'status' })
    const back = Object.assign(document.createElement('button'), {
      type: 'button',
      className: 'button plain',
      textContent: words.localBack,
    })
    const forget = Object.assign(document.createElement('button'), {
      type: 'button',
      className: 'button quiet',
      textContent: words.localForget,
    })
    back.addEventListener('click', () => {
      if (title) title.value = left.title
      box.remove()
      put(left.body, 0, area?.value.length ?? 0)
    })
    forget.addEventListener('click', () => {
      keep(null)
      box.remove()
    })
    box.append(`${words.localFound} `, back, ' ', forget)
    form.prepend(box)
  }
}

function readKept(key: string): { title: string; body: string } | null {
  try {
    const { title, body } = JSON.parse(localStorage.getItem(key) ?? 'null') as Record<string, unknown>
    return typeof title === 'string' && typeof body === 'string' ? { title, body } : null
  } catch {
    return null
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-editor]')) edit(form)
