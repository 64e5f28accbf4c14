import { createSign } from 'node:crypto'
import { askOutside } from '../../../../platform/http/outside.ts'
import { type HttpPeer, openHttpPeer } from '../../providers/http-peer.fixtures.ts'
import { LOCALHOST } from '../../providers/smpp/tls.fixtures.ts'
import { type Ask, readSns, type SnsMessage, signedText } from './sns.ts'

/** A certificate of sns.amazonaws.com that nobody signed but itself, good for a hundred years, and its key: for tests, and worth nothing. */
const SNS = {
  key: `-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCMzJyiKHseNNfv
W6CWo8eK2urfsAR+AqQ37sqZzO7CFQ/BbFiH+P/Fv7xLXOJx/ZxDSk0j50fxniS7
fwFlXJZWGH6eoa6zMkdPU/vo9Zx2RPXsKoDf4MDYwn0snYZ1CfHsjurNdBtenBJp
NKVzl9nMhmQXQfXbkUvfPYexpUFCI7s+jgs+dyrV8veQbcVfy+eRpruPEyHsgGQh
SiXvl3abKgsWUY0gLJi/AOxw1ubneH3AG/+pVdkOz/i5KdWUa7YhhBIAJyke630y
auhjJxn6SPgLVkLDDB6X08ZTxMZO4WZpcbANO3ua+8Maot7hLqJ0UkOFbJF0+FYm
qC6GFxyZAgMBAAECggEACF9l1GoWLC0rRr4K9iTwyZaMD1eJui6RB7ceUCK0yKYf
pOUQUgGiFWcknNH+BeugCQutkPwrYI2tadg7GS/LdtIyZrTUTS6pDpQUGlMksI8Y
P/4lDMByPKblclY/DSMAF7ebSd1k1ULwVgDonSTuBttaWgcKRjoaf2t1cBW/eYh3
fz0AFUElVmnXCkmCNOHlox210EC/kcuP40KNQvp1BG3TIHBgBZZns9Ex9ryXqz3J
FZZa9Qj/CXFvfsEp2SjwTVxzzBd/bOrbPiJFzIxqzmheOZZpj0KPR+yN5uI3dOte
0eiF8ZpXzRbxU84DWaY99zte19YDZHkn4KwUEImiqwKBgQDCugpKvLnq9c3zw56P
Yu/CuHJY6oV5mB+G7GQgM4NyjKL184sSdS2YmLcm58GigEe6kImT7XzvZPYhyFHu
c8GVtvEG6QGcymgcIuwl9CsYPoM2RqXiQJKBlD0DOQMyYWmTEIIB34494tSq0b6J
+Qrc//Uuc/y6F5C+aHs5jvyvEwKBgQC5GoPcvHjLuReHoQZQLsxpArgQI+BAO2LY
OdneWjAFfMvugSXlCAyL2A9B4LgYCo+3TfT7339aNAdugU3thZ7Jb4cyr9e6To+Q
mRF6z8ugJ0WI4oCtYxQ1iI3DZKuMvJiWqmDyzc6bOIOwSH9QaErcCAKDtQ4aceV5
Hw73IuS/IwKBgF2QitVybVrqlPUl75AyF8ZWXgs/VLciUzO/bjTSy7xEuyC2zwIl
b6084/Q7s5zjSpPoU1LS8A8PUfzVhhivYjsP1ixd1TqDPxcV6KYr9nEFyIJR2+8k
28CLe+2KfXC9wb66Vd2Uj4JI9arGcWlWUtPx4NtbO/omzJPRHDSB8gQlAoGAKH/P
qAUonNJDfq5RlkuW98bbhNSEpSkZKFwH+ilbZmf2qplhNCo9rH86X1yOitwMs7t/
xXgSAiduFNR/u19H7aTUPNfSaHX13VpQQ8GhOMo+4YNFSipqaogVFFI7YpCFBjoC
+jzjXnzP+0rxaCNZdaje+/gqPMj8vzJ3cMUWrWcCgYEAhakyCtUl+WIq9PU50BKw
P9E90BgjQmHBJTNNU2GpE+ZnylvZyjyo5q0Y6VUFCiZ2tJWSydSRBanTyuNpP4Hj
BhCbu5nJETh9Pu9Qph2+FimmnKuWOH1iXmjZ73fxcMaVVSV4JRJCyBiYg8NVkMwn
6hq8PojpP+YxWQ57t1ikIn0=
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIDOTCCAiGgAwIBAgIUQSAfQZDBOjd39ltH/btsIplnfPkwDQYJKoZIhvcNAQEL
BQAwHDEaMBgGA1UEAwwRc25zLmFtYXpvbmF3cy5jb20wIBcNMjYxMTI1MTgwODQy
WhgPMjEyNjExMDExODA4NDJaMBwxGjAYBgNVBAMMEXNucy5hbWF6b25hd3MuY29t
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAjMycoih7HjTX71uglqPH
itrq37AEfgKkN+7KmczuwhUPwWxYh/j/xb+8S1zicf2cQ0pNI+dH8Z4ku38BZVyW
Vhh+nqGuszJHT1P76PWcdkT17CqA3+DA2MJ9LJ2GdQnx7I7qzXQbXpwSaTSlc5fZ
zIZkF0H125FL3z2HsaVBQiO7Po4LPncq1fL3kG3FX8vnkaa7jxMh7IBkIUol75d2
myoLFlGNICyYvwDscNbm53h9wBv/qVXZDs/4uSnVlGu2IYQSACcpHut9MmroYycZ
+kj4C1ZCwwwel9PGU8TGTuFmaXGwDTt7mvvDGqLe4S6idFJDhWyRdPhWJqguhhcc
mQIDAQABo3EwbzAdBgNVHQ4EFgQU5yRlKMNbJcmH+Door/D5CkUrqJYwHwYDVR0j
BBgwFoAU5yRlKMNbJcmH+Door/D5CkUrqJYwDwYDVR0TAQH/BAUwAwEB/zAcBgNV
HREEFTATghFzbnMuYW1hem9uYXdzLmNvbTANBgkqhkiG9w0BAQsFAAOCAQEAQEcO
LyWQ9EiktR0Yc5WE02VJIt0RL+iNIBvAWcJySvp38CplCiqgrc5NOcYbnVjPvaGP
eWOxY7xq5DfqstyAEWD8ZLRp9jI2X9l/LFIzh+0BRYoqEBy/mnyxnh4MsoFRfKcw
EkA+YgCy5ukzSpq/PAnbM+/9KiyXQPavqq08zfndqTAMhRi/Sy4sfnTSW8Bras3W
DwTrDXqfgZ7qO6bGMHLi+Z5qYG30fyQJHZu5MmONgq1AMj7ughts+YKmdo525e3M
O4hrvOumEGJDY/K8+nqN4/yoHo8anm5rY4x7WWcnDILn3cCsn8CeAbNbK+dfZe1s
NkCs5u1Vv3LMAjq/IQ==
-----END CERTIFICATE-----
`,
}

