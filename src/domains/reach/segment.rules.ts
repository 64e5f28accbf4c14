/**
 * A part of an artist's fans, told by what is known of them: every condition must hold. No condition: everyone who subscribes.
 * Times are days back from the moment of the count.
 */
export type Segment = { all: Condition[] }

export type Condition =
  | { is: 'language'; language: string }
  /** ISO 3166-1 alpha-2. */
  | { is: 'country'; country: string }
  /** A town, compared without case and accents. */
  | { is: 'place'; place: string }
  | { is: 'channel'; channel: 'mail' | 'sms' | 'push' }
  | { is: 'joined'; withinDays?: number; beforeDays?: number }
  /** Downloaded: this subject, or anything. */
  | { is: 'took'; subject?: string; withinDays?: number }
  | { is: 'listened'; subject?: string; atLeast: number; withinDays?: number }
  | { is: 'answered'; withinDays?: number }
  | { is: 'bought'; withinDays?: number }
  /** No announcement handed over to them in that time. */
  | { is: 'not-told'; forDays: number }
  | { is: 'not'; condition: Condition }
