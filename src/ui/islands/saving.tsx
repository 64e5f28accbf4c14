/** @jsxImportSource preact */
type Saying = 'asYouGo' | 'saving' | 'saved' | 'wrong' | 'meanwhile' | 'lost' | 'undo'
type Values = [name: string, value: string][]

/** A connection that was lost is asked for again this often. */
const AGAIN_MS = 5_000

/**
 * Saves a form as its fields are left, by the same post that its button makes, and says so beside the button. What the server refuses
 * stands beside its field, and the focus stays where one writes. Somebody else's save in the meantime stops it: their words are shown, as
 * after a press of the button, and the button decides. Fields marked `data-whole` (files, what changes the page) send the form the plain way.
 */
function keepSaved(form: HTMLFormElement): void {
  const said = form.querySelector<HTMLElement>('[data-saving]')
  if (!said) return
  const says = JSON.parse(said.dataset['saving'] ?? '{}') as Record<Saying, string>
  let saved = valuesOf(asGiven(form))
  let before: Values | null = null
  let running: Promise<void> | null = null
  let timer = 0
  let stopped = false

  const isDirty = () => JSON.stringify(valuesOf(form)) !== JSON.stringify(saved)
  const say = (words: string, undo = false) => {
    said.textContent = words
    if (!undo || !before) return
    const button = Object.assign(document.createElement('button'), {
      type: 'button',
      className: 'link',
      textContent: says.undo,
    })
    button.addEventListener('click', takeBack)
    said.append(' ', button)
  }

  function takeBack(): void {
    if (before) fill(form, before)
    form.querySelector<HTMLElement>('button:not([type=button])')?.focus()
    void save()
  }

  /** One at a time; what was changed meanwhile is saved next. */
  function save(): Promise<void> {
    running ??= send().finally(() => {
      running = null
      if (!stopped && isDirty() && !form.querySelector('[aria-invalid=true]') && timer === 0) void save()
    })
    return running
  }

  async function send(): Promise<void> {
    clearTimeout(timer)
    timer = 0
    if (stopped || !isDirty()) return
    const sent = valuesOf(form)
    say(says.saving)
    const answer = await post(form)
    if (!answer) {
      say(says.lost)
      timer = window.setTimeout(() => {
        timer = 0
        void save()
      }, AGAIN_MS)
      return
    }
    const theirs = answer.page.querySelector<HTMLFormElement>(`form[action="${form.getAttribute('action')}"]`)
    // Signed out, or taken away meanwhile: the browser shows whatever there is to say.
    if (!theirs) return form.submit()
    const seen = (of: HTMLFormElement) => of.querySelector<HTMLInputElement>('input[name=seen]')
    const [ours, newer] = [seen(form), seen(theirs)]
    if (!answer.ok && newer && newer.value !== ours?.value) {
      stopped = true
      for (const part of form.querySelectorAll('.error')) part.remove()
      showErrors(form, theirs)
      const summary = answer.page.querySelector('.error-summary')
      form.querySelector('.error-summary')?.remove()
      if (summary) form.prepend(summary)
      if (ours) ours.value = newer.value
      form.querySelector<HTMLElement>('.error-summary')?.focus()
      return say(says.meanwhile)
    }
    form.querySelector('.error-summary')?.remove()
    showErrors(form, theirs)
    if (!answer.ok) return say(says.wrong)
    if (ours && newer) ours.value = newer.value
    before = saved
    saved = sent
    followTitle(answer.page)
    say(says.saved, true)
    // What the page shows of the form elsewhere may follow.
    document.dispatchEvent(new CustomEvent('ritornello:saved', { detail: { page: answer.page } }))
  }

  form.addEventListener('change', (event) => {
    if ((event.target as Element).closest('[data-whole]')) {
      stopped = true
      void (running ?? Promise.resolve()).then(() => form.submit())
    } else void save()
  })
  form.addEventListener('submit', (event) => {
    if (stopped) return
    // A button with a name does something to what the form holds: it goes the plain way, once nothing is on its way any more.
    const pressed = event.submitter
    if (pressed instanceof HTMLButtonElement && pressed.name) {
      if (running) event.preventDefault()
      else stopped = true
      void running?.then(() => {
        stopped = true
        form.requestSubmit(pressed)
      })
      return
    }
    event.preventDefault()
    void save().then(() => {
      if (!stopped) form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
    })
    if (!isDirty()) say(says.saved)
  })
  // Left with the cursor still in a field: nothing changed yet as far as the browser says.
  addEventListener('pagehide', () => {
    if (form.isConnected && !stopped && isDirty())
      void fetch(form.action, { method: 'POST', body: new FormData(form), keepalive: true })
  })
  // What could not be saved would be lost without a word.
  addEventListener('beforeunload', (event) => {
    if (form.isConnected && !stopped && isDirty() && (timer !== 0 || form.querySelector('[aria-invalid=true]')))
      event.preventDefault()
  })
  form.classList.add('js')
  say(says.asYouGo)
  // Whoever was quicker than this script has left a field already.
  if (isDirty()) void save()
}

