export { listeningApi } from './api.routes.ts'
export { listeningPersonalData } from './personal-data.ts'
