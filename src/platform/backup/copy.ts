import type pg from 'pg'

/** The parts of pg's connection that COPY needs and its types do not name. */
type Wire = {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(reason: string): void
  stream: NodeJS.ReadWriteStream & { writableNeedDrain?: boolean; destroyed?: boolean }
}

const BATCH_BYTES = 64 * 1024
const HELD_BYTES = 1024 * 1024

/**
 * Runs `COPY … TO STDOUT` and yields what it sends in batches of whole rows (the protocol sends one message a row). Reading slowly holds the
 * server back: at most about a megabyte waits here. Leave the loop early only to end the client.
 */
export async function* copyOut(client: pg.ClientBase, statement: string): AsyncGenerator<Buffer, void> {
  let rows: Buffer[] = []
  let held = 0
  let over = false
  let problem: Error | null = null
  let wire: Wire | null = null
  let wake = () => undefined as unknown
  const settle = (error?: Error) => {
    problem ??= error ?? null
    over = true
    wake()
  }
  client.query(
    submittable({
      submit(connection) {
        wire = connection
        connection.query(statement)
      },
      handleCopyData({ chunk }, connection) {
        // The parser uses its memory again for what comes next.
        rows.push(Buffer.from(chunk))
        held += chunk.length
        if (held > HELD_BYTES) connection.stream.pause()
        if (held > BATCH_BYTES) wake()
      },
      handleError: (error) => settle(error),
      handleReadyForQuery: () => settle(),
    }),
  )
  for (;;) {
    if (!over && held <= BATCH_BYTES)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    if (problem) throw problem
    const batch = Buffer.concat(rows)
    rows = []
    held = 0
    const last = over
    ;(wire as Wire | null)?.stream.resume()
    if (batch.length) yield batch
    if (last) return
  }
}

/** Runs `COPY … FROM STDIN` with these bytes, as slowly as the server takes them. Resolves with the number of rows. */
export function copyIn(client: pg.ClientBase, statement: string, source: AsyncIterable<Buffer>): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = 0
    let problem: Error | null = null
    client.query(
      submittable({
        submit: (connection) => connection.query(statement),
        handleCopyInResponse(connection) {
          send(connection, source, () => problem !== null).then(
            () => connection.endCopyFrom(),
            (error: Error) => {
              problem ??= error
              connection.sendCopyFail('the source ended early')
            },
          )
        },
        handleCommandComplete({ text }) {
          rows = Number(/^COPY (\d+)/.exec(text)?.[1] ?? 0)
        },
        handleError(error) {
          problem ??= error
          reject(problem)
        },
        handleReadyForQuery: () => (problem ? reject(problem) : resolve(rows)),
      }),
    )
  })
}

async function send(connection: Wire, source: AsyncIterable<Buffer>, stopped: () => boolean): Promise<void> {
  for await (const chunk of source) {
    if (stopped() || connection.stream.destroyed) return
    connection.sendCopyFromChunk(chunk)
    if (connection.stream.writableNeedDrain)
      await new Promise<void>((resolve) => {
        const go = () => {
          connection.stream.off('drain', go).off('close', go)
          resolve()
        }
        connection.stream.on('drain', go).on('close', go)
      })
  }
}

type Handlers = {
  submit(connection: Wire): void
  handleCopyData?(message: { chunk: Buffer }, connection: Wire): void
  handleCopyInResponse?(connection: Wire): void
  handleCommandComplete?(message: { text: string }): void
  handleError(error: Error): void
  handleReadyForQuery(): void
}

const nothing = () => undefined

/** What pg calls on a query of its own kind, those that COPY does not use included. */
const submittable = (handlers: Handlers) =>
  ({
    handleRowDescription: nothing,
    handleDataRow: nothing,
    handlePortalSuspended: nothing,
    handleEmptyQuery: nothing,
    handleCommandComplete: nothing,
    ...handlers,
  }) as unknown as pg.Submittable
