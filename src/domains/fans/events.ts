/** What fans tells: see docs/decisions/0050-reach-in-four-domains.md. */
declare module '../../platform/jobs/jobs.ts' {
  interface JobPayloads {
    /** Somebody asked to be told, and must confirm: the question leaves on that channel. Of an active subscription, that it is one. */
    'fans.asked': { subscriptionId: string }
    /** A subscription became active: confirmed by its owner, not brought in by a list. */
    'fans.joined': { subscriptionId: string }
    /** Somebody gave an address for a download: the link to it leaves on that channel. */
    'fans.given': { takingId: string }
  }
}

export type FansEvent = 'fans.asked' | 'fans.joined' | 'fans.given'
