import type { Lang } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { recordReturn, type Subject } from '../exchange/index.ts'
import { addMessage, holdConversation } from './conversation.store.ts'

export type DemoConversation = {
  artistId: string
  fan: { fanId: string; personId: string; language: Lang }
  way: 'mail' | 'sms'
  address: string
  about: Subject
  lines: { from: 'fan' | 'artist' | 'note'; text: string; subject?: string; at: Date }[]
  /** The account that answered. */
  by: string
  done?: boolean
}

/** Lets a conversation of the demonstration have been had: nothing leaves, since nobody there can be written to. */
export async function playConversation(platform: Pick<Platform, 'db'>, had: DemoConversation): Promise<void> {
  const { artistId, fan, way, address, about, lines, by, done } = had
  const [first] = lines
  if (!first) return
  await platform.db.transaction().execute(async (tx) => {
    const whose = { fanId: fan.fanId, sender: '', language: fan.language }
    for (const { from, text, subject = '', at } of lines) {
      // Held anew for each line: what was said before decides who waits.
      const held = await holdConversation(tx, { artistId }, whose, first.at)
      const common = { text, subject, at }
      if (from !== 'fan') {
        const direction = from === 'note' ? ('note' as const) : ('out' as const)
        await addMessage(tx, held, { ...common, direction, channel: from === 'note' ? null : way, accountId: by })
        continue
      }
      const id = await addMessage(tx, held, { ...common, direction: 'in', channel: way, address, about })
      await recordReturn(tx, {
        artistId,
        key: `reply:${id}`,
        kind: 'reply',
        subject: about,
        givenAs: about,
        personId: fan.personId,
        at,
        details: { channel: way },
      })
    }
    const { id } = await holdConversation(tx, { artistId }, whose, first.at)
    if (done) await tx.updateTable('conversations').set({ state: 'done' }).where('id', '=', id).execute()
  })
}
