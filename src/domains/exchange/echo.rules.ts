/** Of fewer people nothing is told that one of them alone may have done. */
const FLOOR = 3
/** Listens of others are told in tens, downwards. */
const STEP = 10

/** What is known of whom somebody brought, exactly. */
export type Caused = {
  /** By their own links, and in all, with those whom these brought. */
  directly: number
  people: number
  /** Listens of the first, and of all of them, since each came. */
  listensDirectly: number
  listens: number
}

/** What they may be told. `beyond`, `listens`: null when too few people are behind it, or when it is not ten yet. */
export type Echo = { directly: number; beyond: number | null; listens: number | null }

/**
 * What somebody may be told of those whom they brought: how many came by their own links, since these are their own doing; of everything else only sums over
 * three people or more, listens in tens. The same page stands for very different doings of any one of these people.
 */
export function echoOf({ directly, people, listensDirectly, listens }: Caused): Echo {
  const beyond = people - directly >= FLOOR ? people - directly : null
  const heard = beyond === null ? listensDirectly : listens
  const told = Math.floor(heard / STEP) * STEP
  return { directly, beyond, listens: directly + (beyond ?? 0) >= FLOOR && told > 0 ? told : null }
}

/** At how many people brought a thank-you is due. */
export const MILESTONES = [1, 10, 50, 100, 500, 1000] as const

/** The last milestone that was passed; null before the first. */
export const milestoneOf = (people: number): number | null => MILESTONES.findLast((n) => n <= people) ?? null
