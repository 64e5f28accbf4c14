/** A place in a page's music: `track` counts from 1 as sleeves do, and is null where the address names none. */
export type DeepLink = { track: number | null; seconds: number }

/**
 * Reads the fragment of an address: `#t=83`, `#t=1:23`, `#time=1m23s`, `#track=3`, `#track=3&time=20s`.
 * Null when it speaks of something else, so that an ordinary anchor stays one.
 */
export function readDeepLink(hash: string): DeepLink | null {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  const time = fields.get('t') ?? fields.get('time')
  const track = /^[1-9]\d{0,3}$/.exec(fields.get('track') ?? '')
  const seconds = time === null ? null : readSeconds(time)
  if (!track && seconds === null) return null
  return { track: track ? Number(track[0]) : null, seconds: seconds ?? 0 }
}

/** `83`, `83.5`, `83s`, `1m23s`, `1h2m`, `1:23` and `1:02:03` in seconds; null for anything else. */
export function readSeconds(text: string): number | null {
  const parts =
    /^(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)$/.exec(text) ?? /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(text)
  if (!parts || !text) return null
  const [, hours = 0, minutes = 0, seconds = 0] = parts
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

/** The address of a track's page at one second, in full. */
export function linkAtSecond(trackUrl: string, seconds: number, base: string): string {
  const url = new URL(trackUrl, base)
  url.hash = `t=${Math.floor(seconds)}`
  return url.href
}
