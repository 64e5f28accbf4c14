import { addDays } from '../../../platform/days.ts'

/** Days out of the ordinary with fewer days than these between them are one burst. */
const APART_DAYS = 7

/** Whether a day (`YYYY-MM-DD`) that stands out belongs to the burst of which the last such day is known. */
export const isSameBurst = (lastOn: string, day: string): boolean => day < addDays(lastOn, APART_DAYS)
