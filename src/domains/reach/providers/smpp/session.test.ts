import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import {
  createFramer,
  type Deliver,
  type Pdu,
  readDeliver,
  readSmppAddress,
  smppAddress,
  writePdu,
  writeSubmit,
} from './pdu.ts'
import { isTemporary, openSession, type SmppSession } from './session.ts'
import { openSmsc, settingsFor } from './smsc.fixtures.ts'
import { LOCALHOST } from './tls.fixtures.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const network = async (options: Parameters<typeof openSmsc>[0] = {}) => {
  const smsc = await openSmsc(options)
  closing.push(() => smsc.close())
  return smsc
}
const bind = async (
  settings: Parameters<typeof openSession>[0],
  onDeliver: (deliver: Deliver) => Promise<number> = async () => 0,
): Promise<SmppSession> => {
  const opened = await openSession(settings, onDeliver)
  if (!opened.ok) throw new Error(opened.error.problem)
  closing.push(() => opened.value.close())
  return opened.value
}
const later = () => ({ beginBefore: new Date(Date.now() + 60_000), signal: new AbortController().signal })
const message = (text: string, to = '+33612345678') =>
  writeSubmit({
    source: smppAddress('Ritornello'),
    destination: smppAddress(to),
    dataCoding: 0,
    octets: Buffer.from(text),
    hasHeader: false,
    validSeconds: 86_400,
  })

test('a message arrives as it was meant, and its name comes back', async () => {
  const smsc = await network()
  const session = await bind(settingsFor(smsc))
  expect(await session.submit(message('hello'), later())).toEqual({ is: 'answered', status: 0, messageId: 'a000' })
  expect(smsc.messages[0]).toMatchObject({ from: 'Ritornello', to: '33612345678', text: 'hello', esmClass: 0 })
  expect(smsc.messages[0]?.pdu).toMatchObject({
    source_addr_ton: 5,
    dest_addr_ton: 1,
    registered_delivery: 1,
  })
  const hours = (Number(smsc.messages[0]?.pdu.validity_period) - Date.now()) / 3_600_000
  expect(hours).toBeCloseTo(24, 1)
})

test('never more without an answer than the window, and no answer goes to the wrong one', async () => {
  const held: (() => void)[] = []
  let most = 0
  const smsc = await network({
    submit: ({ session, pdu, text }) => {
      held.push(() => session.send(pdu.response({ message_id: `id-${text}` })))
      most = Math.max(most, held.length)
      // Answered in the wrong order, a window at a time.
      if (held.length === 10) for (const answer of held.splice(0).reverse()) answer()
      return 'silent'
    },
  })
  const session = await bind(settingsFor(smsc))
  const answers = await Promise.all(Array.from({ length: 500 }, (_, n) => session.submit(message(`${n}`), later())))
  expect(answers).toEqual(answers.map((_, n) => ({ is: 'answered', status: 0, messageId: `id-${n}` })))
  expect(most).toBe(10)
})

test('a refused name is a sentence and no session', async () => {
  const smsc = await network({ password: 'another' })
  const opened = await openSession(settingsFor(smsc), async () => 0)
  expect(opened).toMatchObject({ ok: false, error: { status: 0x0e } })
  const nobody = await openSession({ ...settingsFor(smsc), port: 1 }, async () => 0)
  expect(nobody).toMatchObject({ ok: false, error: { status: null, problem: expect.stringContaining('ECONNREFUSED') } })
})

test('a network that is dropped in the middle: what left is lost, what waited never left', async () => {
  const smsc = await network({
    submit: ({ session }, n) => {
      if (n < 3) return undefined
      session.destroy()
      return 'silent'
    },
  })
  const session = await bind(settingsFor(smsc, { window: 1 }))
  const answers = await Promise.all(Array.from({ length: 5 }, (_, n) => session.submit(message(`${n}`), later())))
  expect(answers.map(({ is }) => is)).toEqual(['answered', 'answered', 'lost', 'unsent', 'unsent'])
  expect(session.isOpen).toBe(false)
})

test('a network that says goodbye still answers what it had; nothing new leaves', async () => {
  const smsc = await network({
    submit: ({ session, pdu, ref }) => {
      session.unbind()
      session.once('unbind_resp', () => {
        session.send(pdu.response({ message_id: ref }))
        session.close()
      })
      return 'silent'
    },
  })
  const session = await bind(settingsFor(smsc, { window: 1 }))
  const answers = await Promise.all([session.submit(message('1'), later()), session.submit(message('2'), later())])
  expect(answers.map(({ is }) => is)).toEqual(['answered', 'unsent'])
  await session.ended
})

test('a throttled network gets half as many at once, and all of them in the end', async () => {
  let waiting = 0
  let afterwards = 0
  const smsc = await network({
    submit: ({ session, pdu, ref }, count) => {
      if (count === 8) return 0x58
      waiting++
      if (count > 40) afterwards = Math.max(afterwards, waiting)
      setImmediate(() => {
        waiting--
        session.send(pdu.response({ message_id: ref }))
      })
      return 'silent'
    },
  })
  const session = await bind(settingsFor(smsc, { window: 16 }))
  const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => session.submit(message(`${n}`), later())))
  expect(answers.filter((answer) => answer.is === 'answered' && answer.status === 0)).toHaveLength(59)
  expect(answers.filter((answer) => answer.is === 'answered' && isTemporary(answer.status))).toHaveLength(1)
  expect(afterwards).toBeLessThan(16)
})

