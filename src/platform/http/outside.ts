import { lookup as resolve } from 'node:dns'
import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** What is nobody's on the public network: this machine, private networks, links, documentation, multicast (IANA's special-purpose registries). */
const PRIVATE = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv6')

export const isPrivateAddress = (address: string): boolean => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return isPrivateAddress(mapped)
  const family = isIP(address)
  return family === 0 || PRIVATE.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** A place that is tried on one's own machine may speak to that machine; one on the public network never speaks to private addresses. */
const mayBePrivate = (baseUrl: string) => LOCAL.test(new URL(baseUrl).hostname)

export type Outgoing = {
  url: string
  method: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string | Buffer
  /** Of the whole exchange. */
  timeoutMs: number
  /** More of an answer than this is not read. */
  maxBytes: number
}

/** The other side is nobody's that may be spoken to, or it did not answer. */
export class Unreachable extends Error {}

/**
 * Asks an address that a stranger named. Names are resolved here and private addresses refused in the moment of connecting, so that nobody makes
 * this machine speak to its own neighbours (SSRF); redirects are not followed.
 */
export function askOutside(baseUrl: string, outgoing: Outgoing): Promise<{ status: number; body: Buffer }> {
  const { url, method, headers, body, timeoutMs, maxBytes } = outgoing
  if (!URL.canParse(url)) return Promise.reject(new Unreachable('not an address'))
  const address = new URL(url)
  if (!/^https?:$/.test(address.protocol)) return Promise.reject(new Unreachable('not an address of the web'))
  const free = mayBePrivate(baseUrl)
  const host = address.hostname.replace(/^\[|\]$/g, '')
  if (!free && isIP(host) && isPrivateAddress(host)) return Promise.reject(new Unreachable('a private address'))
  const lookup: LookupFunction = (name, options, done) =>
    resolve(name, { ...options, all: true }, (error, found) => {
      if (error) return done(error, [])
      const allowed = free ? found : found.filter((one) => !isPrivateAddress(one.address))
      if (!allowed.length) return done(new Unreachable('a private address'), [])
      const [first] = allowed
      if (options.all) done(null, allowed)
      else done(null, first?.address ?? '', first?.family)
    })
  return new Promise((done, failed) => {
    const asked = (address.protocol === 'https:' ? overHttps : overHttp)(
      address,
      { method, headers: { 'User-Agent': `Ritornello (+${baseUrl})`, ...headers }, lookup, agent: false },
      (answer) => {
        const pieces: Buffer[] = []
        let size = 0
        const end = () => done({ status: answer.statusCode ?? 0, body: Buffer.concat(pieces).subarray(0, maxBytes) })
        answer.on('data', (piece: Buffer) => {
          pieces.push(piece)
          size += piece.length
          if (size > maxBytes) {
            end()
            asked.destroy()
          }
        })
        answer.on('end', end)
        answer.on('error', failed)
      },
    )
    const late = setTimeout(() => asked.destroy(new Unreachable('no answer in time')), timeoutMs)
    asked.on('close', () => clearTimeout(late))
    asked.on('error', (error) => failed(error instanceof Unreachable ? error : new Unreachable(error.message)))
    asked.end(body)
  })
}
