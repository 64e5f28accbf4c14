import pino from 'pino'

export type Log = pino.Logger

/** One JSON line an event on standard error, so that standard output keeps its promises (`--json`, the ready line). */
export const createLog = (name: string): Log =>
  pino({ name, level: process.env['LOG_LEVEL'] ?? 'info' }, pino.destination({ dest: 2, sync: true }))
