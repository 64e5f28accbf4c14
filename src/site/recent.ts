/** Keeps what was made last, up to so many bytes; the same thing asked for twice at once is made once. */
export function recent<T>(most: number, sizeOf: (value: T) => number) {
  const kept = new Map<string, T>()
  const underWay = new Map<string, Promise<T>>()
  let held = 0

  return async (key: string, make: () => Promise<T>): Promise<T> => {
    const found = kept.get(key)
    if (found !== undefined) {
      kept.delete(key)
      kept.set(key, found)
      return found
    }
    const going = underWay.get(key) ?? make().finally(() => underWay.delete(key))
    underWay.set(key, going)
    const value = await going
    if (!kept.has(key)) {
      kept.set(key, value)
      held += sizeOf(value)
    }
    for (const [oldest, old] of kept) {
      if (held <= most) break
      kept.delete(oldest)
      held -= sizeOf(old)
    }
    return value
  }
}
