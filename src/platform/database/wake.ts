import type pg from 'pg'

/** Written in a statement that adds a job: workers are told once its transaction is committed, and not by it. */
export const WAKES = '/* wakes workers */'

const EACH_MS = 5

/**
 * Tells the workers of jobs that were added by statements with {@link WAKES}, a moment after each was committed, many in one notice. Should this process die before they are told, they
 * find it when they look by themselves, every two seconds. Answers with what every new connection of the pool is given to.
 */
export function wakeWorkers(pool: () => pg.Pool): (client: pg.ClientBase) => void {
  let added = 0
  let isDue = false
  const tell = () => {
    isDue = false
    const count = added
    added = 0
    if (pool().ending) return
    pool()
      .query("select pg_notify('jobs:insert', json_build_object('r', random(), 'count', $1::int)::text)", [count])
      .catch(() => undefined)
  }
  return (client) => {
    type Ask = (...all: unknown[]) => unknown
    const ask = client.query.bind(client) as Ask
    let [isWithin, waiting] = [false, 0]
    /** Once the statement has been carried out. */
    const after = (text: string) => {
      if (text.includes(WAKES)) waiting++
      if (/^(begin|start transaction)\b/i.test(text)) isWithin = true
      else if (/^(commit|rollback)$/i.test(text)) {
        isWithin = false
        if (/^rollback$/i.test(text)) waiting = 0
      }
      if (isWithin || waiting === 0) return
      added += waiting
      waiting = 0
      if (isDue) return
      isDue = true
      setTimeout(tell, EACH_MS).unref()
    }
    const asking: Ask = (query, ...rest) => {
      const answer = ask(query, ...rest)
      if (typeof query !== 'string' || !(answer instanceof Promise)) return answer
      return answer.then((result) => {
        after(query)
        return result
      })
    }
    client.query = asking as typeof client.query
  }
}
