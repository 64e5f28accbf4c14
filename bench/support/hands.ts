/** So many times, some at once. */
export async function inTurn<T>(count: number, atOnce: number, act: (n: number) => Promise<T>): Promise<T[]> {
  const made: T[] = new Array(count)
  let next = 0
  const hand = async () => {
    for (let n = next++; n < count; n = next++) made[n] = await act(n)
  }
  await Promise.all(Array.from({ length: atOnce }, hand))
  return made
}
