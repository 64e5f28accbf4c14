import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { fail, ok, type Result } from '../../../../platform/result.ts'
import {
  COMMAND,
  createFramer,
  type Deliver,
  type Pdu,
  RESPONSE,
  readDeliver,
  readText,
  STATUS,
  writeBind,
  writePdu,
} from './pdu.ts'

export type SessionSettings = {
  host: string
  port: number
  tls: boolean
  /** A certificate authority of the network's own, as PEM. */
  ca?: string
  systemId: string
  password: string
  systemType: string
  /** How many messages may be without an answer at once. */
  window: number
  /** How long an answer may take, a silence last before we ask whether anybody is there, a throttled network rest. */
  answerMs: number
  enquireMs: number
  throttleMs: number
}

export type Answer =
  | { is: 'answered'; status: number; messageId: string }
  /** It left, and no answer came. */
  | { is: 'lost'; reason: string }
  /** It never left. */
  | { is: 'unsent'; reason: string }

export type SmppSession = {
  readonly isOpen: boolean
  /** Sends when the window has room, unless `beginBefore` has passed by then or `signal` was given. */
  submit(body: Buffer, limits: { beginBefore: Date; signal: AbortSignal }): Promise<Answer>
  /** Why it ended. */
  readonly ended: Promise<string>
  /** Waits for the answers that are due, says goodbye, and ends. */
  close(): Promise<void>
}

export type SessionProblem = {
  problem: string /** What the network answered to our name and password. */
  status: number | null
}

/** More than this at once, and the network is told to keep what it has for a while. */
const MOST_UNANSWERED = 5_000

/**
 * Binds as transceiver (SMPP 3.4, 2.2). What comes in is given to `onDeliver`, and answered with the status that it resolves to: ok only once it is
 * kept. Our own code because the npm client goes deaf after one broken message, never forgets who waits for an answer, and knows no time limit.
 */
