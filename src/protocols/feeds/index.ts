export { feedsBelongings } from './belongings.ts'
export { feedJobs, feedSchedules } from './jobs.ts'
export { feedRoutes } from './routes.ts'
export { feedsStudio } from './studio.routes.tsx'
