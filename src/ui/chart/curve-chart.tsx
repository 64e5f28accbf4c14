import { ticks } from './scale.ts'
import { type Size, Twice } from './twice.tsx'

export type Curve = {
  label: string
  /** Across from 0 to 1; upwards in the figures of the axis. */
  points: { x: number; y: number }[]
}

export type CurveChartProps = {
  /** Tells its drawings from others on the page. */
  id: string
  /** What the drawing says, in a sentence, and how it is read by whoever does not see it. */
  title: string
  description: string
  /** Names along the bottom, across from 0 to 1. Those that are `minor` are left out where there is little room. */
  times: { x: number; label: string; minor?: boolean }[]
  /** The first is drawn in the accent, the others in a quiet line. */
  curves: Curve[]
  /** The highest figure of the axis; a round one is chosen when not told. */
  top?: number | undefined
  number: (value: number) => string
  /** A moment with the stretch in which it may lie. */
  between?: { x: number; low: number; high: number; label: string } | undefined
  /** From where on nothing is known yet. */
  unknown?: { from: number; label: string } | undefined
}

const TOP = 24
const LEFT = 44
const BOTTOM = 30

/**
 * Curves over a time that is stretched at its beginning, drawn on the server like `LineChart`: labels at the ends, an interval as a soft band, and grey where nothing is
 * known yet. Put the same figures in a table beside it.
 */
export const CurveChart = (props: CurveChartProps) => (
  <Twice title={props.title} draw={(size, kind) => <Drawing {...props} size={size} kind={kind} />} />
)

function Drawing({ size, kind, ...props }: CurveChartProps & { size: Size; kind: string }) {
  const { times, curves, number, between, unknown } = props
  const highest = Math.max(...curves.flatMap(({ points }) => points.map(({ y }) => y)), 1)
  const steps = props.top ? [0, 1, 2, 3, 4].map((part) => (part * (props.top as number)) / 4) : ticks(highest)
  const right = size.width - size.right
  const bottom = size.height - BOTTOM
  const x = (part: number) => LEFT + (right - LEFT) * part
  const y = (value: number) => bottom - ((bottom - TOP) * value) / (steps.at(-1) as number)
  const [title, description] = [`${props.id}-${kind}-title`, `${props.id}-${kind}-description`]
  return (
    <svg
      class={kind}
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-labelledby={title}
      aria-describedby={description}
    >
      <title id={title}>{props.title}</title>
      <desc id={description}>{props.description}</desc>
      {unknown && (
        <rect class="unknown" x={x(unknown.from)} width={right - x(unknown.from)} y={TOP} height={bottom - TOP} />
      )}
      {between && (
        <rect
          class="between"
          x={x(between.low) - 1}
          width={x(between.high) - x(between.low) + 2}
          y={TOP}
          height={bottom - TOP}
        />
      )}
      {steps.map((step) => (
        <g class="grid">
          <line x1={LEFT} x2={right} y1={y(step)} y2={y(step)} />
          <text x={LEFT - 8} y={y(step) + 4} text-anchor="end">
            {number(step)}
          </text>
        </g>
      ))}
      {unknown && (
        <text x={Math.min(x(unknown.from) + 6, right + 8)} y={bottom - 8}>
          {unknown.label}
        </text>
      )}
      {between && (
        <g class="mark">
          <line x1={x(between.x)} x2={x(between.x)} y1={TOP} y2={bottom} />
          <text x={x(between.x)} y={TOP - 8} text-anchor={between.x > 0.8 ? 'end' : 'middle'}>
            {between.label}
          </text>
        </g>
      )}
      {times
        .filter(({ minor }) => kind === 'wide' || !minor)
        .map((time) => (
          <text class="when" x={x(time.x)} y={size.height - 8} text-anchor={time.x === 1 ? 'end' : 'middle'}>
            {time.label}
          </text>
        ))}
      {curves.map(({ label, points }, index) => {
        const end = points.at(-1) ?? { x: 0, y: 0 }
        // Two that end at one place are named one under the other.
        const below = index > 0 && Math.abs(y(end.y) - y(curves[0]?.points.at(-1)?.y ?? 0)) < 16 ? 16 : 0
        return (
          <g class={index === 0 ? 'series first' : 'series quiet'}>
            <polyline points={points.map((point) => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`).join(' ')} />
            {points.length < 3 && points.map((point) => <circle cx={x(point.x)} cy={y(point.y)} r={3} />)}
            <text x={x(end.x) + 8} y={Math.max(TOP, y(end.y)) + 4 + below}>
              {label}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
