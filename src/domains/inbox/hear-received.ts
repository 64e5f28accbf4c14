import { sql } from 'kysely'
import type { Tx } from '../../platform/database/index.ts'
import type { Lang } from '../../platform/i18n/index.ts'
import { newId } from '../../platform/ids.ts'
import { recordReturn, type Subject } from '../exchange/index.ts'
import { type FanAtAddress, fanByAddress } from '../fans/index.ts'
import { type Sender, senderId, senderOf, senderThing } from '../identity/index.ts'
import { deliveryIn, type ReplyTo, readReplyAddress } from '../reach/index.ts'
import { type KeptFile, keepAttachments, type ReadMail, readMail } from './attachments.ts'
import { isAutomatic } from './automatic.rules.ts'
import { addMessage, type Held, holdConversation, lockConversation } from './conversation.store.ts'
import { hearWord } from './hear-word.ts'
import type { Deps, Heard, Received } from './heard.types.ts'
import { wordOf } from './words.rules.ts'

/**
 * Hears `reach.received`, however often it is told: words are done as they say, and all else becomes a message of the fan's conversation and something
 * that came back. A machine's answer is kept and waits for nobody.
 */
export async function hearReceived(platform: Deps, { receivedId }: { receivedId: string }): Promise<void> {
  const { db, now } = platform
  const first = await db.selectFrom('received').selectAll().where('id', '=', receivedId).executeTakeFirst()
  if (!first || first.handledAt) return
  // Files are kept before the transaction, under names made of the message's own: done twice, they are the same.
  const mail: ReadMail | null = first.storageKey ? await readMail(platform, first.storageKey) : null
  const files = mail ? await keepAttachments(platform, receivedId, mail.files) : []
  await db.transaction().execute(async (tx) => {
    const received = await tx
      .selectFrom('received')
      .selectAll()
      .where('id', '=', receivedId)
      .where('handledAt', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (!received) return
    const understood = await understand(tx, platform, received as Received, mail, files)
    await tx.updateTable('received').set({ understood, handledAt: now() }).where('id', '=', receivedId).execute()
  })
}

async function understand(tx: Tx, platform: Deps, received: Received, mail: ReadMail | null, files: KeptFile[]) {
  const { signer } = platform
  const automatic =
    received.understood === 'automatic' ||
    (received.channel === 'mail' &&
      isAutomatic({ headers: mail?.headers ?? new Map(), sender: received.sender, subject: received.subject }))
  if (!automatic && received.channel === 'sms') {
    const joined = await hearWord(tx, platform, received, null)
    if (joined === 'word') return 'word' as const
  }
  const heard = await whose(tx, signer, received, mail)
  // Who was never told anything has nothing to stop; all else that is nobody's waits for the host.
  if (!heard) return received.channel === 'sms' && wordOf(received.text) === 'stop' ? 'word' : ('unknown' as const)
  if (!automatic && (await hearWord(tx, platform, received, heard)) === 'word') return 'word' as const
  const said = await say(tx, heard, mail, files, automatic)
  if (!automatic) await countReply(tx, heard, said)
  return automatic ? ('automatic' as const) : ('message' as const)
}

/** Makes a message of it, in the conversation of whoever wrote. */
export async function say(
  tx: Tx,
  { received, owner, fan, conversation, about }: Heard,
  mail: ReadMail | null,
  files: KeptFile[],
  automatic: boolean,
): Promise<Held> {
  const way = received.channel === 'mail' ? 'mail' : 'sms'
  const at = received.receivedAt
  const held =
    conversation ??
    (await holdConversation(
      tx,
      owner,
      {
        fanId: fan?.fanId ?? null,
        sender: senderKey(received),
        language: fan?.language ?? (await languageOf(tx, owner)),
      },
      at,
    ))
  const messageId = await addMessage(tx, held, {
    direction: 'in',
    channel: way,
    subject: received.subject.slice(0, 500),
    text: received.text.slice(0, MOST_TEXT),
    about,
    address: received.sender,
    mailRef:
      way === 'mail' ? (mail?.messageId ?? (received.providerRef.includes('@') ? received.providerRef : null)) : null,
    isAutomatic: automatic,
    receivedId: received.id,
    at,
  })
  if (files.length)
    await tx
      .insertInto('messageAttachments')
      .values(files.map((file) => ({ ...file, id: newId(), messageId })))
      .execute()
  return held
}

/** What somebody wrote is something that came back. */
export async function countReply(
  tx: Tx,
  { received, owner, about }: Pick<Heard, 'received' | 'owner' | 'about'>,
  { fanId }: Pick<Held, 'fanId'>,
): Promise<void> {
  const subject: Subject = about ?? `${senderThing(owner).kind}:${senderId(owner)}`
  await recordReturn(tx, {
    artistId: senderId(owner),
    key: `reply:${received.id}`,
    kind: 'reply',
    subject,
    givenAs: await givenAs(tx, subject),
    personId: await personOf(tx, fanId),
    at: received.receivedAt,
    details: { channel: received.channel === 'mail' ? 'mail' : 'sms' },
  })
}

const MOST_TEXT = 200_000

/** The name of the conversation of somebody whom nobody knows. */
const senderKey = ({ channel, sender }: Received): string =>
  `${channel === 'mail' ? 'mail' : 'sms'}:${sender.trim().toLowerCase()}`

/** An announcement of something that was given before has that gift's id. */
async function givenAs(tx: Tx, subject: Subject): Promise<Subject> {
  const [kind, announcementId = ''] = subject.split(':')
  if (kind !== 'announcement') return subject
  const row = await tx
    .selectFrom('announcements')
    .innerJoin('gifts', 'gifts.id', 'announcements.giftId')
    .select('gifts.subject')
    .where('announcements.id', '=', announcementId)
    .executeTakeFirst()
  return (row?.subject as Subject | undefined) ?? subject
}

async function personOf(tx: Tx, fanId: string | null): Promise<string | null> {
  if (!fanId) return null
  const row = await tx.selectFrom('fans').select('personId').where('id', '=', fanId).executeTakeFirst()
  return row?.personId ?? null
}

async function languageOf(tx: Tx, owner: Sender): Promise<Lang> {
  const row = await tx.selectFrom('senders').select('language').where('id', '=', senderId(owner)).executeTakeFirst()
  return row?.language ?? 'en'
}

/** To whom it was said: what its address names, else whose number it is, else who was the last to write there. Null: nobody can tell. */
async function whose(tx: Tx, signer: Deps['signer'], received: Received, mail: ReadMail | null): Promise<Heard | null> {
  const fan = received.channel === 'push' ? null : await fanByAddress(tx, received.channel, received.sender)
  const named = received.channel === 'mail' ? whatIsAnswered(signer, received, mail) : null
  if (named && 'conversationId' in named) {
    const conversation = await lockConversation(tx, named.conversationId)
    if (conversation) {
      const last = await lastDelivery(tx, { fanId: conversation.fanId, address: received.sender, received })
      const owner = senderOf(conversation)
      const same = last && (last.artistId ?? last.labelId) === senderId(owner)
      return { received, owner, isShared: false, fan, conversation, about: same ? last.about : null }
    }
  }
  if (named && 'deliveryId' in named) {
    const delivery = await tx
      .selectFrom('deliveries')
      .leftJoin('letters', 'letters.id', 'letterId')
      .select(['deliveries.artistId', 'deliveries.labelId', 'fanId', 'announcementId', 'gift', 'language', 'message'])
      .where('deliveries.id', '=', named.deliveryId)
      .executeTakeFirst()
    if (delivery && (delivery.artistId || delivery.labelId)) {
      // Whoever answers it is whom it was for, from whatever address they write.
      const owner = senderOf(delivery)
      const within = delivery.message?.conversationId
      const theirs = within
        ? await lockConversation(tx, within)
        : delivery.fanId
          ? await holdConversation(
              tx,
              owner,
              { fanId: delivery.fanId, sender: '', language: delivery.language },
              received.receivedAt,
            )
          : null
      return { received, owner, isShared: false, fan, conversation: theirs, about: aboutOf(delivery) }
    }
  }
  const provider = received.providerId
    ? await tx
        .selectFrom('providers')
        .select(['artistId', 'labelId'])
        .where('id', '=', received.providerId)
        .executeTakeFirst()
    : undefined
  const last = await lastDelivery(tx, { fanId: fan?.fanId ?? null, address: received.sender, received })
  if (provider?.artistId)
    return {
      received,
      owner: { artistId: provider.artistId },
      isShared: false,
      fan,
      conversation: null,
      about: last?.artistId === provider.artistId ? last.about : null,
    }
  const common = { received, isShared: true, fan, conversation: null }
  if (last && (last.artistId || last.labelId)) return { ...common, owner: senderOf(last), about: last.about }
  if (provider?.labelId) return { ...common, owner: { labelId: provider.labelId }, about: null }
  const owner =
    (await followedBy(tx, fan)) ??
    (await lastConversation(tx, received, fan)) ??
    (await lastNotice(tx, received, fan)) ??
    (await onlyArtist(tx))
  return owner && { ...common, owner, about: null }
}

/**
 * What an answer by mail names: the conversation or message of the address that it came to, else the message of ours that its program says it answers (RFC 5322,
 * 3.6.4), for mailboxes that have one address only.
 */
function whatIsAnswered(signer: Deps['signer'], { recipient }: Received, mail: ReadMail | null): ReplyTo | null {
  const named = readReplyAddress(signer, recipient)
  if (named || !mail) return named
  for (const header of ['in-reply-to', 'references']) {
    // The last of those referred to is the nearest.
    for (const reference of (mail.headers.get(header)?.match(/<[^<>\s]{3,990}>/g) ?? []).slice(-50).reverse()) {
      const deliveryId = deliveryIn(signer, reference)
      if (deliveryId !== null) return { deliveryId }
    }
  }
  return null
}

/** What a delivery carried, as the spine calls it. */
const aboutOf = ({ announcementId, gift }: { announcementId: string | null; gift: string | null }): Subject | null =>
  (gift as Subject | null) ?? (announcementId ? `announcement:${announcementId}` : null)

type Last = { artistId: string | null; labelId: string | null; about: Subject | null }

/** What was last handed to this address before it answered: of the announcements and letters, else of anything that was not a notice. */
async function lastDelivery(
  tx: Tx,
  { fanId, address, received }: { fanId: string | null; address: string; received: Received },
): Promise<Last | null> {
  const mine =
    received.channel === 'sms' && received.providerId ? sql`and d.provider_id = ${received.providerId}::uuid` : sql``
  const who = fanId ? sql`d.fan_id = ${fanId}::uuid` : sql`d.fan_id is null and d.address = ${address}`
  const { rows } = await sql<Last>`
    select d.artist_id as "artistId", d.label_id as "labelId", coalesce(le.gift, 'announcement:' || d.announcement_id) as about
    from deliveries d left join letters le on le.id = d.letter_id
    where ${who} and d.channel = ${received.channel} ${mine} and d.handed_at is not null and d.handed_at <= ${received.receivedAt}
      and d.kind in ('announcement', 'letter', 'answer', 'digest')
    order by (num_nonnulls(d.announcement_id, d.letter_id) > 0) desc, d.handed_at desc limit 1`.execute(tx)
  return rows[0] ?? null
}

async function followedBy(tx: Tx, fan: FanAtAddress | null): Promise<Sender | null> {
  if (!fan) return null
  const row = await tx
    .selectFrom('subscriptions')
    .select(['artistId', 'labelId'])
    .where('addressId', '=', fan.addressId)
    .orderBy('askedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? senderOf(row) : null
}

/** With whom they spoke last, though nothing was sent to them: somebody handed their words there. */
async function lastConversation(tx: Tx, received: Received, fan: FanAtAddress | null): Promise<Sender | null> {
  const row = await tx
    .selectFrom('conversations')
    .select(['artistId', 'labelId'])
    .where((is) =>
      fan ? is('fanId', '=', fan.fanId) : is.and([is('fanId', 'is', null), is('sender', '=', senderKey(received))]),
    )
    .orderBy('lastAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? senderOf(row) : null
}

/** Who last had something sent there that nobody announced: the link to a download that they asked for. */
async function lastNotice(
  tx: Tx,
  { channel, sender, receivedAt }: Received,
  fan: FanAtAddress | null,
): Promise<Sender | null> {
  const row = await tx
    .selectFrom('deliveries')
    .select(['artistId', 'labelId'])
    .where('fanId', fan ? '=' : 'is', fan?.fanId ?? null)
    .where('address', '=', sender)
    .where('channel', '=', channel)
    .where('kind', '=', 'notice')
    .where('handedAt', '<=', receivedAt)
    .where((is) => is.or([is('artistId', 'is not', null), is('labelId', 'is not', null)]))
    .orderBy('handedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? senderOf(row) : null
}

async function onlyArtist(tx: Tx): Promise<Sender | null> {
  const rows = await tx.selectFrom('artists').select('id').limit(2).execute()
  return rows.length === 1 && rows[0] ? { artistId: rows[0].id } : null
}
