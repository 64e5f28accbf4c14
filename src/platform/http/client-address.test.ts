import { expect, test } from 'vitest'
import { clientAddressReader } from './client-address.ts'

test('without a trusted proxy, what a client says of itself counts for nothing', () => {
  const addressOf = clientAddressReader([])
  expect(addressOf('203.0.113.7', '198.51.100.1')).toBe('203.0.113.7')
  expect(addressOf('::ffff:203.0.113.7', undefined)).toBe('203.0.113.7')
})

test('behind trusted proxies it is the last address that none of them added', () => {
  const addressOf = clientAddressReader(['127.0.0.1', '10.0.0.0/8'])
  expect(addressOf('127.0.0.1', '1.2.3.4, 198.51.100.1, 10.1.2.3')).toBe('198.51.100.1')
  expect(addressOf('127.0.0.1', 'nonsense')).toBe('127.0.0.1')
})

test('all addresses of one IPv6 network are one, however they are written', () => {
  const addressOf = clientAddressReader(['::1'])
  const home = '2001:db8:1:2::/64'
  expect(addressOf('2001:db8:1:2::7', undefined)).toBe(home)
  expect(addressOf('2001:0db8:0001:0002:aaaa:bbbb:cccc:dddd', undefined)).toBe(home)
  expect(addressOf('::1', '2001:db8:1:2:ffff::')).toBe(home)
  expect(addressOf('2001:db8:1:3::7', undefined)).not.toBe(home)
  expect(addressOf('fe80::1%eth0', undefined)).toBe('fe80:0:0:0::/64')
})