export const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:bounces'
const HOST = 'https://sns.eu-west-1.amazonaws.com'

export type Sns = HttpPeer & {
  /** Reaches this peer where SNS would be reached, and nobody else. */
  ask: Ask
  /** A message as SNS posts it. `forge` changes it after it was signed. */
  post(message: object | string, more?: Partial<SnsMessage>, forge?: Partial<SnsMessage>): string
}

/** SNS as its documentation has it, on this machine: it signs, serves its certificate, and is visited to confirm a subscription. */
export async function openSns(): Promise<Sns> {
  let count = 0
  const peer = await openHttpPeer(({ path }) => {
    if (path === '/SimpleNotificationService-1.pem') return { status: 200, text: SNS.cert }
    if (path === '/SimpleNotificationService-other.pem') return { status: 200, text: LOCALHOST.cert }
    return { status: path.startsWith('/?Action=ConfirmSubscription') ? 200 : 404, text: '<ok/>' }
  })
  return {
    ...peer,
    ask: (_, outgoing) => {
      if (!outgoing.url.startsWith(`${HOST}/`)) throw new Error(`asked for ${outgoing.url}`)
      return askOutside('http://localhost', { ...outgoing, url: outgoing.url.replace(HOST, peer.url) })
    },
    post(said, more = {}, forge = {}) {
      const message = readSns({
        Type: 'Notification',
        MessageId: `m-${++count}`,
        TopicArn: TOPIC,
        Message: typeof said === 'string' ? said : JSON.stringify(said),
        Timestamp: new Date().toISOString(),
        SignatureVersion: '2',
        Signature: '',
        SigningCertURL: `${HOST}/SimpleNotificationService-1.pem`,
        ...more,
      }) as SnsMessage
      const Signature = createSign(message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
        .update(signedText(message), 'utf8')
        .sign(SNS.key, 'base64')
      return JSON.stringify({ ...message, Signature, ...forge })
    },
  }
}
