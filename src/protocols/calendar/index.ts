export { publicCalendar } from './routes.ts'
