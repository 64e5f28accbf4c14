import { expect, type Frame, type Page } from '@playwright/test'

type Listening = { sounds: Set<HTMLMediaElement>; mark: number }

/** Lets a journey ask what is really heard: notes every element that was ever told to play. Before the first page is opened. */
export async function listenIn(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const here = globalThis as unknown as Listening
    const { play } = HTMLMediaElement.prototype
    here.sounds = new Set()
    here.mark = Math.random()
    HTMLMediaElement.prototype.play = function () {
      here.sounds.add(this)
      return play.call(this)
    }
  })
}

export type Heard = {
  /** Seconds into what plays; null when nothing does. */
  at: number | null
  /** Bytes of sound that were decoded so far. */
  decoded: number
  /** Another number when the browser loaded another document. */
  document: number
}

/** What sounds at this moment. */
export function heard(page: Page | Frame): Promise<Heard> {
  return page.evaluate(() => {
    const { sounds, mark } = globalThis as unknown as Listening
    const on = [...sounds].find((one) => !one.paused && !one.ended && !one.muted && one.volume > 0)
    const decoded = (on as { webkitAudioDecodedByteCount?: number } | undefined)?.webkitAudioDecodedByteCount ?? 0
    return { at: on ? on.currentTime : null, decoded, document: mark }
  })
}

/** Waits until sound has really gone on for some tenths of a second, and says where it is. */
export async function expectSound(page: Page | Frame): Promise<Heard> {
  let from: number | null = null
  let last: Heard = { at: null, decoded: 0, document: 0 }
  await expect
    .poll(
      async () => {
        last = await heard(page)
        const { at, decoded } = last
        if (at === null || decoded === 0) return false
        from ??= at
        return at > from + 0.3
      },
      { message: 'music plays', timeout: 20_000, intervals: [100] },
    )
    .toBe(true)
  return last
}
