export type Action = 'toggle' | 'back' | 'forward' | 'next' | 'previous' | 'mute' | 'help'

/** What has the focus: a field takes every key, a control takes Space and the arrows, the page takes none. */
export type Focus = 'field' | 'control' | 'page'

export type Key = { key: string; shift: boolean; modified: boolean; focus: Focus }

/** What a key does, or null when it belongs to the browser or to what has the focus. */
export function actionOf({ key, shift, modified, focus }: Key): Action | null {
  if (modified || focus === 'field') return null
  if (focus === 'page') {
    const plain = shift ? undefined : { ' ': 'toggle', ArrowLeft: 'back', ArrowRight: 'forward' }[key]
    if (plain) return plain as Action
  }
  if (key === '?') return 'help'
  const letter = key.toLowerCase()
  if (shift) return ({ n: 'next', p: 'previous' }[letter] as Action) ?? null
  return ({ k: 'toggle', j: 'back', l: 'forward', m: 'mute' }[letter] as Action) ?? null
}

/** How far back and forward go, in seconds. */
export const SEEK_STEP = 10
