export type CalendarLinkTable = { accountId: string; tokenHash: string; createdAt: Date }

declare module '../../platform/database/tables.ts' {
  interface Tables {
    calendarLinks: CalendarLinkTable
  }
}
