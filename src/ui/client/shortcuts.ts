import { type Action, actionOf, type Focus, SEEK_STEP } from './keys.rules.ts'
import type { Player } from './player.ts'

/** Keys for those who keep their hands there. They can be switched off, as WCAG 2.1.4 asks of single letters. */
export function connectShortcuts(player: Player, help: () => void): void {
  const acts: Record<Action, () => void> = {
    toggle: player.toggle,
    back: () => player.seek(player.position() - SEEK_STEP),
    forward: () => player.seek(player.position() + SEEK_STEP),
    next: player.next,
    previous: player.previous,
    mute: () => player.prefer({ muted: !player.preferences.muted }),
    help,
  }
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || !player.preferences.keys) return
    const modified = event.ctrlKey || event.altKey || event.metaKey
    const action = actionOf({
      key: event.key,
      shift: event.shiftKey,
      modified,
      focus: focusOf(event.target as Element),
    })
    if (!action || !player.track() || (event.repeat && action === 'toggle')) return
    event.preventDefault()
    acts[action]()
  })
}

const FIELD =
  'input:not([type=range],[type=checkbox],[type=radio],[type=button],[type=submit]),textarea,select,[contenteditable]'
const CONTROL = 'a,button,input,summary,audio,video,dialog,[popover],[tabindex]:not([tabindex="-1"])'

const focusOf = (element: Element): Focus =>
  element.closest(FIELD) ? 'field' : element.closest(CONTROL) ? 'control' : 'page'
