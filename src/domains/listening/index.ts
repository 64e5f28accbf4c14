export { listeningApi } from './api.routes.ts'
