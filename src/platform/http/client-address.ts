import { BlockList, isIP } from 'node:net'

/**
 * Who really asks, behind the proxies that the host trusts (addresses or CIDR ranges): the last address of
 * X-Forwarded-For that no trusted proxy added. The address serves limits only and is never stored.
 */
export function clientAddressReader(trusted: string[]): (peer: string, forwardedFor: string | undefined) => string {
  const proxies = new BlockList()
  for (const entry of trusted) {
    const [address = '', bits] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (!isIP(address)) throw new Error(`TRUSTED_PROXIES: ${entry} is not an address`)
    if (bits === undefined) proxies.addAddress(address, family)
    else proxies.addSubnet(address, Number(bits), family)
  }
  const isTrusted = (address: string) =>
    isIP(address) > 0 && proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return (peer, forwardedFor) => {
    let at = plain(peer)
    const hops = (forwardedFor ?? '')
      .split(',')
      .map((hop) => plain(hop.trim()))
      .filter((hop) => isIP(hop))
    while (isTrusted(at) && hops.length) at = hops.pop() as string
    return at
  }
}

const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/, '')
