import type { PersonalData } from '../fans/index.ts'

/** What this domain keeps of people: what they played, and for how long. */
export const listeningPersonalData: PersonalData = {
  tables: ['listens'],

  async know(db, { personIds }) {
    const plays = await db
      .selectFrom('listens')
      .select(['startedAt', 'trackId', 'playedMs', 'counted'])
      .where('personId', 'in', personIds)
      .orderBy('startedAt')
      .execute()
    return { plays }
  },

  async erase(tx, { personIds }) {
    await tx.updateTable('listens').set({ personId: null }).where('personId', 'in', personIds).execute()
  },

  /** A person goes on being one: that several are one fan stands with the fan. */
  merge: async () => undefined,
}
