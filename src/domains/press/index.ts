import './tables.ts'

export { pressBelongings } from './belongings.ts'
export { pressPath } from './paths.ts'
export { pressPage } from './press.views.ts'
export { type PressSite, pressRoutes } from './routes.ts'
