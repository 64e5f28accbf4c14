import './tables.ts'

export { labelBelongings } from './belongings.ts'
export { labelDay } from './label-day.tsx'
export { countTasks, taskRoutes as labelRoutes } from './tasks.routes.tsx'
