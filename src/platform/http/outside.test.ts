import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { askOutside, isPrivateAddress } from './outside.ts'

const asking = { method: 'GET', timeoutMs: 1_000, maxBytes: 10 } as const

test('addresses that are nobody’s on the public network are known in every spelling', () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.1.1',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    '0.0.0.0',
  ])
    expect(isPrivateAddress(address), address).toBe(true)
  for (const address of ['9.9.9.9', '2620:fe::9']) expect(isPrivateAddress(address), address).toBe(false)
})

test('a place on the web does not speak to its own neighbours, by number or by name; one tried at home does', async () => {
  let asked = 0
  const server = createServer((_, response) => {
    asked++
    response.end('a long answer, longer than is read')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433'])
    await expect(askOutside('https://music.example', { ...asking, url: `http://${host}:${port}/` })).rejects.toThrow(
      'private',
    )
  expect(asked).toBe(0)
  const { status, body } = await askOutside('http://localhost:4000', { ...asking, url: `http://127.0.0.1:${port}/` })
  expect([status, body.toString()]).toEqual([200, 'a long ans'])
  server.close()
})

test('who never answers is given up', async () => {
  const server = createServer(() => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/`
  await expect(askOutside('http://localhost', { ...asking, timeoutMs: 50, url })).rejects.toThrow('no answer in time')
  server.closeAllConnections()
  server.close()
})
