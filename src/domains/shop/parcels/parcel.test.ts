import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readTracking } from './carrier.rules.ts'
import { grouped, type Known, leftOf } from './parcel.rules.ts'

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

test('what is left to send is what was bought, less what is on its way; nothing of what was given back or withdrawn from, nor of what weighs nothing', () => {
  const none: Known = { parts: [], withdrawn: [] }
  const packed = { kind: 'order', isSent: false } as const
  const line = { position: 0, quantity: 3, gross: 600, refunded: 0, weight: 300 }
  expect(
    leftOf(line, {
      ...none,
      parts: [
        { position: 0, quantity: 2, ...packed },
        { position: 1, quantity: 9, ...packed },
      ],
    }),
  ).toBe(1)
  expect(leftOf({ ...line, refunded: 600 }, none)).toBe(0)
  expect(leftOf({ ...line, refunded: 599 }, none)).toBe(3)
  expect(leftOf({ ...line, weight: null }, none)).toBe(0)
  expect(leftOf({ ...line, gross: 0 }, none)).toBe(3)
  expect(leftOf(line, { ...none, withdrawn: [0] })).toBe(0)
  expect(leftOf(line, { ...none, withdrawn: [1] })).toBe(3)
})

test('whatever is packed, sent and taken out: never more left than sold and replaced, and nothing that was kept back', () => {
  const step = fc.record({
    what: fc.constantFrom(
      'order' as const,
      'replacement' as const,
      'send' as const,
      'unpack' as const,
      'keep' as const,
    ),
    quantity: fc.integer({ min: 1, max: 4 }),
    which: fc.nat({ max: 6 }),
    isWithdrawal: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 30 }), (quantity, steps) => {
      const line = { position: 0, quantity, gross: 600, refunded: 0, weight: 300 }
      const withdrawn: number[] = []
      let parts: Known['parts'] = []
      const sent = (kind: 'order' | 'replacement') =>
        parts.reduce((sum, part) => sum + (part.kind === kind && part.isSent ? part.quantity : 0), 0)
      let replaced = 0
      for (const { what, which, isWithdrawal, ...step } of steps) {
        const waiting = parts.filter(({ isSent }) => !isSent)
        const one = waiting[which % Math.max(1, waiting.length)]
        if (what === 'keep') {
          if (isWithdrawal) withdrawn.push(0)
          else line.refunded = line.gross
        } else if (what === 'send') {
          if (!one || withdrawn.length > 0 || line.refunded > 0) continue
          one.isSent = true
          if (one.kind === 'replacement') replaced += one.quantity
        } else if (what === 'unpack') parts = parts.filter((part) => part !== one)
        else if (step.quantity <= leftOf(line, { parts, withdrawn }, what))
          parts.push({ position: 0, quantity: step.quantity, kind: what, isSent: false })
        const kept = withdrawn.length > 0 || line.refunded > 0
        for (const kind of ['order', 'replacement'] as const) {
          const left = leftOf(line, { parts, withdrawn }, kind)
          expect(left).toBeGreaterThanOrEqual(0)
          if (kept) expect(left).toBe(0)
        }
        expect(sent('order') + sent('replacement')).toBeLessThanOrEqual(quantity + replaced)
        const waitingAgain = parts.reduce(
          (n, part) => n + (part.kind === 'replacement' && !part.isSent ? part.quantity : 0),
          0,
        )
        expect(waitingAgain).toBeLessThanOrEqual(sent('order'))
      }
    }),
  )
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
