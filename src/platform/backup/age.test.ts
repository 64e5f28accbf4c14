import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { ageDecrypt, ageEncrypt } from './age.ts'

const PASSPHRASE = 'correct horse battery staple'
const QUICK = 10

async function* pieces(bytes: Buffer, size = 10_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const lock = (plain: Buffer) => buffer(ageEncrypt(pieces(plain), PASSPHRASE, QUICK))
const unlock = (sealed: Buffer, passphrase = PASSPHRASE) => buffer(ageDecrypt(pieces(sealed), passphrase))

test('what is locked opens with its passphrase, at every length around a chunk', async () => {
  for (const length of [0, 1, 65_535, 65_536, 65_537, 131_072, 300_000]) {
    const plain = randomBytes(length)
    expect((await unlock(await lock(plain))).equals(plain)).toBe(true)
  }
})

test('another passphrase is told apart from a damaged file', async () => {
  const sealed = await lock(randomBytes(200_000))
  await expect(unlock(sealed, 'another passphrase')).rejects.toThrow('does not open this backup')
  const altered = Buffer.from(sealed)
  altered[100_000] = (altered[100_000] ?? 0) ^ 1
  await expect(unlock(altered)).rejects.toThrow('damaged')
})

test('one that is cut, even between two chunks, is damaged', async () => {
  const sealed = await lock(randomBytes(200_000))
  const head = sealed.indexOf('\n--- ') + '\n--- '.length + 43 + 1 + 16
  for (const end of [head + 65_552, head + 2 * 65_552, sealed.length - 1, 30])
    await expect(unlock(sealed.subarray(0, end))).rejects.toThrow('damaged')
})

test('it opens what the program age 1.1 made', async () => {
  expect((await unlock(Buffer.from(MADE_BY_AGE, 'base64'))).toString()).toBe('hello from age\n')
})

const MADE_BY_AGE = [
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBGTkk4TnlieUZ3SlpYeDJlNlR3UmVRIDE4CkJweXlGR2xvNTlTVEpWV0Ev',
  'dXpPYWxYVWNUQWtzSUYyVm9EdmVzVlNwTEEKLS0tIFhKMGMyZWpBeWRQaW5kYlh1SmUrbGVnRWw2Q3ZwVTd0Y29uQ3h4SHFiQm8K',
  'mAClOU6R5WBuDQL4838LzP1qbIw9y3h7NuOFpast4adguJ3T8Q3O38yaNXocXrk=',
].join('')
