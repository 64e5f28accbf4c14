declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** A post is out, for the first time. */
    'journal.published': { postId: string }
    /** A comment came in that waits or is shown; again when its author proved who they are. Not what is spam. */
    'journal.commented': { commentId: string }
  }
}

export {}
