import './tables.ts'

export { labelBelongings } from './belongings.ts'
export { countTasks, taskRoutes as labelRoutes } from './tasks.routes.tsx'
