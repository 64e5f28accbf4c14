export { listeningApi } from './api.routes.ts'
export type {} from './tables.ts'
