import { BlockList, isIP } from 'node:net'

/**
 * Who really asks, behind the proxies that the host trusts (addresses or CIDR ranges): the last address of
 * X-Forwarded-For that no trusted proxy added. The address serves limits only and is never stored. Of an IPv6 address it is the
 * network (/64): a home has 2^64 of them, and each would be a limit of its own.
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
    return isIP(at) === 6 ? networkOf(at) : at
  }
}

/** `2001:db8:1:2::7` -> `2001:db8:1:2::/64`. */
function networkOf(address: string): string {
  const [before = '', after] = (address.split('%')[0] ?? '').split('::')
  const groups = (text: string | undefined) => (text ? text.split(':') : [])
  const missing = Math.max(0, 8 - groups(before).length - groups(after).length)
  const all = [...groups(before), ...new Array<string>(missing).fill('0'), ...groups(after)]
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/, '')
