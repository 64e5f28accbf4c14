import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hear, isListen, type Played, playedMs, resumePlayed, startPlayed } from './played.rules.ts'

const start = () => startPlayed({ wall: 1000, position: 0 })

/** Readings every quarter of a second, as browsers give them, at `rate` times the normal speed. */
function listen(played: Played, seconds: number, rate = 1): Played {
  let now = played
  for (let i = 0; i < seconds * 4; i++)
    now = hear(now, { wall: now.last.wall + 250, position: now.last.position + 250 * rate })
  return now
}

test('ten seconds heard are ten seconds', () => {
  expect(playedMs(listen(start(), 10))).toBe(10_000)
})

test('jumping to the end is not listening', () => {
  const jumped = hear(listen(start(), 2), { wall: 3250, position: 180_000 })
  expect(playedMs(jumped)).toBe(2250)
})

test('hearing the refrain twice counts twice', () => {
  const back = listen(start(), 10)
  const again = resumePlayed(back, { wall: back.last.wall, position: 0 })
  expect(playedMs(listen(again, 10))).toBe(20_000)
})

test('a pause, a wait for the network and a laptop asleep add nothing', () => {
  const first = listen(start(), 5)
  const paused = resumePlayed(first, { wall: first.last.wall + 60_000, position: first.last.position })
  expect(playedMs(listen(paused, 5))).toBe(10_000)
  const slept = hear(first, { wall: first.last.wall + 8 * 3600_000, position: first.last.position + 100 })
  expect(playedMs(slept)).toBe(5100)
})

test('double speed counts the time that it took, half speed the music that was heard', () => {
  expect(playedMs(listen(start(), 10, 2))).toBe(10_000)
  expect(playedMs(listen(start(), 10, 0.5))).toBe(5000)
})

test('readings that come unevenly lose nothing', () => {
  let played = start()
  for (let i = 1; i <= 40; i++)
    played = hear(played, { wall: 1000 + i * 250 + (i % 2 ? 90 : 0), position: i * 250 + (i % 3 ? 0 : 60) })
  expect(playedMs(played)).toBe(10_000)
})

test('whatever one does, no more is counted than the time that passed, and it never shrinks', () => {
  const step = fc.record({
    wall: fc.nat(5000),
    position: fc.integer({ min: -200_000, max: 200_000 }),
    heard: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let played = start()
      let before = 0
      for (const { wall, position, heard } of steps) {
        const now = { wall: played.last.wall + wall, position: Math.max(0, played.last.position + position) }
        played = heard ? hear(played, now) : resumePlayed(played, now)
        // Within one stretch a jump back of under a second may take back what it repeats.
        expect(playedMs(played)).toBeGreaterThanOrEqual(before - 1000)
        before = playedMs(played)
      }
      expect(playedMs(played)).toBeLessThanOrEqual(played.last.wall - 1000)
    }),
  )
})

test('a listen: half the track or four minutes, of more than thirty seconds', () => {
  expect(isListen(89_999, 180_000)).toBe(false)
  expect(isListen(90_000, 180_000)).toBe(true)
  expect(isListen(240_000, 3_600_000)).toBe(true)
  expect(isListen(30_000, 30_000)).toBe(false)
})
