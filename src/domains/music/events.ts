declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** A release is out, for the first time. */
    'music.published': { releaseId: string }
  }
}

export {}
