import './tables.ts'

export { pressBelongings } from './belongings.ts'
export { pressOtherMail } from './followers/other-mail.ts'
export { pressJobs, pressSchedules } from './jobs.ts'
export { pressPath } from './paths.ts'
export { pressPersonalData } from './personal-data.ts'
export { pressPage } from './press.views.ts'
export { type PressSite, pressRoutes } from './routes.ts'
