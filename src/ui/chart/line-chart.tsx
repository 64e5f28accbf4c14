import { ticks } from './scale.ts'
import { type Size, Twice } from './twice.tsx'

export type Series = {
  label: string
  values: number[]
  /** The first series is drawn in the accent, the others in ink; a dash tells them apart without colour. */
  dash?: string
}

export type ChartProps = {
  /** What the drawing says, in a sentence: it is its title. */
  title: string
  /** Written under the first, the last, and some points between. */
  points: string[]
  series: Series[]
  /** Figures as they are written in the reader's language. */
  number: (value: number) => string
  /** A moment worth a mark on the time axis, by index of its point. */
  marks?: { at: number; label: string }[]
}

const TOP = 14
const LEFT = 40
const BOTTOM = 30

/**
 * Lines over time, drawn on the server: ink first, a label at each line's end instead of a legend. Put the same figures in a table beside it.
 */
export const LineChart = (props: ChartProps) => (
  <Twice title={props.title} draw={(size, kind) => <Drawing {...props} size={size} kind={kind} />} />
)

function Drawing({ title, points, series, number, marks = [], size, kind }: ChartProps & { size: Size; kind: string }) {
  const steps = ticks(Math.max(...series.flatMap((line) => line.values), 1))
  const top = steps.at(-1) as number
  const right = size.width - size.right
  const bottom = size.height - BOTTOM
  const x = (index: number) => (points.length < 2 ? LEFT : LEFT + ((right - LEFT) * index) / (points.length - 1))
  const y = (value: number) => bottom - ((bottom - TOP) * value) / top
  const ends = spread(
    series.map((line) => y(line.values.at(-1) ?? 0)),
    16,
    TOP,
    bottom,
  )
  return (
    <svg class={kind} viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={title}>
      {steps.map((step) => (
        <g class="grid">
          <line x1={LEFT} x2={right} y1={y(step)} y2={y(step)} />
          <text x={LEFT - 8} y={y(step) + 4} text-anchor="end">
            {number(step)}
          </text>
        </g>
      ))}
      {marks.map((mark) => (
        <g class="mark">
          <line x1={x(mark.at)} x2={x(mark.at)} y1={TOP} y2={bottom} />
          <text x={x(mark.at) + 4} y={TOP + 2}>
            {mark.label}
          </text>
        </g>
      ))}
      {shown(points.length, size.width).map((index) => (
        <text
          class="when"
          x={x(index)}
          y={size.height - 8}
          text-anchor={index === 0 ? 'start' : index === points.length - 1 ? 'end' : 'middle'}
        >
          {points[index]}
        </text>
      ))}
      {series.map((line, index) => (
        <g class={index === 0 ? 'series first' : 'series'}>
          <polyline
            points={line.values.map((value, at) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}
            stroke-dasharray={line.dash}
          />
          {points.length < 3 && line.values.map((value, at) => <circle cx={x(at)} cy={y(value)} r={3} />)}
          <text x={right + 8} y={(ends[index] as number) + 4}>
            {line.label} {number(line.values.reduce((sum, value) => sum + value, 0))}
          </text>
        </g>
      ))}
    </svg>
  )
}

/** Which points get their name: the ends, and as many between as have room. */
function shown(count: number, width: number): number[] {
  if (count <= 1) return [0]
  const room = width > 500 ? 5 : 3
  const gaps = Math.min(room - 1, count - 1)
  return Array.from({ length: gaps + 1 }, (_, index) => Math.round((index * (count - 1)) / gaps))
}

/** Moves labels apart until none covers another, keeping their order. */
export function spread(places: number[], gap: number, top: number, bottom: number): number[] {
  const order = places.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at)
  order.forEach((label, rank) => {
    const before = order[rank - 1]
    label.at = Math.max(label.at, before ? before.at + gap : top)
  })
  for (let rank = order.length - 1; rank >= 0; rank--) {
    const after = order[rank + 1]
    const label = order[rank] as { at: number }
    label.at = Math.min(label.at, after ? after.at - gap : bottom)
  }
  return order.sort((a, b) => a.index - b.index).map((label) => label.at)
}
