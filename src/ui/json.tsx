import { raw } from 'hono/html'

/** JSON that is safe inside a `<script>`: nothing in it can close the element or open a comment. */
export function inlineJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A block of data for scripts: never executed, so a strict CSP lets it be. Extra attributes mark what it is. */
export const JsonBlock = ({
  value,
  type = 'application/json',
  ...marks
}: {
  value: unknown
  type?: string
  [mark: string]: unknown
}) => (
  <script type={type} {...marks}>
    {raw(inlineJson(value))}
  </script>
)
