declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** A post is out, for the first time. */
    'journal.published': { postId: string }
    /** A comment waits, or is shown. */
    'journal.commented': { commentId: string }
  }
}

export {}
