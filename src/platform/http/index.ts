export { accessOf, deciding, open } from './access.ts'
export { clientAddressReader } from './client-address.ts'
export { allow, forgetOldLimits, type Limit } from './rate-limit.ts'
export { sameOriginOnly, securityHeaders } from './security.ts'
