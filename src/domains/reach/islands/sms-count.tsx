import { countSms, outsideGsm, plainer } from '../sms.rules.ts'

/** `size`, `gsm` and `ucs` are sentences with {segments}, {units}, {left} and {signs} to be filled in. `field` and `way` name fields of the form. */
type Props = { form: string; field: string; way: string; words: { size: string; gsm: string; ucs: string } }

/** Says how many text messages the words of a form are, while they are typed and as long as they leave that way. */
export function mount(element: HTMLElement, props: unknown): () => void {
  const { form: id, field, way, words } = props as Props
  const form = document.querySelector<HTMLFormElement>(`#${id}`)
  const show = (): void => {
    const data = form && new FormData(form)
    element.hidden = data?.get(way) !== 'sms'
    if (!data || element.hidden) return
    // As it leaves: typography that telephones lack is said with what they have.
    const sent = plainer(String(data.get(field) ?? ''))
    const { encoding, segments, units, left } = countSms(sent)
    const values: Record<string, string | number> = {
      segments,
      units,
      left,
      signs: outsideGsm(sent).slice(0, 8).join(' '),
    }
    const text = `${words.size} ${encoding === 'gsm7' ? words.gsm : words.ucs}`
    const said = text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
    if (element.textContent !== said) element.textContent = said
  }
  form?.addEventListener('input', show)
  show()
  return () => form?.removeEventListener('input', show)
}
