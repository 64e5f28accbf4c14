export type { Cadence, Channel, ConsentSource, SubscriptionState, SuppressionReason } from './tables.ts'
