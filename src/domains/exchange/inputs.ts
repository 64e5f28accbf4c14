import * as z from 'zod'
import { isSubject, type Subject } from './subjects.ts'

/** What a page reports by script: see ui/client/touches.ts. */
export const TouchReport = z.object({
  key: z.uuid(),
  kind: z.enum(['page', 'start']),
  subject: z.custom<Subject>(isSubject),
  path: z.string().max(2_000),
  referrer: z.string().max(2_000).nullable(),
  token: z.string().max(64).nullable(),
})

/** The host of the page that led here: enough to know which way people come, and no more. */
export function hostOf(referrer: string | null): string | null {
  if (!referrer || !URL.canParse(referrer)) return null
  return new URL(referrer).hostname.replace(/^www\./, '') || null
}
