import type { Config } from '../platform/config.ts'

/** One command: gets the configuration and its own arguments, resolves with the exit code. */
export type Command = (config: Config, args: string[]) => Promise<number>

/** Every command, loaded only when asked for: `all` must start fast. */
export const COMMANDS: Record<string, () => Promise<Command>> = {
  all: async () => (await import('./all.ts')).all,
  web: async () => (await import('./web.ts')).web,
  work: async () => (await import('./work.ts')).work,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  doctor: async () => (await import('./doctor.ts')).doctor,
  'upgrade-database': async () => (await import('./upgrade-database.ts')).upgradeDatabase,
  demo: async () => (await import('./demo.ts')).demo,
  import: async () => (await import('./import.ts')).importCommand,
  dkim: async () => (await import('./dkim.ts')).dkim,
  owner: async () => (await import('./owner.ts')).owner,
}
