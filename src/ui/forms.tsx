import type { Child } from 'hono/jsx'
import type { Lang } from '../platform/i18n/index.ts'
import { Icon } from './icons.tsx'
import type { Page } from './page.ts'
import { words } from './words.ts'

/** Sentences by field name, as a use case refuses an input. The key '' is for what belongs to no field. */
export type FieldErrors = Record<string, string>

type Common = {
  name: string
  label: string
  /** A sentence under the label that helps before one errs. */
  hint?: string | undefined
  /** A word after the label, such as "optional". */
  note?: string | undefined
  error?: string | undefined
  required?: boolean | undefined
  /** Only when two forms of one page hold a field of the same name. */
  id?: string | undefined
}

type Rest = { [attribute: string]: unknown }

export const fieldId = (name: string): string => `f-${name.replace(/[^\w-]/g, '-')}`

const ids = ({ name, id = fieldId(name) }: Common) => ({ id, hintId: `${id}-hint`, errorId: `${id}-error` })

function described(props: Common) {
  const { id, hintId, errorId } = ids(props)
  const by = [props.hint && hintId, props.error && errorId].filter(Boolean).join(' ')
  return {
    id,
    name: props.name,
    required: props.required,
    'aria-describedby': by || undefined,
    'aria-invalid': props.error ? ('true' as const) : undefined,
  }
}

const Around = ({ of, children, group }: { of: Common; children?: Child; group?: boolean }) => {
  const { id, hintId, errorId } = ids(of)
  const label = (
    <>
      {of.label} {of.note && <span class="note">{of.note}</span>}
    </>
  )
  const inside = (
    <>
      {of.hint && (
        <p class="hint" id={hintId}>
          {of.hint}
        </p>
      )}
      {children}
      {of.error && <FieldError id={errorId}>{of.error}</FieldError>}
    </>
  )
  return group ? (
    <fieldset class="field" id={id} tabindex={-1} aria-describedby={described(of)['aria-describedby']}>
      <legend>{label}</legend>
      {inside}
    </fieldset>
  ) : (
    <div class="field">
      <label for={id}>{label}</label>
      {inside}
    </div>
  )
}

const FieldError = ({ id, children }: { id: string; children?: Child }) => (
  <p class="error" id={id}>
    <Icon name="warning" />
    {children}
  </p>
)

/** Takes our own names out, so that what is left can be set on the element itself (autocomplete, inputmode, maxlength...). */
function attributes({ label, hint, note, error, required, id, name, value, options, ...rest }: Rest): Rest {
  return rest
}

/** One line of text, a date, a number: whatever `type` says. */
export const Field = (props: Common & { value?: string | number | null | undefined; type?: string } & Rest) => (
  <Around of={props}>
    <input type="text" {...attributes(props)} {...described(props)} value={props.value ?? ''} />
  </Around>
)

export const TextArea = (props: Common & { value?: string | null | undefined } & Rest) => (
  <Around of={props}>
    <textarea rows={5} {...attributes(props)} {...described(props)}>
      {props.value ?? ''}
    </textarea>
  </Around>
)

export type Option = { value: string; label: string; hint?: string | undefined; disabled?: boolean | undefined }

