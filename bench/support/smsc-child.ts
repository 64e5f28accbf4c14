/** A network of text messages (npm's `smpp`) that takes everything and sends a receipt for each, so many at once. Told what to do, and asked, by its parent. */
import { createServer, type Pdu, type Session } from 'smpp'

/** What it knows: how many it took, when the first and the last came, how many receipts were answered. */
export type SmscCounts = { taken: number; distinct: number; firstAt: number; lastAt: number; receipts: number }

const RECEIPTS_AT_ONCE = 200

let counts: Omit<SmscCounts, 'distinct'> = { taken: 0, firstAt: 0, lastAt: 0, receipts: 0 }
const recipients = new Map<string, number>()
let next = 0

/** Receipts that nobody answered yet; a session that ends gives them back, and the next that binds gets them. */
const due: string[] = []

const server = createServer((session: Session) => {
  // As networks do: what is answered is not held back until the answer before it is known to have arrived.
  session.socket.setNoDelay(true)
  const flying = new Set<string>()
  let isBound = false
  const flow = () => {
    while (isBound && due.length > 0 && flying.size < RECEIPTS_AT_ONCE && session.socket.writable) {
      const id = due.shift() as string
      flying.add(id)
      const words = `id:${id} sub:001 dlvrd:001 submit date:2611251200 done date:2611251201 stat:DELIVRD err:000 text:`
      session.deliver_sm({ source_addr: '33600000000', esm_class: 4, short_message: words }, (answer) => {
        if (!flying.delete(id)) return
        if (answer.command_status === 0) counts.receipts++
        else due.push(id)
        flow()
      })
    }
  }
  session.on('error', () => session.destroy())
  session.on('close', () => {
    isBound = false
    due.push(...flying)
    flying.clear()
  })
  session.on('bind_transceiver', (pdu: Pdu) => {
    session.send(pdu.response())
    isBound = true
    flow()
  })
  for (const command of ['enquire_link', 'unbind']) session.on(command, (pdu: Pdu) => session.send(pdu.response()))
  session.on('submit_sm', (pdu: Pdu) => {
    const id = (++next).toString(16)
    counts.taken++
    counts.firstAt ||= Date.now()
    counts.lastAt = Date.now()
    const to = pdu.destination_addr ?? ''
    recipients.set(to, (recipients.get(to) ?? 0) + 1)
    session.send(pdu.response({ message_id: id }))
    if (pdu.registered_delivery === 1) {
      due.push(id)
      flow()
    }
  })
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }))
process.on('message', (what: 'count' | 'times' | 'forget') => {
  if (what === 'count') process.send?.({ ...counts, distinct: recipients.size } satisfies SmscCounts)
  else if (what === 'times') process.send?.([...recipients])
  else {
    counts = { taken: 0, firstAt: 0, lastAt: 0, receipts: 0 }
    recipients.clear()
    due.length = 0
  }
})
