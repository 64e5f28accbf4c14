import type { Player } from './player.ts'
import { clock } from './time.rules.ts'

/** The list of what follows, made from the `<template data-p=item>` of the bar. Each line plays its track. */
export function connectQueuePanel(bar: HTMLElement, player: Player): void {
  const list = bar.querySelector<HTMLElement>('[data-p=list]')
  const item = bar.querySelector<HTMLTemplateElement>('template')
  if (!list || !item) return
  let listed: unknown
  player.on('changed', () => {
    const { tracks, index } = player.queue()
    if (listed !== tracks) {
      listed = tracks
      list.replaceChildren(
        ...tracks.map(({ title, artist, durationMs }) => {
          const line = item.content.cloneNode(true) as DocumentFragment
          const texts = [title, artist, clock(durationMs / 1000)]
          line.querySelectorAll('span').forEach((span, i) => {
            span.textContent = texts[i] ?? ''
          })
          return line
        }),
      )
    }
    ;[...list.children].forEach((line, i) => {
      const button = line.querySelector('button')
      if (button) button.setAttribute('aria-current', String(i === index))
    })
  })
  list.addEventListener('click', (event) => {
    const line = (event.target as Element).closest('li')
    if (line) player.jump([...list.children].indexOf(line))
  })
  list.closest('[popover]')?.addEventListener('toggle', () => {
    list.querySelector('[aria-current=true]')?.scrollIntoView({ block: 'nearest' })
  })
}
