import type { Db, Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { fail, type Result } from '../../platform/result.ts'
import { type Sender, senderOf } from '../identity/index.ts'
import { type AddressProblem, readKeyword, readPhone } from './addresses.rules.ts'
import type { Joined } from './confirm.ts'
import type { Deps } from './fans.store.ts'
import { joinAtOnce } from './join.ts'

/** Where nearly everybody reads French: what a number says of its owner's language, when they have said nothing themselves. */
const FRENCH = new Set('FR MC GP MQ GF RE YT PM BL MF NC PF WF SN CI ML BF BJ TG NE GN GA CG CD'.split(' '))
const ENGLISH = new Set('GB IE US AU NZ ZA NG GH KE UG JM TT'.split(' '))

export type ByKeyword = Joined & { language: Lang; to: Sender; name: string }

/**
 * A text from a telephone that begins with an artist's or a label's keyword: the text itself is the proof, so its sender is active at once. They
 * are known by the language of their number's country, else by the artist's. `ref`: what the provider calls the message.
 */
export async function joinByKeyword(
  tx: Tx,
  deps: Deps,
  { from, text, ref }: { from: string; text: string; ref?: string },
): Promise<Result<ByKeyword, 'unknown' | AddressProblem>> {
  const whose = await whoseKeyword(tx, text)
  if (!whose) return fail('unknown')
  const read = readPhone(from)
  if (!read.ok) return read
  const { country } = read.value
  const language = FRENCH.has(country ?? '') ? 'fr' : ENGLISH.has(country ?? '') ? 'en' : whose.language
  const known = await tx
    .selectFrom('fanAddresses')
    .innerJoin('fans', 'fans.id', 'fanAddresses.fanId')
    .select('fans.language')
    .where('channel', '=', 'sms')
    .where('addressKey', '=', read.value.key)
    .where('removedAt', 'is', null)
    .executeTakeFirst()
  const joined = await joinAtOnce(
    tx,
    deps,
    read.value,
    whose.to,
    {
      wording: text.slice(0, 500),
      language: known?.language ?? language,
      source: 'keyword',
      proof: { keyword: whose.keyword, ...(ref && { message: ref }) },
    },
    { token: 'keyword' },
  )
  return joined.ok
    ? { ok: true, value: { ...joined.value, language: known?.language ?? language, to: whose.to, name: whose.name } }
    : joined
}

async function whoseKeyword(db: Db | Tx, text: string) {
  const keyword = readKeyword(text)
  if (!keyword) return null
  const row = await db
    .selectFrom('keywords')
    .leftJoin('artists', 'artists.id', 'keywords.artistId')
    .leftJoin('labels', 'labels.id', 'keywords.labelId')
    .innerJoin('senders', (join) =>
      join.on(({ eb, fn, ref }) =>
        eb('senders.id', '=', fn.coalesce(ref('keywords.artistId'), ref('keywords.labelId'))),
      ),
    )
    .select(['keywords.artistId', 'keywords.labelId', 'senders.language', 'senders.name'])
    .where('keyword', '=', keyword)
    .where('artists.goesAt', 'is', null)
    .where('labels.goesAt', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  return { keyword, to: senderOf(row), language: row.language, name: row.name }
}
