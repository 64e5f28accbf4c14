import type { Child } from 'hono/jsx'

/** In units of the drawing; `right` is the room that labels have beyond the last point. */
export type Size = { width: number; height: number; right: number }
const WIDE: Size = { width: 760, height: 260, right: 120 }
const NARROW: Size = { width: 350, height: 220, right: 84 }

/** A chart, drawn for a wide and for a narrow page, since text in a scaled drawing cannot be read on a phone. */
export const Twice = ({ title, draw }: { title: string; draw: (size: Size, kind: 'wide' | 'narrow') => Child }) => (
  <figure class="chart">
    <figcaption>{title}</figcaption>
    {draw(WIDE, 'wide')}
    {draw(NARROW, 'narrow')}
  </figure>
)
