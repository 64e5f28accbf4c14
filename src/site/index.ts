export { notFound, onError } from './errors.tsx'
export { metricsRoutes } from './metrics.routes.ts'
export { publicFrame, siteRoutes } from './routes.tsx'
export { PAGE_ADDRESSES, type Site } from './site.ts'
