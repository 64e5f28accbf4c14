import { TILL_CACHE } from './till.rules.ts'

/**
 * What the browser runs between a till's page and the network: without a connection, the page that was last there opens again, with its sales, which are kept
 * apart from it. What the network says counts whenever it answers; who was signed out, or has no right any more, leaves nothing here. After two days
 * nothing is shown.
 */
export const TILL_WORKER = `
const CACHE = '${TILL_CACHE}'
const PAGE = /^\\/studio\\/till\\/[0-9a-f-]{36}$/
const KEPT_MS = 2 * 24 * 3600 * 1000
self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate' && PAGE.test(url.pathname)) event.respondWith(page(request, url.pathname))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request))
})
async function page(request, path) {
  const cache = await caches.open(CACHE)
  let answer
  try {
    answer = await fetch(request)
  } catch (error) {
    const kept = await cache.match(path)
    if (kept && Date.now() - Date.parse(kept.headers.get('date') || '') < KEPT_MS) return kept
    throw error
  }
  if (answer.status === 200 && !answer.redirected) await cache.put(path, answer.clone()).catch(() => {})
  else if (answer.status < 500) await cache.delete(path)
  return answer
}
// Their names change with what is in them.
async function asset(request) {
  const cache = await caches.open(CACHE)
  return (await cache.match(request.url)) || fetch(request)
}
`.trimStart()
