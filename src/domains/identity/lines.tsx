import type { Child } from 'hono/jsx'

/** Rows of a name, what is said of it, and what can be done; on a phone the last goes below when it does not fit. */
export const Lines = ({ children }: { children?: Child }) => <ul class="lines">{children}</ul>

const ROW = 'display:flex;flex-wrap:wrap;justify-content:space-between'

export const Line = ({ name, says, children }: { name: Child; says: Child; children?: Child }) => (
  <li style={ROW}>
    <span style="flex:1 1 15rem;min-width:0">
      <b>{name}</b>
      <small>{says}</small>
    </span>
    {children}
  </li>
)
