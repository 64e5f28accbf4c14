import type { Place } from '../members.store.ts'

/** Where the people of an artist or a label are seen to. */
export const pathOf = ({ kind, id }: Place): string => `/studio/${kind}s/${id}/people`