test('no answer in time is lost; the session goes on', async () => {
  const smsc = await network({ submit: (_, n) => (n === 1 ? 'silent' : undefined) })
  const session = await bind(settingsFor(smsc, { window: 1, answerMs: 60 }))
  const answers = await Promise.all([session.submit(message('1'), later()), session.submit(message('2'), later())])
  expect(answers).toMatchObject([{ is: 'lost' }, { is: 'answered', status: 0 }])
})

test('what has no time left never leaves', async () => {
  const smsc = await network({ submit: () => 'silent' })
  const session = await bind(settingsFor(smsc, { window: 1, answerMs: 200 }))
  const stop = new AbortController()
  const first = session.submit(message('1'), later())
  const second = session.submit(message('2'), { ...later(), signal: stop.signal })
  const third = session.submit(message('3'), { ...later(), beginBefore: new Date(Date.now() + 20) })
  stop.abort()
  expect(await Promise.all([first, second, third])).toMatchObject([{ is: 'lost' }, { is: 'unsent' }, { is: 'unsent' }])
  expect(smsc.messages).toHaveLength(1)
})

test('a silence is asked about, and ends the session when nobody is there', async () => {
  const asked: number[] = []
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    const frame = createFramer()
    socket.on('data', (chunk) => {
      for (const { command, sequence } of frame(chunk)) {
        asked.push(command)
        if (command === 9)
          socket.write(writePdu({ command: 0x80000009, status: 0, sequence, body: Buffer.from('smsc\0') }))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const session = await bind(settingsFor({ port }, { enquireMs: 20, answerMs: 60 }))
  expect(await session.ended).toBe('nobody answers any more')
  expect(asked).toContain(0x15)
})

test('what comes in is answered only when it is kept, and as it was kept', async () => {
  const smsc = await network()
  const kept = Promise.withResolvers<number>()
  const heard: Deliver[] = []
  await bind(settingsFor(smsc), (deliver) => {
    heard.push(deliver)
    if (heard.length === 2) return Promise.reject(new Error('no database'))
    return kept.promise
  })
  await smsc.bound()
  const answer = smsc.deliver({ source_addr_ton: 1, source_addr: '33600000001', short_message: 'Été' })
  const second = await smsc.deliver({ source_addr: '33600000002', short_message: 'encore' })
  expect(second).toBe(0x64)
  kept.resolve(0)
  expect(await answer).toBe(0)
  expect(heard[0]).toMatchObject({ source: { ton: 1, address: '33600000001' }, dataCoding: 1 })
})

test('what is no SMPP ends the session instead of making it deaf', async () => {
  const smsc = await network()
  const session = await bind(settingsFor(smsc))
  const peer = await smsc.bound()
  peer.socket.write(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))
  expect(await session.ended).toContain('is no SMPP')
})

test('messages are cut out of the stream however it is cut', () => {
  const pdus: fc.Arbitrary<Pdu[]> = fc.array(
    fc.record({
      command: fc.nat(),
      status: fc.nat(),
      sequence: fc.nat(),
      body: fc.uint8Array({ maxLength: 300 }).map((octets) => Buffer.from(octets)),
    }),
    { maxLength: 20 },
  )
  fc.assert(
    fc.property(pdus, fc.array(fc.nat({ max: 400 })), (sent, cuts) => {
      const stream = Buffer.concat(sent.map(writePdu))
      const frame = createFramer()
      const got: Pdu[] = []
      let at = 0
      for (const cut of [...cuts, stream.length]) {
        got.push(...frame(stream.subarray(at, at + cut)))
        at += cut
      }
      expect(got).toEqual(sent)
    }),
  )
})

test('a broken message throws nothing but a RangeError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      try {
        expect(readDeliver(Buffer.from(octets)).octets.length).toBeLessThanOrEqual(octets.length)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
  )
})

test('numbers say what kind they are, and come back as E.164', () => {
  expect(smppAddress('+33612345678')).toEqual({ ton: 1, npi: 1, address: '33612345678' })
  expect(smppAddress('36123')).toEqual({ ton: 3, npi: 0, address: '36123' })
  expect(smppAddress('Nuit Verte')).toEqual({ ton: 5, npi: 0, address: 'Nuit Verte' })
  expect(readSmppAddress({ ton: 1, npi: 1, address: '33612345678' })).toBe('+33612345678')
  expect(readSmppAddress({ ton: 0, npi: 1, address: '33612345678' })).toBe('+33612345678')
  expect(readSmppAddress({ ton: 3, npi: 0, address: '36123' })).toBe('36123')
  expect(readSmppAddress({ ton: 5, npi: 0, address: 'ORANGE' })).toBe('ORANGE')
})

test('over TLS, the certificate is looked at', async () => {
  const smsc = await network({ tls: LOCALHOST })
  const settings = settingsFor(smsc, { tls: true, host: 'localhost' })
  const session = await bind({ ...settings, ca: LOCALHOST.cert })
  expect(await session.submit(message('hello'), later())).toMatchObject({ is: 'answered', status: 0 })
  const unknown = await openSession(settings, async () => 0)
  expect(unknown).toMatchObject({ ok: false, error: { problem: expect.stringContaining('self-signed') } })
})
