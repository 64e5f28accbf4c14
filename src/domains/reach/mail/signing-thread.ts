/** The far side of signing-threads.ts: writes letters out and signs them, away from the thread that talks to servers. */
import { createPrivateKey } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { type DkimKeys, keyName, signLetter } from './dkim.ts'
import { type Letter, writeLetter } from './letter.ts'

export type ToThread =
  | { keys: { domain: string; selector: string; rsa: string; ed25519: string } }
  | { batch: number; letters: Letter[] }
/** One text for each letter, or why it cannot be written. */
export type FromThread = { batch: number; texts: ({ text: string } | { problem: string })[] }

const keys = new Map<string, DkimKeys>()

parentPort?.on('message', (message: ToThread) => {
  if ('keys' in message) {
    const { domain, selector, rsa, ed25519 } = message.keys
    keys.set(keyName(message.keys), {
      domain,
      selector,
      rsa: createPrivateKey(rsa),
      ed25519: createPrivateKey(ed25519),
    })
    return
  }
  const texts = message.letters.map((letter) => {
    try {
      return { text: writeOut(letter) }
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) }
    }
  })
  parentPort?.postMessage({ batch: message.batch, texts } satisfies FromThread)
})

function writeOut(letter: Letter): string {
  const written = writeLetter(letter)
  const { signFor } = letter
  if (signFor === null) return assemble([], written)
  const known = keys.get(signFor)
  // Unsigned is not what was asked for: nothing leaves.
  if (!known) throw new Error(`no keys to sign for ${signFor}`)
  return assemble(signLetter(written, known, letter.date), written)
}

const assemble = (signatures: string[], { headers, body }: ReturnType<typeof writeLetter>) =>
  `${[...signatures, ...headers].join('\r\n')}\r\n\r\n${body}`
