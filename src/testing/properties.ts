import fc from 'fast-check'

/**
 * A property that does not hold says so at once, with its seed and its path. To look for a smaller example is a whole run on the database for each try,
 * and the test would be ended by its time before it had said anything; who mends it asks for one: `{ seed, path, endOnFailure: false }`.
 * So is a run that stands still.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true, timeout: 120_000 })
