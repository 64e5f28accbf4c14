export type { CommentState } from './tables.ts'
