import { expect, test } from 'vitest'
import { readTracking } from './carrier.rules.ts'
import { grouped, leftOf } from './parcel.rules.ts'

const at = (name: string, country: string, street = '1 quai Sud') => ({
  home: 'FR',
  address: { name, lines: [street], postcode: '44000', city: 'Nantes', region: '', country },
})

test('two orders of one person at one place go together, however they are typed; the own country comes first', () => {
  const rows = [at('Ann Poe', 'US'), at('Lise Morel', 'FR'), at('lise  morel', 'FR', '1, Quai Sud'), at('Bo', 'DE')]
  expect(grouped(rows).map((group) => group.map(({ address }) => address.name))).toEqual([
    ['Lise Morel', 'lise  morel'],
    ['Bo'],
    ['Ann Poe'],
  ])
})

test('what is left to send is what was bought, less what is on its way; nothing of what was given back, nor of what weighs nothing', () => {
  const line = { position: 0, quantity: 3, gross: 600, refunded: 0, weight: 300 }
  expect(
    leftOf(line, [
      { position: 0, quantity: 2 },
      { position: 1, quantity: 9 },
    ]),
  ).toBe(1)
  expect(leftOf({ ...line, refunded: 600 }, [])).toBe(0)
  expect(leftOf({ ...line, refunded: 599 }, [])).toBe(3)
  expect(leftOf({ ...line, weight: null }, [])).toBe(0)
  expect(leftOf({ ...line, gross: 0 }, [])).toBe(3)
})

test('a number is read as people copy it; a link of one’s own has to be safe to send', () => {
  expect(readTracking({ carrier: 'laposte', tracking: '6a 123-456', link: '' })).toEqual({
    carrier: 'laposte',
    tracking: '6A123456',
    link: 'https://www.laposte.fr/outils/suivre-vos-envois?code=6A123456',
  })
  expect(readTracking({ carrier: 'pigeon', tracking: '7', link: '' })).toEqual({
    carrier: '',
    tracking: '7',
    link: null,
  })
  expect(readTracking({ carrier: '', tracking: '', link: 'https://post.example/7' })).toMatchObject({
    link: 'https://post.example/7',
  })
  expect(readTracking({ carrier: 'ups', tracking: '<1>', link: '' })).toEqual({ problem: 'tracking' })
  for (const link of ['http://post.example', 'javascript:alert(1)', 'https://a:b@post.example', 'no'])
    expect(readTracking({ carrier: '', tracking: '', link })).toEqual({ problem: 'link' })
})
