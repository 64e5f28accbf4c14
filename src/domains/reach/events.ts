declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** Something came in that is no receipt, bounce or complaint. */
    'reach.received': { receivedId: string }
  }
}

export {}
