import type { Context } from 'hono'
import type { Tx } from '../../../platform/database/index.ts'
import { allow, type Limit } from '../../../platform/http/index.ts'
import { addJob } from '../../../platform/jobs/index.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import type { Posted, WebEnv } from '../../identity/index.ts'
import { readAddress } from '../addresses.rules.ts'
import { countryOf } from '../country.rules.ts'
import { mayFollow, signUp } from '../sign-up.ts'
import { addressHash } from '../suppressions.ts'
import type { ConsentSource } from '../tables.ts'
import type { Whose } from '../whose.views.ts'
import { type Item, openTaking, takenByFanAt } from './takings.store.ts'

/** Letters with a link to one address: what protects somebody from a stranger who types it again and again. */
const LETTERS: Limit = { name: 'given-address', most: 4, windowSeconds: 24 * 3600 }

export type Giving = Item & {
  /** Who may write to them if they tick the box. */
  whose: Whose
  /** Whether texts can be sent for them: else a mail address alone is asked for. */
  texts: boolean
  /** The sentence beside the box, under which they asked to be written to if they ticked it. */
  wording: string
  source: ConsentSource
  token: string | null
  page: string
}

export type Given = { key: string; channel: 'mail' | 'sms'; address: string; agreed: boolean }
export type GiveProblem = 'wrong' | 'trapped' | 'too-many'

/**
 * Gives an item for the address of a posted form (`to`; `yes` when its box is ticked). The answer is the same whether or not the address is known,
 * and whether or not the box is ticked: the box alone decides whether anybody is asked to be written to. The key opens the item at once; a
 * link goes to the address besides.
 */
export async function give(
  platform: Platform,
  c: Context<WebEnv>,
  posted: Posted,
  giving: Giving,
): Promise<Result<Given, GiveProblem>> {
  const { db, signer, now } = platform
  const { lang } = c.get('page')
  const { artistId, subject, givenAs, whose, texts, wording, source, token, page } = giving
  const typed = posted.text('to')
  const channel: 'mail' | 'sms' = texts && !typed.includes('@') && /\d/.test(typed) ? 'sms' : 'mail'
  const country = countryOf(c.req.header('accept-language'), lang)
  const read = readAddress(channel, typed, country)
  if (!read.ok) return fail('wrong')
  if (posted.text('fx')) return fail('trapped')
  if (!(await mayFollow(platform, c))) return fail('too-many')
  const { address, key: addressKey } = read.value
  const agreed = posted.has('yes')
  const hash = addressHash(signer, channel, addressKey)
  const mayWrite = await allow(platform, LETTERS, hash)
  const mark = signer.sign('given', `${givenAs} ${hash}`)
  // Who they are to us is settled first, so that the letter knows it.
  if (agreed)
    await signUp(platform, c, {
      whose,
      given: [{ channel, address }],
      country,
      said: { language: lang, token, subject },
      wording,
      source,
      page,
    })
  const key = await db.transaction().execute(async (tx) => {
    const taking = await openTaking(
      tx,
      { artistId, subject, givenAs, mark, channel, address, language: lang, token },
      now(),
    )
    if (agreed) await takenByFanAt(tx, taking.id, { channel, addressKey })
    if (mayWrite) await addJob(tx, 'fans.given', { takingId: taking.id }, { key: `fans.given:${taking.id}` })
    return taking.key
  })
  return ok({ key, channel, address, agreed })
}

type To = { address: string; addressKey: string; language: 'en' | 'fr' }

/** Gives an item to a fan by the address that they proved, with no letter of its own: who calls writes to them. The key is good for seven days. */
export async function giveTo(
  tx: Tx,
  { signer, now }: Pick<Platform, 'signer' | 'now'>,
  item: Item,
  { address, addressKey, language }: To,
): Promise<string> {
  const mark = signer.sign('given', `${item.givenAs} ${addressHash(signer, 'mail', addressKey)}`)
  const taking = await openTaking(tx, { ...item, mark, channel: 'mail', address, language, token: null }, now())
  await takenByFanAt(tx, taking.id, { channel: 'mail', addressKey })
  return taking.key
}
