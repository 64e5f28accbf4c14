export { actorOf, guard, type WebEnv } from './guard.ts'
export { recoveryLink, setUpLink } from './links.ts'
export {
  type Action,
  type Actor,
  can,
  MANDATE_PERMISSIONS,
  type MandatePermission,
  type Role,
  type Thing,
} from './rights.rules.ts'
export { identityRoutes } from './routes.tsx'
export { withActor } from './session.ts'
export type { ArtistTable, Link, ThemeChoice } from './tables.ts'
