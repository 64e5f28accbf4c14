import type { JobHandlers, Schedule } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { fetchEuroRates } from './euro-rates.ts'
import { mailSplit, mailStatement } from './mails.ts'
import { mailReports } from './month-report.ts'
import { numberAll } from './number-entries.ts'
import type { Sold } from './subjects.ts'

declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** Asks somebody by mail whether they agree to a split. */
    'books.ask-split': { splitId: string; payeeId: string }
    'books.mail-statement': { statementId: string }
    /** Gives entries and papers their numbers. */
    'books.number': Record<string, never>
    'books.mail-reports': Record<string, never>
    /** Asks the European Central Bank for its rates. */
    'books.euro-rates': Record<string, never>
  }
}

export const booksJobs = (platform: Platform, sold: Sold) =>
  ({
    'books.ask-split': (payload) => mailSplit(platform, payload),
    'books.mail-statement': (payload) => mailStatement(platform, payload),
    'books.number': () => numberAll(platform),
    'books.mail-reports': () => mailReports(platform, sold),
    'books.euro-rates': () => fetchEuroRates(platform),
  }) satisfies Partial<JobHandlers>

export const booksSchedules: Schedule[] = [
  { name: 'books.number', pattern: '*/2 * * * *' },
  { name: 'books.mail-reports', pattern: '35 7 * * *' },
  // The Bank publishes at about four in the afternoon, Central European Time.
  { name: 'books.euro-rates', pattern: '50 16 * * *' },
]
