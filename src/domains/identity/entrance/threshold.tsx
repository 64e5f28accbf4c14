import type { Context } from 'hono'
import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { Document } from '../../../ui/document.tsx'
import type { WebEnv } from '../guard.ts'

type ThresholdProps = { c: Context<WebEnv>; title: string; scripts?: string[]; children?: Child }

// One narrow column: the studio's grid has its rail's place, and there is no rail here.
const ALONE = '.studio{display:flex}.studio>main.threshold{max-width:30rem;margin-inline:auto}'

/** A page before the studio's door: no rail, one thing to do. */
export const Threshold = ({ c, title, scripts, children }: ThresholdProps) => (
  <Document
    page={c.get('page')}
    kind="studio"
    title={title}
    styles={['studio.css']}
    scripts={scripts}
    head={<style>{raw(ALONE)}</style>}
    noindex
  >
    <main id="page" class="threshold" tabindex={-1}>
      <h1>{title}</h1>
      {children}
    </main>
  </Document>
)
