import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { mostOfForm } from './files.rules.ts'
import { type Receiving, receiveEntry } from './receive-entry.ts'

const work = mkdtempSync(join(tmpdir(), 'entries-'))
afterEach(() => {
  for (const name of readdirSync(work)) rmSync(join(work, name))
})
afterAll(() => rmSync(work, { recursive: true }))

type Piece = string | Uint8Array
/** A form that comes piece by piece and does not say how long it is. */
function posted(pieces: Iterable<Piece> | AsyncIterable<Piece>): Request {
  const source = (async function* () {
    for await (const piece of pieces) yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece
  })()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await source.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
  const headers = { 'content-type': 'multipart/form-data; boundary=b' }
  return new Request('http://localhost/', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
}
const receive = (request: Request, more: Partial<Receiving> = {}) =>
  receiveEntry(request, { paths: { work } as never }, { kind: 'sound', ...more })

const text = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const HEAD = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
const END = '--b--\r\n'
const MEGABYTE = new Uint8Array(1_000_000)
const left = () => readdirSync(work)

test('texts and a file arrive, and the file is whoever receives it', async () => {
  const came = await receive(
    posted([
      text('name', 'Léa'),
      text('tag', 'a'),
      text('tag', ' b '),
      HEAD,
      'sound',
      '\r\n',
      text('title', 'Ebb'),
      END,
    ]),
  )
  expect(came).toMatchObject({ problem: null, file: { name: 'a.wav', size: 5 } })
  expect([came.form.text('name'), came.form.texts('tag'), came.form.text('title')]).toEqual(['Léa', ['a', 'b'], 'Ebb'])
  expect(left()).toHaveLength(1)
})

test('neither the number of texts nor their names are without end', async () => {
  const many = await receive(posted([HEAD, 'sound', '\r\n', ...Array(60).fill(text('x', '')), END]))
  expect(many.problem).toBe('too-large')
  expect(many.form.texts('x').length).toBeLessThan(50)
  const named = Array.from({ length: 40 }, (_, n) => text(`${n}${'x'.repeat(5_000)}`, ''))
  expect((await receive(posted([...named, END]))).problem).toBe('too-large')
  expect((await receive(posted([text('text', 'x'.repeat(100_001)), END]))).problem).toBe('too-large')
  expect(left()).toEqual([])
})

test('no more of a form is read than it may weigh, in whichever part it lies', async () => {
  for (const head of [
    'nothing before',
    '--b\r\nContent-Disposition: form-data; name="other"; filename="x"\r\n\r\n',
    HEAD,
  ]) {
    let read = 0
    const endless = function* () {
      yield head
      for (; read < 2 * mostOfForm('sound'); read += MEGABYTE.length) yield MEGABYTE
    }
    expect((await receive(posted(endless()))).problem, head).toBe('too-large')
    expect(read, head).toBeLessThan(mostOfForm('sound') + 3 * MEGABYTE.length)
    expect(left(), head).toEqual([])
  }
})

test.each([
  ['ECONNRESET', 'cut'],
  ['ABORT_ERR', 'cut'],
  ['ENOSPC', 'no-room'],
  ['EDQUOT', 'no-room'],
])('a form that ends by %s leaves no file, and says why', async (code, problem) => {
  const breaks = async function* () {
    yield HEAD
    yield 'sound\r\n'
    yield text('name', 'Léa')
    yield text('title', 'Ebb')
    throw Object.assign(new Error(code), { code })
  }
  const came = await receive(posted(breaks()))
  expect([came.problem, came.file, came.form.text('name')]).toEqual([problem, null, 'Léa'])
  expect(left()).toEqual([])
})

test('a form that ends by what nobody expects leaves no file either', async () => {
  const breaks = async function* () {
    yield `${HEAD}sound\r\n${text('name', 'Léa')}${text('title', 'Ebb')}`
    throw new Error('unforeseen')
  }
  await expect(receive(posted(breaks()))).rejects.toThrow('unforeseen')
  expect(left()).toEqual([])
})

test('where there is no room a file is not begun, and one that fills the disk is given up; what was typed is read', async () => {
  const form = () => posted([HEAD, ...Array(70).fill(MEGABYTE), '\r\n', text('name', 'Léa'), END])
  const none = await receive(form(), { freeBytes: async () => 1_000_000_000 })
  expect([none.problem, none.form.text('name')]).toEqual(['no-room', 'Léa'])
  const full = await receive(form(), { mayKeep: false })
  expect([full.problem, full.form.text('name')]).toEqual(['no-room', 'Léa'])
  const free = [5_000_000_000, 999_999_999]
  expect((await receive(form(), { freeBytes: async () => free.shift() ?? 0 })).problem).toBe('no-room')
  expect(left()).toEqual([])
})
