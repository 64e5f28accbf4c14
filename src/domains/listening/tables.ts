declare module '../../platform/database/tables.ts' {
  interface Tables {
    listens: {
      play: string
      trackId: string
      recordingId: string
      artistId: string
      personId: string | null
      startedAt: Date
      playedMs: number
      counted: boolean
    }
  }
}

export {}
