import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import { open } from '../../../platform/http/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { WebEnv } from '../../identity/index.ts'
import { accountById, type PaymentAccount, unsealed } from './accounts.store.ts'
import { heardBefore, learn } from './learn.ts'
import { providerOf } from './providers.ts'
import { problemOf } from './stripe/stripe.ts'
import { aboutOf } from './stripe/told.ts'
import { verified } from './stripe/verified.ts'

/** Events hold whole objects; Stripe's are far smaller. */
const LIMIT = bodyLimit({ maxSize: 512 * 1024 })

const Event = z.object({
  id: z.string().regex(/^evt_\w{1,100}$/),
  object: z.literal('event'),
  type: z.string(),
  livemode: z.boolean(),
  account: z.string().optional(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
})

/**
 * What providers of payments tell us. Only what is signed is heard, and even that only says that something happened: what did, we ask. Answered with an error,
 * they say it again, for days.
 */
export function paymentHooks(platform: Platform): Hono<WebEnv> {
  const { db, sealer, log, now } = platform

  /** Of whom an event speaks at this address: its own account, or one on its platform. */
  async function meant(account: PaymentAccount, on: string | undefined): Promise<PaymentAccount | null> {
    if (!on || on === account.account) return account
    return (
      (await db
        .selectFrom('paymentAccounts')
        .selectAll()
        .where('via', '=', account.id)
        .where('account', '=', on)
        .where('isLive', '=', account.isLive)
        .executeTakeFirst()) ?? null
    )
  }

  return new Hono<WebEnv>().post('/hooks/stripe/:account', open, LIMIT, async (c) => {
    const id = c.req.param('account')
    const endpoint = isId(id) ? await accountById(db, id) : null
    const secrets = endpoint && unsealed(sealer, endpoint.id, endpoint.secrets)
    const raw = Buffer.from(await c.req.arrayBuffer())
    const signed = secrets?.hooks ?? []
    if (!endpoint || !(await verified(raw, c.req.header('stripe-signature') ?? '', signed, now())))
      return c.text('This is not signed as it should be.', 403)
    const read = Event.safeParse(parse(raw))
    if (!read.success) return c.text('This is no event.', 400)
    const event = read.data
    await db.updateTable('paymentAccounts').set({ heardAt: now() }).where('id', '=', endpoint.id).execute()
    const account = event.livemode === endpoint.isLive ? await meant(endpoint, event.account) : null
    const about = aboutOf(event as Parameters<typeof aboutOf>[0])
    // Of others, or of what is none of ours: heard, and let go.
    if (!account || !about) return c.body(null, 204)
    if ((await heardBefore(platform, account.id, [event.id])).size > 0) return c.body(null, 204)
    try {
      const provider = await providerOf(platform, account)
      await learn(platform, account, provider, about, { event: event.id, kind: event.type })
    } catch (error) {
      log.error({ account: account.id, event: event.id, problem: problemOf(error) }, 'an event could not be taken in')
      return c.text('Not now: say it again.', 503)
    }
    return c.body(null, 204)
  })
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return null
  }
}
