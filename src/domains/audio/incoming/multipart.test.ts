import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundaryOf, MultipartCut, readMultipart } from './multipart.ts'

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function parts(bytes: Uint8Array, boundary: string, size = 7) {
  const found: { name: string; fileName: string | null; text: Buffer }[] = []
  for await (const { name, fileName, body } of readMultipart(inPieces(bytes, size), boundary)) {
    const pieces: Buffer[] = []
    for await (const piece of body) pieces.push(Buffer.from(piece))
    found.push({ name, fileName, text: Buffer.concat(pieces) })
  }
  return found
}

/** The bytes of a form, as the platform's own FormData writes them. */
async function written(form: FormData) {
  const response = new Response(form)
  const boundary = boundaryOf(response.headers.get('content-type') ?? '') ?? ''
  return { boundary, bytes: new Uint8Array(await response.arrayBuffer()) }
}

describe('a form with files', () => {
  test('is read part after part, whatever the size of the pieces in which it comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 64 }),
        async (files, size) => {
          const form = new FormData()
          for (const [i, bytes] of files.entries())
            form.append('files', new Blob([bytes as Uint8Array<ArrayBuffer>]), `Album/0${i} Été.wav`)
          form.append('word', 'a\r\n--b')
          const { boundary, bytes } = await written(form)
          const found = await parts(bytes, boundary, size)
          expect(found.map(({ fileName }) => fileName)).toEqual([...files.map((_, i) => `Album/0${i} Été.wav`), null])
          expect(found.slice(0, -1).map(({ text }) => [...text])).toEqual(files.map((file) => [...file]))
          expect(found.at(-1)?.text.toString()).toBe('a\r\n--b')
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a part that nobody reads is skipped', async () => {
    const form = new FormData()
    form.append('files', new Blob(['x'.repeat(1000)]), 'a "quoted".wav')
    form.append('files', new Blob(['second']), 'b.wav')
    const { boundary, bytes } = await written(form)
    const names: (string | null)[] = []
    for await (const { fileName } of readMultipart(inPieces(bytes, 50), boundary)) names.push(fileName)
    expect(names).toEqual(['a "quoted".wav', 'b.wav'])
  })

  test('that breaks off says so', async () => {
    const form = new FormData()
    form.append('files', new Blob(['x'.repeat(1000)]), 'a.wav')
    const { boundary, bytes } = await written(form)
    await expect(parts(bytes.subarray(0, 600), boundary)).rejects.toThrow(MultipartCut)
  })

  test('is told by its content type alone', () => {
    expect(boundaryOf('multipart/form-data; boundary="a b"')).toBe('a b')
    expect(boundaryOf('application/x-www-form-urlencoded')).toBeNull()
    expect(boundaryOf(undefined)).toBeNull()
  })
})
