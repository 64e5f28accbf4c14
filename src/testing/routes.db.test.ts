import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessOf } from '../platform/http/index.ts'
import { type TestPlatform, testApp, testPlatform } from './index.ts'

/** Every route that anybody may use without a right. A new one is added here on purpose, or guarded. */
const PUBLIC = [
  'GET /',
  'GET /:artist',
  'GET /:artist/:file{(?:feed\\.(?:xml|atom|json)|music\\.xml|publisher\\.xml)}',
  'GET /:artist/:file{calendar\\.ics}',
  'GET /:artist/:release',
  'GET /:artist/press',
  'GET /:artist/press/picture/:picture{(?:portrait|[0-9a-f-]{36})}',
  'GET /:artist/press/proof.jws',
  'GET /press/:token',
  'GET /press/:token/picture/:picture{(?:portrait|[0-9a-f-]{36})}',
  'GET /press/:token/proof.jws',
  'GET /press/verify',
  'GET /.well-known/jwks.json',
  'GET /:artist/:release/:file{feed\\.xml}',
  'GET /:artist/:release/:track',
  'GET /:artist/:release/:track/:file{lyrics\\.txt}',
  'GET /:artist/journal',
  'GET /:artist/journal/:file{feed\\.(?:xml|atom|json)}',
  'GET /:artist/journal/:post',
  'GET /:artist/manifest.webmanifest',
  'GET /:artist/take-part/:series/:file{feed\\.(?:xml|atom|json)}',
  'GET /:artist/take-part/:slug',
  'GET /:artist/take-part/:slug/rules',
  'POST /:artist/take-part/:slug/entries',
  'POST /:artist/take-part/:slug/follow',
  'POST /:artist/take-part/:slug/votes',
  'GET /contests/ballot/:id/:signature',
  'GET /contests/entry/:id/:signature',
  'GET /contests/jury/:id/:signature',
  'GET /contests/sent',
  'POST /contests/ballot/:id/:signature',
  'POST /contests/entry/:id/:signature',
  'POST /contests/jury/:id/:signature',
  'GET /assets/:file{[a-zA-Z0-9/_-]+\\.(?:js|css|woff2|svg)}',
  'GET /books/split/:split/:payee/:signature',
  'GET /books/statement/:id/:signature',
  'GET /books/statement/:id/:signature/:file{statement\\.(?:csv|pdf)}',
  'GET /code',
  'GET /code/:code',
  'GET /confirm/:token',
  'GET /embed/:kind{release|track}/:id',
  'GET /fan/:token',
  'GET /fan/:token/echo/:slug',
  'GET /fan/:token/erase',
  'POST /fan/:token/share',
  'GET /fan/:token/export.json',
  'GET /favicon.ico',
  'GET /share',
  'POST /share',
  'GET /s/:code',
  'GET /s/:code/pass',
  'GET /s/:code/:file{qr\\.(?:svg|png)}',
  'GET /feed.css',
  'GET /follow/:slug',
  'GET /:artist/shop',
  'GET /:artist/shop/:product',
  'POST /basket/add',
  'GET /basket',
  'POST /basket/:id/lines',
  'POST /basket/:id/order',
  'GET /order/:token',
  'GET /order/:token/papers/:place{[0-9]{1,3}\\.pdf}',
  'POST /order/:token/pay',
  'POST /order/:token/withdraw',
  'GET /terms/:seller{[0-9a-f-]{36}}',
  'GET /terms/:seller{[0-9a-f-]{36}}/:accepted{(?:en|fr)-[1-9][0-9]{0,5}}',
  'GET /library',
  'POST /library',
  'GET /library/:token',
  'GET /present/:token',
  'POST /present/:token',
  'POST /order/:token/present',
  'GET /member/:token',
  'POST /member/:token/:what{pause|leave}',
  'POST /member/:token/resume',
  'GET /healthz',
  'GET /journal/comments/:id/:signature',
  'GET /journal/comments/sent',
  'GET /journal/video/:provider/:host/:id/:signature',
  'GET /l/:code',
  'GET /leave/:token',
  'GET /leave/:token/each',
  'GET /legal',
  'GET /manifest.webmanifest',
  'GET /media/bonus/:id/:file',
  'GET /media/cover/:id/:file{[0-9]{3,4}\\.png}',
  'GET /media/icon/:kind{image|cover}/:id/:file{[0-9]{2,3}\\.png}',
  'GET /media/icon/house/:file{[0-9]{2,3}\\.png}',
  'GET /media/image/:sha{[0-9a-f]{64}}/:file{[1-9][0-9]{0,4}\\.(?:avif|webp|jpg)}',
  'GET /media/release/:id/:format',
  'GET /media/stream/:track/:file{[0-9a-f]{16}\\.(?:webm|m4a)}',
  'GET /media/track/:id/:format',
  'GET /media/video/:id/:file{(?:en|fr)\\.vtt}',
  'GET /media/video/:id/:file{film\\.(?:mp4|webm)}',
  'GET /media/waveform/:track/:file{[0-9a-f]{16}\\.bin}',
  'GET /metrics',
  'GET /oembed',
  'GET /privacy',
  'GET /q/:code',
  'GET /report',
  'GET /robots.txt',
  'GET /search',
  'GET /sitemap.xml',
  'GET /studio/enter/:token',
  'GET /studio/calendar/:file{[A-Za-z0-9_-]{32}\\.ics}',
  'GET /studio/sign-in',
  'GET /sw.js',
  'GET /studio/till/worker.js',
  'GET /take/:kind/:id',
  'GET /take/:kind/:id/:format',
  'GET /take/:kind/:id/:format/progress',
  'GET /take/link/:token',
  'GET /take/:short{[a-z2-9]{12}}',
  'GET /visitor',
  'GET /visitor/export.json',
  'GET /write/:slug',
  'POST /:artist/journal/:post/comments',
  'POST /api/listens',
  'POST /api/touches',
  'POST /books/split/:split/:payee/:signature',
  'POST /code',
  'POST /code/:code/keep',
  'POST /confirm/:token',
  'POST /fan/:token',
  'POST /fan/:token/erase',
  'POST /fan/:token/leave-all',
  'POST /fan/:token/each/:id',
  'POST /fan/:token/leave/:id',
  'POST /follow/:slug',
  'POST /hooks/android/:provider',
  'POST /hooks/mailgun/:provider',
  'POST /hooks/postmark/:provider',
  'POST /hooks/ses/:provider',
  'POST /hooks/stripe/:account',
  'POST /hooks/twilio/:provider/:what{received|status}',
  'POST /journal/comments/:id/:signature',
  'POST /leave/:token',
  'POST /leave/:token/each',
  'POST /push/:slug/join',
  'POST /push/:slug/leave',
  'POST /push/key',
  'POST /q/:code',
  'POST /report',
  'POST /studio/enter/:token',
  'POST /studio/sign-in',
  'POST /studio/sign-in/passkey',
  'POST /studio/sign-in/passkey/options',
  'POST /studio/sign-out',
  'POST /take/:kind/:id',
  'POST /take/:kind/:id/:format',
  'POST /visitor/allow',
  'POST /visitor/erase',
  'POST /visitor/object',
  'POST /websub',
  'POST /write/:slug',
]

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

test('every route is on the list of public ones, or guarded', () => {
  const gates = new Map<string, string | undefined>()
  for (const { method, path, handler } of testApp(platform).routes) {
    if (method === 'ALL') continue
    const route = `${method} ${path}`
    gates.set(route, gates.get(route) ?? accessOf(handler))
  }
  const unguarded = [...gates].filter(([, access]) => access === undefined).map(([route]) => route)
  const open = [...gates].filter(([, access]) => access === 'public').map(([route]) => route)
  expect(unguarded).toEqual([])
  expect(open.sort()).toEqual([...PUBLIC].sort())
})

test('it says that it is well', async () => {
  const answer = await testApp(platform).request('/healthz')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
})

test('a form sent by another site is refused', async () => {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    origin: 'https://elsewhere.example',
    cookie: 'session=1',
  }
  const answer = await testApp(platform).request('/healthz', { method: 'POST', headers, body: 'a=1' })
  expect(answer.status).toBe(403)
})
