import type { Tx } from '../../platform/database/index.ts'
import { allow, type Limit } from '../../platform/http/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { confirm, joinByKeyword, joinByMessage, leaveByAddress } from '../fans/index.ts'
import { type Sender, senderColumns, senderOf } from '../identity/index.ts'
import { enqueueOne } from '../reach/index.ts'
import type { Deps, Heard, Received } from './heard.types.ts'
import { wordOf } from './words.rules.ts'
import { words } from './words.ts'

/** Answers of this program to one address a day: two machines that answer each other come to an end here. */
const ANSWERS: Limit = { name: 'inbox-automatic', most: 5, windowSeconds: 24 * 3600 }

/**
 * Does what a message says that is nothing but a word, and answers once. Without `heard` it is looked at as a keyword alone, which says itself whose it is.
 * Null: a person is to read it.
 */
export async function hearWord(
  tx: Tx,
  platform: Deps,
  received: Received,
  heard: Heard | null,
): Promise<'word' | null> {
  const word = wordOf(received.text)
  if (!heard) return word ? null : hearKeyword(tx, platform, received)
  switch (word) {
    case 'stop':
      return hearStop(tx, platform, heard)
    case 'start':
    case 'yes':
      return hearStart(tx, platform, heard, word)
    case 'help':
      return hearHelp(tx, platform, heard)
    case null:
      return null
  }
}

async function hearKeyword(tx: Tx, platform: Deps, received: Received): Promise<'word' | null> {
  const { sender: from, text, providerRef: ref } = received
  // With more words it is said to somebody: it joins, and is read as well.
  const alone = text.trim().split(/\s+/).length === 1
  const joined = await joinByKeyword(tx, platform, { from, text, ref })
  if (!joined.ok) return null
  const { to, language, name, fanId, addressId } = joined.value
  if (alone)
    await answer(tx, platform, received, {
      ...{ owner: to, fanId, addressId, language },
      text: words(language)('sms_joined', { name }),
    })
  return alone ? 'word' : null
}

/** Nothing more to this address from this artist, or from a number that is many artists' from none of them. Said once; the second time nothing at all. */
async function hearStop(tx: Tx, platform: Deps, heard: Heard): Promise<'word' | null> {
  const { received, owner, isShared, fan } = heard
  const address = theirAddress(heard)
  if (!address || received.channel === 'push') return received.channel === 'sms' ? 'word' : null
  const language = fan?.language ?? 'en'
  const left = await leaveByAddress(tx, platform, {
    channel: received.channel,
    address,
    others: platform.others,
    ...(!isShared && { to: [owner] }),
    wording: received.text.slice(0, 500),
    language,
    source: 'reply',
    proof: { received: received.id },
  })
  // A mail of one word to somebody who follows nobody is for a person.
  if (!left.length) return received.channel === 'sms' ? 'word' : null
  const t = words(language)
  const name = await nameOf(tx, owner)
  await answer(tx, platform, received, {
    ...{ owner, fanId: fan?.fanId ?? null, addressId: fan?.addressId ?? null, language, isLast: true },
    subject: t('stopped_subject', { name }),
    text: isShared ? t('stopped_all') : t('stopped', { name }),
  })
  return 'word'
}

/** Confirms what was asked of this number, or brings back who left by it; when there is neither, a person reads it. */
async function hearStart(tx: Tx, platform: Deps, heard: Heard, word: 'start' | 'yes'): Promise<'word' | null> {
  const { received, owner, isShared, fan } = heard
  if (received.channel !== 'sms' || !fan) return null
  const { artistId, labelId } = senderColumns(owner)
  const known = await tx
    .selectFrom('subscriptions')
    .select(['id', 'state', 'artistId', 'labelId'])
    .where('addressId', '=', fan.addressId)
    .orderBy('id')
    .execute()
  const meant = known.filter((one) => isShared || (one.artistId === artistId && one.labelId === labelId))
  const proof = {
    wording: received.text.slice(0, 500),
    language: fan.language,
    source: 'reply' as const,
    proof: { received: received.id },
  }
  const asked = meant.filter(({ state }) => state === 'asked')
  const left = word === 'start' ? meant.filter(({ state }) => state === 'left') : []
  if (!asked.length && !left.length)
    return meant.some(({ state }) => state === 'active') && word === 'start' ? 'word' : null
  // What they may have ticked is not in the text that they answer.
  for (const { id } of asked) await confirm(tx, platform, { subscriptionId: id, recognised: false, ...proof })
  for (const one of left) await joinByMessage(tx, platform, { from: received.sender, to: senderOf(one), ...proof })
  await answer(tx, platform, received, {
    ...{ owner, fanId: fan.fanId, addressId: fan.addressId, language: fan.language },
    text: words(fan.language)(isShared ? 'started_all' : 'sms_joined', { name: await nameOf(tx, owner) }),
  })
  return 'word'
}

async function hearHelp(tx: Tx, platform: Deps, { received, owner, fan }: Heard): Promise<'word' | null> {
  if (received.channel !== 'sms') return null
  const language = fan?.language ?? 'en'
  const { artistId, labelId } = senderColumns(owner)
  const row = artistId
    ? await tx.selectFrom('artists').select('slug').where('id', '=', artistId).executeTakeFirst()
    : await tx.selectFrom('labels').select('slug').where('id', '=', labelId).executeTakeFirst()
  const name = await nameOf(tx, owner)
  await answer(tx, platform, received, {
    ...{ owner, fanId: fan?.fanId ?? null, addressId: fan?.addressId ?? null, language },
    text: words(language)('sms_help', { name, href: `${platform.config.baseUrl}/write/${row?.slug ?? ''}` }),
  })
  return 'word'
}

type Answer = {
  owner: Sender
  fanId: string | null
  addressId: string | null
  language: Lang
  text: string
  subject?: string
  isLast?: boolean
}

async function answer(
  tx: Tx,
  platform: Deps,
  received: Received,
  { owner, text, subject, isLast, ...to }: Answer,
): Promise<void> {
  if (!(await allow({ ...platform, db: tx }, ANSWERS, received.sender.toLowerCase()))) return
  await enqueueOne(tx, {
    kind: 'notice',
    channel: received.channel,
    ...senderColumns(owner),
    ...to,
    address: received.sender,
    message: { text, ...(received.channel === 'mail' && subject && { subject }), ...(isLast && { lastWord: true }) },
    dueAt: platform.now(),
    once: `word:${received.id}`,
  })
}

/** By mail, anybody may write any sender: only the address that was written to can leave, and only by the address that we gave it. */
function theirAddress({ received, conversation, fan }: Heard): string | null {
  if (received.channel === 'sms') return received.sender
  if (!conversation?.fanId || fan?.fanId !== conversation.fanId) return null
  return received.sender
}

async function nameOf(tx: Tx, owner: Sender): Promise<string> {
  const row =
    'artistId' in owner
      ? await tx.selectFrom('artists').select('name').where('id', '=', owner.artistId).executeTakeFirst()
      : await tx.selectFrom('labels').select('name').where('id', '=', owner.labelId).executeTakeFirst()
  return row?.name ?? ''
}
