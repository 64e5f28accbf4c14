import './tables.ts'

export { labelBelongings } from './belongings.ts'
export { labelDay } from './label-day.tsx'
export { countTasks, taskRoutes as labelRoutes } from './tasks.routes.tsx'
export { datedTasks, taskById, taskThing } from './tasks.views.ts'
export { moveTask } from './write-task.ts'
