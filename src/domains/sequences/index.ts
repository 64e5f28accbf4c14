import './tables.ts'

export { sequencesBelongings } from './belongings.ts'
export { sequencesJobs, sequencesSchedules } from './jobs.ts'
export { sequencesPersonalData } from './personal-data.ts'
export { sequencesStudio } from './studio/routes.tsx'
export { sequencesSubjects } from './subjects.views.ts'
