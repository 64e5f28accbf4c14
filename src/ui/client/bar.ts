import { linkAtSecond } from './deep-link.rules.ts'
import type { Problem } from './engine.ts'
import type { Player } from './player.ts'
import { followingOf } from './queue.rules.ts'
import { clock } from './time.rules.ts'
import { drawWaveform } from './waveform.ts'

/** The words that `player.tsx` hands over in `data-words`, with `{name}` where something is filled in. */
export type BarWords = Record<
  'play' | 'pause' | 'mute' | 'unmute' | 'at' | 'upcoming' | 'last' | 'copied' | Problem,
  string
>

/** Wires the bar that `player.tsx` rendered to the player. It stays the same element for as long as the tab lives. */
export function connectBar(bar: HTMLElement, player: Player): void {
  // The embed has fewer parts.
  const of = <T extends HTMLElement = HTMLElement>(name: string) => bar.querySelector<T>(`[data-p=${name}]`)
  const word = (name: keyof BarWords): string => wordsOf(bar)[name]
  const click = (name: string, act: () => void) => of(name)?.addEventListener('click', act)
  const seek = of<HTMLInputElement>('seek')
  const volume = of<HTMLInputElement>('volume')
  const said = of('said')

  click('toggle', player.toggle)
  click('previous', player.previous)
  click('next', player.next)
  click('mute', () => player.prefer({ muted: !player.preferences.muted }))
  if (!navigator.clipboard) of('copy')?.remove()
  click('copy', async () => {
    const track = player.track()
    if (!track) return
    await navigator.clipboard.writeText(linkAtSecond(track.url, player.position(), location.href))
    text(said, word('copied'))
  })
  seek?.addEventListener('input', () => player.seek(seek.valueAsNumber))
  seek?.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -30, PageUp: 30 }[event.key]
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    player.seek(player.position() + step)
  })
  if (volumeIsFixed()) bar.dataset.fixedVolume = ''
  const loudness = bar.querySelector('.player-volume')
  // As in player.css: below this the bar has no room for it, and the list of what follows has.
  const roomy = matchMedia('(min-width: 48em)')
  const placeVolume = () => {
    if (!loudness) return
    if (roomy.matches) bar.querySelector('.player-bar')?.append(loudness)
    else bar.querySelector('.player-options')?.prepend(loudness)
  }
  roomy.addEventListener('change', placeVolume)
  placeVolume()
  volume?.addEventListener('input', () => player.prefer({ volume: volume.valueAsNumber, muted: false }))
  const switches = ['level', 'keys'].map((name) => of<HTMLInputElement>(name)).filter((box) => box !== null)
  for (const box of switches)
    box.addEventListener('change', () => player.prefer({ [box.dataset.p as 'level' | 'keys']: box.checked }))

  let shown: unknown
  function showChanges(): void {
    const track = player.track()
    if (!track) return
    const { playing, waiting, problem } = player.state()
    const { muted, volume: loud } = player.preferences
    const following = followingOf(player.queue())
    bar.hidden = false
    if (!('embed' in bar.dataset)) document.documentElement.dataset.player = ''
    bar.dataset.state = problem ?? (waiting ? 'waiting' : playing ? 'playing' : 'paused')
    label(of('toggle'), word(playing ? 'pause' : 'play'))
    label(of('mute'), word(muted ? 'unmute' : 'mute'))
    bar.toggleAttribute('data-muted', muted)
    if (volume) volume.value = String(muted ? 0 : loud)
    for (const box of switches) box.checked = player.preferences[box.dataset.p as 'level' | 'keys']
    text(of('problem'), problem ? fill(word(problem), { at: clock(player.position()), title: track.title }) : '')
    text(of('upcoming'), following ? fill(word('upcoming'), { title: following.title }) : word('last'))
    const next = of<HTMLButtonElement>('next')
    // Not `disabled`: that would drop the focus of whoever has just pressed it.
    if (next) next.setAttribute('aria-disabled', String(!following))
    if (shown !== track) {
      shown = track
      link(of('title'), track.title, track.url)
      link(of('artist'), track.artist, track.albumUrl)
      void drawWaveform(bar, track.waveform)
    }
    showTime()
  }

  function showTime(): void {
    const at = player.position()
    const length = player.duration()
    text(of('elapsed'), clock(at))
    text(of('remaining'), `\u2212${clock(Math.ceil(length - at))}`)
    bar.style.setProperty('--at', String(length ? at / length : 0))
    if (!seek) return
    seek.max = String(length)
    // A screen reader repeats a slider whose value moves under it: while keys rest on it, only seeking moves it.
    if (seek.matches(':focus-visible') && player.state().sounding) return
    seek.value = String(at)
    seek.setAttribute('aria-valuetext', fill(word('at'), { at: clock(at), length: clock(length) }))
  }

  player.on('changed', showChanges)
  player.on('time', showTime)
  document.addEventListener('ritornello:page', () => {
    showChanges()
    text(said, '')
    text(of('notice'), '')
  })
}

export function wordsOf(bar: HTMLElement): Record<string, string> & BarWords {
  return JSON.parse(bar.dataset.words ?? '{}')
}

export const fill = (pattern: string, values: Record<string, string>): string =>
  pattern.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all)

/** Writes only what differs, so that a live region speaks once and the page is not laid out for nothing. */
function text(element: HTMLElement | null, value: string): void {
  if (element && element.textContent !== value) element.textContent = value
}

function label(button: HTMLElement | null, value: string): void {
  if (!button) return
  button.title = value
  button.setAttribute('aria-label', value)
}

function link(anchor: HTMLElement | null, value: string, href: string): void {
  text(anchor, value)
  if (anchor) (anchor as HTMLAnchorElement).href = href
}

/** iOS leaves the volume to its keys: what one sets is not kept. */
function volumeIsFixed(): boolean {
  const probe = new Audio()
  probe.volume = 0.5
  return probe.volume !== 0.5
}
