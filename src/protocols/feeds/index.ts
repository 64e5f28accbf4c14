export { feedJobs, feedSchedules } from './jobs.ts'
export { feedRoutes } from './routes.ts'
