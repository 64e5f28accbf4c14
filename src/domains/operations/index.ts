import './tables.ts'

export { operationsBelongings } from './belongings.ts'
export { type OpenOperation, openOperations } from './contest.views.ts'
export { operationsJobs, operationsSchedules } from './jobs.ts'
export { operationPath } from './paths.rules.ts'
export { operationsPersonalData } from './personal-data.ts'
export { operationsRoutes } from './routes.tsx'
export { operationsOffers, operationsSubjects } from './subjects.views.ts'
