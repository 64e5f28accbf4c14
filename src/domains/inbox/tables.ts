import type { Generated } from 'kysely'

export type ConversationState = 'open' | 'done' | 'spam'
export type Direction = 'in' | 'out' | 'note'
export type Way = 'mail' | 'sms' | 'comment' | 'form'

declare module '../../platform/database/tables.ts' {
  interface Tables {
    conversations: {
      id: string
      artistId: string
      fanId: string | null
      sender: Generated<string>
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
      accountId: string | null
      receivedId: string | null
      deliveryId: number | null
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
    savedAnswers: { id: string; artistId: string; title: string; text: string; createdAt: Generated<Date> }
  }
}