type Answer = { ok: boolean; page: Document }

async function post(form: HTMLFormElement): Promise<Answer | null> {
  const data = new FormData(form)
  const body =
    form.enctype === 'multipart/form-data' ? data : new URLSearchParams(data as unknown as Record<string, string>)
  try {
    const response = await fetch(form.action, { method: 'POST', body, headers: { accept: 'text/html' } })
    if (response.status >= 500 || response.status === 429) return null
    return { ok: response.ok, page: new DOMParser().parseFromString(await response.text(), 'text/html') }
  } catch {
    return null
  }
}

/** The form as the server gave it, whatever was written into it meanwhile. */
function asGiven(form: HTMLFormElement): HTMLFormElement {
  const copy = form.cloneNode(true) as HTMLFormElement
  copy.reset()
  return copy
}

/** What a person may change, in the order of the form; files go the plain way. */
function valuesOf(form: HTMLFormElement): Values {
  return [...new FormData(form)].flatMap(
    ([name, value]): Values => (typeof value === 'string' && name !== 'csrf' && name !== 'seen' ? [[name, value]] : []),
  )
}

function fill(form: HTMLFormElement, values: Values): void {
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && (field.type === 'checkbox' || field.type === 'radio'))
      field.checked = values.some(([name, value]) => name === field.name && value === field.value)
    else if (
      (field instanceof HTMLInputElement && field.type !== 'hidden' && field.type !== 'file') ||
      field instanceof HTMLTextAreaElement ||
      field instanceof HTMLSelectElement
    )
      field.value = values.find(([name]) => name === field.name)?.[1] ?? field.value
  }
}

/** Each sentence of the answer beside its field here, and none where there is nothing wrong any more. */
function showErrors(form: HTMLFormElement, theirs: HTMLFormElement): void {
  for (const field of form.querySelectorAll<HTMLElement>('[name]:not([type=hidden]),fieldset')) {
    const other = field.id ? theirs.querySelector<HTMLElement>(`#${CSS.escape(field.id)}`) : null
    if (!other) continue
    form.querySelector(`#${CSS.escape(field.id)}-error`)?.remove()
    for (const name of ['aria-invalid', 'aria-describedby']) {
      const value = other.getAttribute(name)
      if (value === null) field.removeAttribute(name)
      else field.setAttribute(name, value)
    }
    const sentence = theirs.querySelector(`#${CSS.escape(field.id)}-error`)
    if (sentence) (field.tagName === 'FIELDSET' ? field : field.closest('.field'))?.append(sentence)
  }
}

/** The name of what is being edited stands above the form as well, or wherever `data-follow` says. */
function followTitle(page: Document): void {
  document.title = page.title
  const [here, there] = [document.querySelector('main h1'), page.querySelector('main h1')]
  if (here && there) here.textContent = there.textContent
  for (const one of document.querySelectorAll('[data-follow]')) {
    const other = page.getElementById(one.id)
    if (other) one.textContent = other.textContent
  }
}

for (const said of document.querySelectorAll('[data-saving]')) {
  const form = said.closest('form')
  if (form) keepSaved(form)
}
