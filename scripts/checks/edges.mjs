/**
 * Who may import whom: the house's arrows, as data. Changed on purpose, with a reason in docs/decisions/.
 * rules.mjs turns these tables into rules; imports.test.mjs plants a violation of every one.
 */

/** The domains that each domain may call, through their `index.ts`. Checked to hold no cycle. */
export const mayCall = {
  identity: [],
  exchange: ['identity'],
  books: ['identity'],
  fans: ['identity', 'exchange'],
  music: ['identity', 'exchange'],
  audio: ['identity', 'exchange', 'fans', 'music'],
  journal: ['identity', 'exchange', 'fans', 'music', 'audio'],
  reach: ['identity', 'exchange', 'fans'],
  inbox: ['identity', 'exchange', 'fans', 'reach', 'journal'],
  shop: ['identity', 'exchange', 'fans', 'music', 'audio', 'books'],
  stage: ['identity', 'exchange', 'fans', 'music', 'audio'],
  listening: ['identity', 'exchange', 'fans', 'music', 'audio'],
  operations: ['identity', 'exchange', 'fans', 'music', 'audio', 'books', 'shop', 'journal', 'reach', 'stage'],
  sequences: [
    'identity',
    'exchange',
    'fans',
    'music',
    'audio',
    'books',
    'shop',
    'journal',
    'reach',
    'stage',
    'operations',
  ],
  press: ['identity', 'exchange', 'fans', 'music', 'audio', 'reach'],
  label: [
    'identity',
    'exchange',
    'books',
    'fans',
    'music',
    'audio',
    'journal',
    'reach',
    'inbox',
    'shop',
    'stage',
    'listening',
    'operations',
    'sequences',
    'press',
  ],
}

/**
 * The handlers that hear another domain's events: the file that hears -> the domains it hears.
 * Only the types of their `events.ts` cross; the table above says nothing about this relation.
 */
export const hears = {}

/** Parts of the platform that the components of `src/ui` may use. */
export const platformForUi = ['i18n', 'money']

/** Parts of the platform without I/O, clock or SQL: `*.rules.ts` may use them, and so reach the browser with them. */
export const purePlatform = ['result', 'money', 'zones', 'days', 'zip']

/** Packages that browser code may import: each one is weight on a visitor's phone. */
export const browserPackages = ['preact', '@preact/signals', 'hls.js', 'tus-js-client', '@simplewebauthn/browser']

/** Packages that live behind one port: package -> the only places that may import it. */
export const keptBehind = {
  'node-av': ['src/domains/audio/engine'],
  '@aws-sdk/client-s3': ['src/platform/storage'],
  stripe: ['src/domains/shop/payments/stripe'],
}

/** The files that load others by an address they compute: what the island loader finds in the built manifest. */
export const loadsByName = ['src/ui/client/islands.ts']

/**
 * A walk along the arrows that comes back to where it began, or null.
 * @param {Record<string, string[]>} table
 * @returns {string[] | null}
 */
export function findCycle(table) {
  const done = new Set()
  const visit = (name, trail) => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name]
    if (done.has(name)) return null
    for (const next of table[name] ?? []) {
      const cycle = visit(next, [...trail, name])
      if (cycle) return cycle
    }
    done.add(name)
    return null
  }
  for (const name of Object.keys(table)) {
    const cycle = visit(name, [])
    if (cycle) return cycle
  }
  return null
}
