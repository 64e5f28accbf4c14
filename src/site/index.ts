export { notFound, onError } from './errors.tsx'
export { metricsRoutes } from './metrics.routes.ts'
export { publicFrame, siteRoutes } from './routes.tsx'
export { pageKeeping, type Site } from './site.ts'
