import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { allow, type Limit, open } from '../../../platform/http/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { deviceName } from '../device.rules.ts'
import { safeNext, smallBody } from '../form.ts'
import { actorOf, type WebEnv } from '../guard.ts'
import { ownAccount } from '../things.ts'
import { addPasskey, askForPasskey, offerPasskey, signInWithPasskey } from './passkeys.ts'
import { replaceSession } from './routes.tsx'

const LIMIT: Limit = { name: 'passkey', most: 60, windowSeconds: 15 * 60 }

const Answer = z.object({
  id: z.string().refine(isId),
  next: z.string().optional(),
  // Its inside is the library's to read, and to refuse.
  response: z.looseObject({ id: z.string(), rawId: z.string(), response: z.looseObject({}), type: z.string() }),
})

/** The two passkey ceremonies, each in two requests of our own script: `islands/passkey.tsx`. */
export function passkeyRoutes(platform: Platform): Hono<WebEnv> {
  const app = new Hono<WebEnv>()
  const refuse = (c: Context<WebEnv>, status: 400 | 429 = 400) => c.json({ error: 'refused' }, status)

  app.post('/studio/account/passkeys/options', ownAccount, async (c) =>
    c.json(await offerPasskey(platform, actorOf(c))),
  )

  app.post('/studio/account/passkeys', ownAccount, smallBody, async (c) => {
    const answer = Answer.safeParse(await c.req.json().catch(() => null))
    if (!answer.success) return refuse(c)
    const { id, response } = answer.data
    const added = await addPasskey(platform, actorOf(c), {
      id,
      response: response as unknown as RegistrationResponseJSON,
      name: deviceName(c.req.header('user-agent')),
    })
    return added.ok ? c.json({ id: added.value.id }) : refuse(c)
  })

  app.post('/studio/sign-in/passkey/options', open, async (c) => {
    if (!(await allow(platform, LIMIT, c.get('address')))) return refuse(c, 429)
    return c.json(await askForPasskey(platform))
  })

  app.post('/studio/sign-in/passkey', open, smallBody, async (c) => {
    if (!(await allow(platform, LIMIT, c.get('address')))) return refuse(c, 429)
    const answer = Answer.safeParse(await c.req.json().catch(() => null))
    if (!answer.success) return refuse(c)
    const { id, response, next } = answer.data
    const signedIn = await signInWithPasskey(platform, {
      id,
      response: response as unknown as AuthenticationResponseJSON,
      device: deviceName(c.req.header('user-agent')),
    })
    if (!signedIn.ok) return refuse(c)
    await replaceSession(platform, c, signedIn.value.session)
    return c.json({ href: safeNext(next) ?? '/studio' })
  })
  return app
}
