import type { Child } from 'hono/jsx'

/** What a screen without content says: what will be here, and the one thing to do about it. */
export const Empty = ({ title, children, action }: { title: string; children?: Child; action?: Child }) => (
  <section class="empty">
    <h2>{title}</h2>
    {children && <div class="empty-words">{children}</div>}
    {action && <div class="empty-action">{action}</div>}
  </section>
)