export const Select = (props: Common & { value?: string | null | undefined; options: Option[] } & Rest) => (
  <Around of={props}>
    <span class="select">
      <select {...attributes(props)} {...described(props)}>
        {props.options.map((option) => (
          <option value={option.value} selected={option.value === (props.value ?? '')} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  </Around>
)

/** One yes or no. `value` is what is sent when it is ticked. */
export const Checkbox = (props: Common & { checked?: boolean | undefined; value?: string } & Rest) => {
  const { hintId, errorId } = ids(props)
  const { checked, ...rest } = attributes(props)
  return (
    <div class="field tick">
      <label>
        <input type="checkbox" {...rest} {...described(props)} value={props.value ?? 'on'} checked={Boolean(checked)} />
        <span>{props.label}</span>
      </label>
      {props.hint && (
        <p class="hint" id={hintId}>
          {props.hint}
        </p>
      )}
      {props.error && <FieldError id={errorId}>{props.error}</FieldError>}
    </div>
  )
}

/** One of a few, all in view. */
export const Radios = (props: Common & { value?: string | null | undefined; options: Option[] }) => (
  <Around of={props} group>
    <Choices {...props} type="radio" chosen={props.value == null ? [] : [props.value]} />
  </Around>
)

/** Some of a few, all in view: sent as repeated values of one name. */
export const Checkboxes = (props: Common & { values?: string[]; options: Option[] }) => (
  <Around of={props} group>
    <Choices {...props} type="checkbox" chosen={props.values ?? []} />
  </Around>
)

type ChoicesProps = Common & { options: Option[]; type: 'radio' | 'checkbox'; chosen: string[] }

const Choices = ({ name, options, type, chosen, required }: ChoicesProps) => (
  <div class="choices">
    {options.map((option) => (
      <label>
        <input
          type={type}
          name={name}
          value={option.value}
          checked={chosen.includes(option.value)}
          disabled={option.disabled}
          required={type === 'radio' ? required : undefined}
        />
        <span>
          {option.label}
          {option.hint && <small>{option.hint}</small>}
        </span>
      </label>
    ))}
  </div>
)

export const FileField = (props: Common & { accept?: string; multiple?: boolean } & Rest) => (
  <Around of={props}>
    <input type="file" {...attributes(props)} {...described(props)} />
  </Around>
)

type ButtonProps = { kind?: 'main' | 'plain' | 'quiet' | 'danger'; href?: string; children?: Child } & Rest

/** A button, or with `href` a link that looks like one. One `main` per screen; `plain` beside it; `quiet` in rows. */
export const Button = ({ kind = 'main', href, children, ...rest }: ButtonProps) =>
  href ? (
    <a class={`button ${kind}`} href={href} {...rest}>
      {children}
    </a>
  ) : (
    <button type="submit" class={`button ${kind}`} {...rest}>
      {children}
    </button>
  )

export const Csrf = ({ page }: { page: Pick<Page, 'csrf'> }) => <input type="hidden" name="csrf" value={page.csrf} />

/** A form that posts, with its token. Files make it multipart by themselves only when `files` is set. */
export const Form = ({ page, action, files, children, ...rest }: FormProps) => (
  <form method="post" action={action} enctype={files ? 'multipart/form-data' : undefined} {...rest}>
    <Csrf page={page} />
    {children}
  </form>
)

type FormProps = { page: Pick<Page, 'csrf'>; action: string; files?: boolean; children?: Child } & Rest

/** Where a form that is saved as one goes says so: inside the form, with `SAVING` among the scripts of the page. Without scripts, its button saves. */
export const SavedAsOneGoes = ({ lang }: { lang: Lang }) => {
  const t = words(lang)
  const says = {
    asYouGo: t('saving_as_you_go'),
    saving: t('saving'),
    saved: t('saving_done'),
    wrong: t('saving_wrong'),
    meanwhile: t('saving_meanwhile'),
    lost: t('saving_lost'),
    undo: t('saving_undo'),
  }
  // A span, since it stands in a paragraph with the buttons: another paragraph would end that one.
  return <span class="saved" role="status" data-saving={JSON.stringify(says)} />
}

/** The script of {@link SavedAsOneGoes}. */
export const SAVING = 'islands/saving.js'

/** What is wrong, first thing in a form: takes the focus, each line leads to its field. Nothing at all without errors. */
export const ErrorSummary = ({ errors, lang }: { errors?: FieldErrors | undefined; lang: Lang }) => {
  const found = Object.entries(errors ?? {})
  if (!found.length) return null
  return (
    <div class="error-summary" role="alert" tabindex={-1} autofocus={true} data-focus="">
      <p>
        <strong>{words(lang)('errors_title', { n: found.length })}</strong>
      </p>
      <ul>
        {found.map(([name, sentence]) => (
          <li>{name ? <a href={`#${fieldId(name)}`}>{sentence}</a> : sentence}</li>
        ))}
      </ul>
    </div>
  )
}
