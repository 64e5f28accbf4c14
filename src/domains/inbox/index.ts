export { inboxJobs } from './jobs.ts'
export { inboxPersonalData } from './personal-data.ts'
export { countWaiting } from './rail.ts'
export { inboxRoutes } from './routes.ts'