export function openSession(
  settings: SessionSettings,
  onDeliver: (deliver: Deliver) => Promise<number>,
): Promise<Result<SmppSession, SessionProblem>> {
  const { host, port, window, answerMs, enquireMs, throttleMs } = settings
  type Waiter = { body: Buffer; beginBefore: number; signal: AbortSignal; resolve: (answer: Answer) => void }
  const waiting: Waiter[] = []
  /** In the order in which they left, so that the first is the oldest. */
  const pending = new Map<number, { at: number; resolve: (answer: Answer) => void }>()
  const ended = Promise.withResolvers<string>()
  const bound = Promise.withResolvers<Result<SmppSession, SessionProblem>>()
  let state: 'binding' | 'open' | 'leaving' | 'ended' = 'binding'
  let sequence = 0
  let allowed = window
  let good = 0
  let restsUntil = 0
  let lastHeard = Date.now()
  let enquiring: number | null = null
  let delivering = 0
  let goodbye: (() => void) | null = null
  let outgoing: Buffer[] = []

  const socket: Socket = settings.tls
    ? connectTls({ host, port, servername: host, ...(settings.ca !== undefined && { ca: settings.ca }) })
    : connectPlain({ host, port })
  socket.setNoDelay(true)
  socket.once(settings.tls ? 'secureConnect' : 'connect', () => write(COMMAND.bindTransceiver, writeBind(settings)))
  socket.on('error', (error) => end(error.message))
  socket.on('close', () => end('the connection was closed'))
  const frame = createFramer()
  socket.on('data', (chunk) => {
    try {
      for (const pdu of frame(chunk)) hear(pdu)
    } catch (error) {
      end(error instanceof Error ? error.message : String(error))
    }
  })
  const watch = setInterval(look, Math.max(10, Math.min(1_000, answerMs / 4, enquireMs / 4)))

  function end(reason: string): void {
    if (state === 'ended') return
    state = 'ended'
    clearInterval(watch)
    socket.destroy()
    goodbye?.()
    bound.resolve(fail({ problem: reason, status: null }))
    for (const { resolve } of waiting.splice(0)) resolve({ is: 'unsent', reason })
    for (const { resolve } of pending.values()) resolve({ is: 'lost', reason })
    pending.clear()
    ended.resolve(reason)
  }

  /** No message more; those that left may still be answered. */
  function leave(reason: string): void {
    if (state !== 'open') return
    state = 'leaving'
    for (const { resolve } of waiting.splice(0)) resolve({ is: 'unsent', reason })
  }

  function nextSequence(): number {
    do sequence = sequence >= 0x7fffffff ? 1 : sequence + 1
    while (pending.has(sequence))
    return sequence
  }

  function write(command: number, body: Buffer, { status = 0, sequence = nextSequence() } = {}): number {
    if (outgoing.length === 0) setImmediate(flush)
    outgoing.push(writePdu({ command, status, sequence, body }))
    return sequence
  }

  function flush(): void {
    const octets = Buffer.concat(outgoing)
    outgoing = []
    if (!socket.destroyed) socket.write(octets)
  }

  function flow(): void {
    if (state !== 'open') return
    const now = Date.now()
    while (waiting.length > 0 && pending.size < allowed && now >= restsUntil) {
      const { body, beginBefore, signal, resolve } = waiting.shift() as Waiter
      if (signal.aborted || now >= beginBefore) resolve({ is: 'unsent', reason: 'no time was left' })
      else pending.set(write(COMMAND.submitSm, body), { at: now, resolve })
    }
  }

  function look(): void {
    const now = Date.now()
    if (state === 'binding') {
      if (now - lastHeard > answerMs) end('no answer')
      return
    }
    for (const [number, { at, resolve }] of pending) {
      if (now - at < answerMs) break
      pending.delete(number)
      resolve({ is: 'lost', reason: 'no answer' })
    }
    if (enquiring !== null && now - enquiring > answerMs) end('nobody answers any more')
    if (state === 'ended') return
    if (enquiring === null && now - lastHeard > enquireMs) {
      enquiring = now
      write(COMMAND.enquireLink, Buffer.alloc(0))
    }
    for (let at = waiting.length - 1; at >= 0; at--) {
      const one = waiting[at] as Waiter
      if (!one.signal.aborted && now < one.beginBefore) continue
      waiting.splice(at, 1)
      one.resolve({ is: 'unsent', reason: 'no time was left' })
    }
    flow()
  }

  function hear(pdu: Pdu): void {
    lastHeard = Date.now()
    enquiring = null
    const { command, sequence } = pdu
    if (command === COMMAND.submitSm + RESPONSE) hearAnswer(pdu, readText(pdu.body))
    else if (command === COMMAND.deliverSm) hearDeliver(pdu)
    else if (command === COMMAND.enquireLink) write(command + RESPONSE, Buffer.alloc(0), { sequence })
    else if (state === 'binding' && (command === COMMAND.bindTransceiver + RESPONSE || command === COMMAND.genericNack))
      hearBound(pdu)
    else if (command === COMMAND.genericNack) hearAnswer(pdu, '')
    else if (command === COMMAND.unbind) hearGoodbye(sequence)
    else if (command === COMMAND.unbind + RESPONSE) goodbye?.()
    else if (command < RESPONSE)
      write(COMMAND.genericNack, Buffer.alloc(0), { status: STATUS.invalidCommandId, sequence })
  }

  function hearGoodbye(sequence: number): void {
    leave('the network said goodbye')
    write(COMMAND.unbind + RESPONSE, Buffer.alloc(0), { sequence })
    // Answers to what left before may still come.
    setTimeout(() => end('the network said goodbye'), Math.min(2_000, answerMs)).unref()
  }

  function hearBound({ status }: Pdu): void {
    if (status === STATUS.ok) {
      state = 'open'
      bound.resolve(ok(session))
    } else {
      bound.resolve(fail({ problem: `the network refused the name or password (${hex(status)})`, status }))
      end('refused')
    }
  }

  function hearAnswer({ status, sequence }: Pdu, messageId: string): void {
    const one = pending.get(sequence)
    if (!one) return
    pending.delete(sequence)
    if (isTemporary(status)) {
      // Half as many at once, and a rest: what is refused for now comes back later, and not at once.
      allowed = Math.max(1, Math.floor(allowed / 2))
      good = 0
      restsUntil = Date.now() + throttleMs
      setTimeout(flow, throttleMs + 1).unref()
    } else if (allowed < window && ++good >= allowed) {
      allowed++
      good = 0
    }
    one.resolve({ is: 'answered', status, messageId })
    flow()
  }

  function hearDeliver({ sequence, body }: Pdu): void {
    const answer = (status: number) => {
      if (state !== 'ended') write(COMMAND.deliverSm + RESPONSE, Buffer.alloc(1), { status, sequence })
    }
    const deliver = delivering < MOST_UNANSWERED ? tryReading(body) : STATUS.queueFull
    if (typeof deliver === 'number') {
      answer(deliver)
      return
    }
    delivering++
    void onDeliver(deliver)
      .catch(() => STATUS.temporaryAppError)
      .then((status) => {
        delivering--
        answer(status)
      })
  }

  const session: SmppSession = {
    get isOpen() {
      return state === 'open'
    },
    submit: (body, { beginBefore, signal }) => {
      if (state !== 'open') return Promise.resolve({ is: 'unsent', reason: 'the session has ended' })
      return new Promise((resolve) => {
        waiting.push({ body, beginBefore: beginBefore.getTime(), signal, resolve })
        flow()
      })
    },
    ended: ended.promise,
    async close() {
      leave('it is being closed')
      const until = Date.now() + answerMs
      while (state === 'leaving' && (pending.size > 0 || delivering > 0) && Date.now() < until) await pause(20)
      if (state === 'leaving') {
        await new Promise<void>((resolve) => {
          goodbye = resolve
          write(COMMAND.unbind, Buffer.alloc(0))
          setTimeout(resolve, Math.min(2_000, answerMs)).unref()
        })
      }
      end('closed')
    },
  }
  return bound.promise
}

function tryReading(body: Buffer): Deliver | number {
  try {
    return readDeliver(body)
  } catch {
    return STATUS.invalidLength
  }
}

/** Refused for now: the same may be sent again later. */
export const isTemporary = (status: number): boolean =>
  [STATUS.throttled, STATUS.queueFull, STATUS.systemError, STATUS.temporaryAppError].includes(
    status as (typeof STATUS)['throttled'],
  )

export const hex = (status: number): string => `0x${status.toString(16).padStart(8, '0').toUpperCase()}`

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
