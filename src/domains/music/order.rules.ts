/** Where a track stands: both count from 1. */
export type Place = { id: string; disc: number; position: number }

const inOrder = <T extends Place>(places: readonly T[]): T[] =>
  [...places].sort((a, b) => a.disc - b.disc || a.position - b.position)

/** The same order with discs numbered 1..n without holes, and positions 1..n on each disc. */
export function renumber<T extends Place>(places: readonly T[]): T[] {
  const discs = [...new Set(inOrder(places).map((place) => place.disc))]
  const counts = new Map<number, number>()
  return inOrder(places).map((place) => {
    const disc = discs.indexOf(place.disc) + 1
    const position = (counts.get(disc) ?? 0) + 1
    counts.set(disc, position)
    return { ...place, disc, position }
  })
}

export type Move = 'up' | 'down' | 'first' | 'last'

/**
 * Moves one track a step in its release. At the edge of a disc it goes over to the next one, where it stands first or last; from the
 * last disc nothing goes further down.
 */
export function moveTrack<T extends Place>(places: readonly T[], id: string, move: Move): T[] {
  const tracks = renumber(places)
  const from = tracks.findIndex((track) => track.id === id)
  const moved = tracks[from]
  if (!moved) return tracks
  const rest = tracks.filter((track) => track.id !== id)
  if (move === 'first') return renumber(insert(rest, 0, { ...moved, disc: 1 }))
  if (move === 'last') return renumber(insert(rest, rest.length, { ...moved, disc: tracks.at(-1)?.disc ?? 1 }))
  const neighbour = tracks[move === 'up' ? from - 1 : from + 1]
  if (!neighbour) return tracks
  if (neighbour.disc !== moved.disc) return renumber(insert(rest, from, { ...moved, disc: neighbour.disc }))
  return renumber(insert(rest, move === 'up' ? from - 1 : from + 1, moved))
}

/** Puts a track at a place. A disc one past the last is a new one; a position past the end is the last; holes close. */
export function placeTrack<T extends Place>(places: readonly T[], id: string, disc: number, position: number): T[] {
  const tracks = renumber(places)
  const moved = tracks.find((track) => track.id === id)
  if (!moved) return tracks
  const rest = renumber(tracks.filter((track) => track.id !== id))
  const last = Math.max(0, ...rest.map((track) => track.disc))
  const target = Math.min(Math.max(1, Math.trunc(disc)), last + 1)
  return renumber([...rest, { ...moved, disc: target, position: Math.max(1, Math.trunc(position)) - 0.5 }])
}

/** The order that a person set by hand, one list a disc. Null when it is not the same tracks: somebody added or took one off. */
export function arrange<T extends Place>(places: readonly T[], discs: readonly (readonly string[])[]): T[] | null {
  const byId = new Map(places.map((place) => [place.id, place]))
  const ids = discs.flat()
  if (ids.length !== places.length || new Set(ids).size !== ids.length || !ids.every((id) => byId.has(id))) return null
  return renumber(
    discs.flatMap((disc, d) => disc.map((id, index) => ({ ...(byId.get(id) as T), disc: d + 1, position: index + 1 }))),
  )
}

/** Puts a track back where it stood, as near as the others allow. */
export function putBack<T extends Place>(places: readonly T[], track: T): T[] {
  const tracks = renumber(places)
  const lastDisc = Math.max(1, ...tracks.map((t) => t.disc))
  const place = { ...track, disc: Math.min(track.disc, lastDisc), position: track.position - 0.5 }
  return renumber([...tracks, place])
}

const insert = <T extends Place>(tracks: T[], at: number, track: T): T[] =>
  [...tracks.slice(0, at), track, ...tracks.slice(at)].map((t, index) => ({ ...t, position: index }))
