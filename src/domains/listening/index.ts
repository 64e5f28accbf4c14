export { listeningApi } from './api.routes.ts'
export { listeningBelongings } from './belongings.ts'
export { listeningPersonalData } from './personal-data.ts'
