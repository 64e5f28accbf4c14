declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** A series gave something, or ended: it stands on its page and in its feed. */
    'operations.given': { operationId: string }
  }
}

export {}
