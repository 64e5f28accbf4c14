export { oembedRoutes } from './routes.ts'
