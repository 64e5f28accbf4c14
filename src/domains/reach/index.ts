export type { Condition, Segment } from './segment.rules.ts'
export type { DeliveryState, OwnMessage, ProviderKind } from './tables.ts'
