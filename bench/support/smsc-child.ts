/** A network of text messages (npm's `smpp`) that takes everything and sends a receipt for each, so many at once. Told what to do, and asked, by its parent. */
import { createServer, type Pdu, type Session } from 'smpp'

/** What it knows: how many it took, when the first and the last came, how many receipts were answered. */
export type SmscCounts = { taken: number; distinct: number; firstAt: number; lastAt: number; receipts: number }

const RECEIPTS_AT_ONCE = 200

let counts: Omit<SmscCounts, 'distinct'> = { taken: 0, firstAt: 0, lastAt: 0, receipts: 0 }
const recipients = new Set<string>()
let next = 0

const server = createServer((session: Session) => {
  const due: string[] = []
  let flying = 0
  const flow = () => {
    while (due.length > 0 && flying < RECEIPTS_AT_ONCE && session.socket.writable) {
      flying++
      const id = due.shift()
      const words = `id:${id} sub:001 dlvrd:001 submit date:2611251200 done date:2611251201 stat:DELIVRD err:000 text:`
      session.deliver_sm({ source_addr: '33600000000', esm_class: 4, short_message: words }, () => {
        flying--
        counts.receipts++
        flow()
      })
    }
  }
  session.on('error', () => session.destroy())
  for (const command of ['bind_transceiver', 'enquire_link', 'unbind'])
    session.on(command, (pdu: Pdu) => session.send(pdu.response()))
  session.on('submit_sm', (pdu: Pdu) => {
    const id = (++next).toString(16)
    counts.taken++
    counts.firstAt ||= Date.now()
    counts.lastAt = Date.now()
    recipients.add(pdu.destination_addr ?? '')
    session.send(pdu.response({ message_id: id }))
    if (pdu.registered_delivery === 1) {
      due.push(id)
      flow()
    }
  })
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }))
process.on('message', (what: 'count' | 'forget') => {
  if (what === 'count') process.send?.({ ...counts, distinct: recipients.size } satisfies SmscCounts)
  else {
    counts = { taken: 0, firstAt: 0, lastAt: 0, receipts: 0 }
    recipients.clear()
  }
})
