export type { ConversationState } from './tables.ts'
