import { namedSigns, smsMoney, weighSms } from '../sms.rules.ts'

/** Sentences with {segments}, {units}, {left}, {signs}, {price} to be filled in. */
export type SmsWords = Record<'size' | 'gsm' | 'ucs' | 'price' | 'replaced' | 'typed' | 'plainly' | 'spaces', string>
/** `field` and `way` name fields of the form; `price` is that of one message, in millionths. */
type Props = {
  form: string
  field: string
  way: string
  lang: string
  price: { millionths: number; currency: string } | null
  words: SmsWords
}

/**
 * Says how many text messages the words of a form are and what they cost, while they are typed and as long as they leave that way: as they leave,
 * as they were typed and, where letters make them dearer, with plain ones, which one press puts in their place.
 */
function mount(element: HTMLElement): void {
  const props = JSON.parse(element.dataset['props'] ?? '{}') as Props
  const { form: id, field, way, lang, price, words } = props
  const form = document.querySelector<HTMLFormElement>(`#${id}`)
  const part = (name: string) => element.querySelector<HTMLElement>(`[data-part=${name}]`)
  const [size, replaced, sent, plainly, button] = ['size', 'replaced', 'sent', 'plainly', 'button'].map(part)
  const put = (where: HTMLElement | null | undefined, text: string): void => {
    if (!where) return
    where.hidden = !text
    if (where.textContent !== text) where.textContent = text
  }
  const filled = (text: string, values: Record<string, string | number>): string =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
  const cost = (segments: number): string =>
    price ? filled(words.price, { price: smsMoney(price.millionths * segments, price.currency, lang) }) : ''
  const typedText = () => (form ? String(new FormData(form).get(field) ?? '') : '')
  const show = (): void => {
    const data = form && new FormData(form)
    element.hidden = data?.get(way) !== 'sms'
    if (element.hidden) return
    const weighed = weighSms(typedText())
    const { count, plain } = weighed
    const signs = (some: string[]) => ({ signs: namedSigns(some, words.spaces) })
    const alphabet = count.encoding === 'gsm7' ? words.gsm : filled(words.ucs, signs(weighed.outside))
    put(size, [filled(words.size, { ...count }), alphabet, cost(count.segments)].filter(Boolean).join(' '))
    const dearer = weighed.typed !== count.segments
    const typed = [
      filled(words.replaced, signs(weighed.replaced)),
      filled(words.typed, { segments: weighed.typed }),
      dearer && cost(weighed.typed),
    ]
    put(replaced, weighed.replaced.length ? typed.filter(Boolean).join(' ') : '')
    put(sent, weighed.replaced.length ? weighed.sent : '')
    const segments = plain?.count.segments ?? 0
    put(plainly, plain ? `${filled(words.plainly, { segments })} ${cost(segments)}` : '')
    if (button) button.hidden = !plain
  }
  const writePlainly = (): void => {
    const input = form?.querySelector<HTMLTextAreaElement>(`[name=${field}]`)
    const { plain } = weighSms(typedText())
    if (!input || !plain) return
    input.value = plain.text
    input.focus()
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }
  form?.addEventListener('input', show)
  button?.addEventListener('click', writePlainly)
  form?.addEventListener('change', show)
  show()
}

for (const element of document.querySelectorAll<HTMLElement>('[data-island=sms-count]')) mount(element)
