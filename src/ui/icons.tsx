import { raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** A few signs, drawn on a grid of 24 with a stroke of 2 or as solid shapes. `solid` ones are filled, the others stroked. */
const ICONS = {
  play: { solid: true, path: 'M8 4.6v14.8L20 12z' },
  pause: { solid: true, path: 'M7 5h3.6v14H7zM13.4 5H17v14h-3.6z' },
  next: { solid: true, path: 'M5 5v14l10.5-7zM16.5 5H19v14h-2.5z' },
  previous: { solid: true, path: 'M19 5v14L8.5 12zM5 5h2.5v14H5z' },
  volume: { solid: false, path: 'M4 9.5v5h3.5L12 19V5L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11' },
  muted: { solid: false, path: 'M4 9.5v5h3.5L12 19V5L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5' },
  queue: { solid: false, path: 'M4 6h16M4 12h10M4 18h10M18 12v7M18 12l3 1.5' },
  take: { solid: false, path: 'M12 4v11M7 10.5l5 5 5-5M5 20h14' },
  search: { solid: false, path: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L20.5 20.5' },
  close: { solid: false, path: 'M6 6l12 12M18 6L6 18' },
  arrow: { solid: false, path: 'M5 12h14M13 6l6 6-6 6' },
  check: { solid: false, path: 'M5 12.5l4.5 4.5L19 7' },
  warning: { solid: false, path: 'M12 4.5L21 19.5H3zM12 10v4.5M12 17v.2' },
  menu: { solid: false, path: 'M4 7h16M4 12h16M4 17h16' },
  drag: { solid: true, path: 'M8 5h3v3H8zM13 5h3v3h-3zM8 10.5h3v3H8zM13 10.5h3v3h-3zM8 16h3v3H8zM13 16h3v3h-3z' },
} as const

export type IconName = keyof typeof ICONS

const drawn = new Map<string, HtmlEscapedString>()

/** A sign without a name of its own: the words beside it, or the label of what holds it, speak. Each is drawn once. */
export function Icon({ name, class: extra = '' }: { name: IconName; class?: string }): HtmlEscapedString {
  const key = `${name} ${extra}`
  const found = drawn.get(key)
  if (found) return found
  const { solid, path } = ICONS[name]
  const classes = ['icon', !solid && 'drawn', extra].filter(Boolean).join(' ')
  const icon = raw(
    String(
      <svg class={classes} viewBox="0 0 24 24" aria-hidden="true">
        <path d={path} />
      </svg>,
    ),
  )
  drawn.set(key, icon)
  return icon
}

const PLAY_PAUSE = raw(
  String(
    <svg class="icon play-pause" viewBox="0 0 24 24" aria-hidden="true">
      <path class="when-paused" d={ICONS.play.path} />
      <path class="when-playing" d={ICONS.pause.path} />
    </svg>,
  ),
)

/** Play and pause in one: the style sheet shows the one that applies (`data-state="playing"` on the button that holds it). */
export const PlayPause = () => PLAY_PAUSE
