import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { dayIn, isDay } from '../../../platform/days.ts'
import { send } from '../../../platform/http/index.ts'
import { isId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { actorOf, guard, readForm, smallBody, type WebEnv } from '../../identity/index.ts'
import { imageSentence } from '../../music/index.ts'
import { sellerZone } from '../order.store.ts'
import { orderById } from '../order.views.ts'
import { sendEvidence } from '../payments/send-evidence.ts'
import { showOrder } from '../studio/show-order.tsx'
import { dropProof, keepProof, type ProofProblem } from './keep-proof.ts'
import { parcelById, proofById } from './parcels.views.ts'
import { words } from './words.ts'

const UUID = '[0-9a-f-]{36}'
const MOST_BYTES = 10_000_000

/** What shows that a parcel was handed over: kept, shown, and laid beside a dispute. */
export function proofsStudio(platform: Platform): Hono<WebEnv> {
  const { db, now, storage } = platform
  const artistOf = async (orderId: string | undefined) => {
    const order = orderId ? await orderById(db, orderId) : null
    return order?.artistId ? { kind: 'artist' as const, artistId: order.artistId } : null
  }
  const ofOrder = guard('orders.handle', (c) => artistOf(c.req.param('id')))
  const ofParcel = guard('orders.handle', async (c) =>
    artistOf((await parcelById(db, c.req.param('id') ?? ''))?.orderId),
  )
  const ofProof = guard('orders.handle', async (c) => artistOf((await proofById(db, c.req.param('id') ?? ''))?.orderId))

  const sentence = (c: Context<WebEnv>, problem: ProofProblem) => {
    const { lang } = c.var.page
    return typeof problem === 'string' ? words(lang)(`proof_problem_${problem}`) : imageSentence(problem, lang)
  }
  const tooLarge = (c: Context<WebEnv>) => c.text(words(c.var.page.lang)('proof_problem_large'), 413)

  return new Hono<WebEnv>()
    .post(
      `/studio/parcels/:id{${UUID}}/proofs`,
      ofParcel,
      bodyLimit({ maxSize: MOST_BYTES + 100_000, onError: tooLarge as never }),
      async (c) => {
        const parcel = await parcelById(db, c.req.param('id'))
        const order = parcel && (await orderById(db, parcel.orderId))
        if (!parcel || !order) return c.notFound()
        const t = words(c.var.page.lang)
        const posted = await readForm(c)
        const of = (name: string) => `${name}_${parcel.id}`
        const [key, handedOn] = [posted.text('key'), posted.text(of('handedOn'))]
        const today = dayIn(now(), await sellerZone(db, order.sellerId))
        if (handedOn && (!isDay(handedOn) || handedOn > today))
          return showOrder({ db, now }, c, order.id, { [of('handedOn')]: t('proof_problem_day') }, posted.text)
        if (!isId(key)) return showOrder({ db, now }, c, order.id, { '': t('problem_gone') }, posted.text)
        const file = posted.file(of('proof'))
        const kept = await keepProof(platform, {
          ...{ parcelId: parcel.id, key, handedOn: handedOn || null },
          reference: posted.text(of('reference')).replace(/\s+/g, ' ').slice(0, 60),
          file: file && { name: file.name, content: Buffer.from(await file.arrayBuffer()) },
          by: actorOf(c).accountId,
        })
        if (!kept.ok)
          return showOrder({ db, now }, c, order.id, { [of('proof')]: sentence(c, kept.error) }, posted.text)
        return c.redirect(`/studio/orders/${order.id}?done=proof`, 303)
      },
    )
    .get(`/studio/parcels/proofs/:id{${UUID}}`, ofProof, async (c) => {
      const { id, storageKey, size, fileName } = (await proofById(db, c.req.param('id'))) ?? {}
      if (!id || !storageKey || !size) return c.notFound()
      c.header('X-Content-Type-Options', 'nosniff')
      return send(
        c,
        storage,
        {
          pieces: [{ key: storageKey, size }],
          type: 'application/octet-stream',
          etag: `"${id}"`,
          cache: 'private',
          fileName: fileName || 'proof',
        },
        platform.config.accelPrefix,
      )
    })
    .post(`/studio/parcels/proofs/:id{${UUID}}/drop`, ofProof, smallBody, async (c) => {
      const proof = await proofById(db, c.req.param('id'))
      if (!proof) return c.notFound()
      await dropProof(platform, proof.id)
      return c.redirect(`/studio/orders/${proof.orderId}?done=dropped`, 303)
    })
    .post(`/studio/orders/:id{${UUID}}/evidence`, ofOrder, smallBody, async (c) => {
      const orderId = c.req.param('id')
      const laid = await sendEvidence(platform, { orderId })
      if (laid.ok) return c.redirect(`/studio/orders/${orderId}?done=evidence`, 303)
      const t = words(c.var.page.lang)
      const { error } = laid
      const says = 'says' in error ? error.says : ''
      return showOrder({ db, now }, c, orderId, { '': t(`evidence_problem_${error.problem}`, { says }) })
    })
}
