import type { Generated } from 'kysely'
import type { Lang } from '../../platform/i18n/index.ts'

export type ConversationState = 'open' | 'done' | 'spam'
export type Direction = 'in' | 'out' | 'note'
export type Way = 'mail' | 'sms' | 'comment' | 'form'

declare module '../../platform/database/tables.ts' {
  interface Tables {
    conversations: {
      id: string
      artistId: string | null
      labelId: string | null
      fanId: string | null
      sender: Generated<string>
      name: Generated<string>
      language: Generated<Lang>
      state: Generated<ConversationState>
      assignedTo: string | null
      startedAt: Date
      lastAt: Date
      waitingSince: Date | null
    }
    conversationMessages: {
      id: string
      conversationId: string
      direction: Direction
      channel: Way | null
      subject: Generated<string>
      text: string
      about: string | null
      address: string | null
      mailRef: string | null
      isAutomatic: Generated<boolean>
      accountId: string | null
      receivedId: string | null
      deliveryId: number | null
      commentId: string | null
      at: Date
    }
    messageAttachments: {
      id: string
      messageId: string
      name: string
      type: string
      size: number
      storageKey: string
      imageId: string | null
      createdAt: Generated<Date>
    }
    savedAnswers: {
      id: string
      artistId: string | null
      labelId: string | null
      title: string
      text: string
      createdAt: Generated<Date>
    }
    thanks: {
      artistId: string
      fanId: string
      people: number
      how: 'written' | 'aside'
      accountId: string | null
      at: Date
    }
    conversationWatchers: { conversationId: string; accountId: string; seenAt: Date; writingAt: Date | null }
  }
}
