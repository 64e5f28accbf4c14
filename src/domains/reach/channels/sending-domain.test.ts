import { expect, test } from 'vitest'
import { checkDomain, type ResolveTxt } from './sending-domain.ts'

const KEY = { name: 'r1r._domainkey.music.example', type: 'TXT', value: 'v=DKIM1; k=rsa; p=MIIBIjANBg' } as const
const DOMAINS = { from: 'music.example', returnPath: 'music.example', host: 'smtp.music.example', dkim: [KEY] }

/** A DNS that knows these names. */
const dns =
  (names: Record<string, string[][] | 'silent'>): ResolveTxt =>
  async (name) => {
    const found = names[name]
    if (found === 'silent') throw Object.assign(new Error(), { code: 'ETIMEOUT' })
    if (!found) throw Object.assign(new Error(), { code: 'ENOTFOUND' })
    return found
  }
const states = async (resolve: ResolveTxt, domains = DOMAINS) =>
  Object.fromEntries((await checkDomain(resolve, domains)).map(({ what, is }) => [what, is]))

test('what is missing is said with the record to publish', async () => {
  const checks = await checkDomain(dns({}), DOMAINS)
  expect(checks.map(({ is, publish }) => [is, publish?.name, publish?.value])).toEqual([
    ['missing', 'music.example', 'v=spf1 a:smtp.music.example ~all'],
    ['missing', KEY.name, KEY.value],
    ['missing', '_dmarc.music.example', 'v=DMARC1; p=none'],
  ])
})

test('what is right is found so, however a long record was cut', async () => {
  const resolve = dns({
    'music.example': [['google-site-verification=1'], ['v=spf1 include:x.example -all']],
    [KEY.name]: [['v=DKIM1; k=rsa; p=MIIB', 'IjANBg']],
    '_dmarc.music.example': [['v=DMARC1; p=reject']],
  })
  expect(await states(resolve)).toEqual({ spf: 'good', dkim: 'good', dmarc: 'good' })
})

test('two SPF records, one that lets everybody send, another key, silence: each is said as what it is', async () => {
  const two = dns({ 'music.example': [['v=spf1 -all'], ['v=spf1 mx -all']], [KEY.name]: [['v=DKIM1; p=other']] })
  expect(await states(two)).toEqual({ spf: 'double', dkim: 'other', dmarc: 'missing' })
  const open = dns({ 'music.example': [['v=spf1 +all']], [KEY.name]: 'silent', '_dmarc.music.example': 'silent' })
  expect(await states(open)).toEqual({ spf: 'open', dkim: 'unknown', dmarc: 'unknown' })
})

test('a domain without a policy has that of the domain above it', async () => {
  const resolve = dns({ '_dmarc.music.example': [['v=DMARC1; p=none']] })
  expect(await states(resolve, { ...DOMAINS, from: 'news.music.example' })).toMatchObject({ dmarc: 'good' })
})
