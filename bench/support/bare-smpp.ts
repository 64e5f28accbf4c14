/** The baseline of `fanout-sms`: npm's `smpp`, one session, so many without an answer, receipts answered and forgotten. Prints nothing; ends when all are answered. */
import { connect } from 'smpp'

const { port, count, window, text, receipts } = JSON.parse(process.argv[2] ?? '{}')
const session = connect({ host: '127.0.0.1', port }, () =>
  session.bind_transceiver({ system_id: 'bare', password: 'secret' }, () => {
    for (let n = 0; n < window; n++) one()
  }),
)
let begun = 0
let answered = 0
let received = 0
const done = () => {
  if (answered === count && (!receipts || received === count)) process.exit(0)
}
function one(): void {
  if (begun === count) return
  const n = ++begun
  session.submit_sm(
    {
      source_addr: '33700000000',
      destination_addr: `33600${String(n).padStart(6, '0')}`,
      short_message: `${text} ${n}`,
      registered_delivery: receipts ? 1 : 0,
    },
    () => {
      answered++
      one()
      done()
    },
  )
}
// As ours does: without it the two would wait for each other's acknowledgements.
session.socket.setNoDelay(true)
session.on('deliver_sm', (pdu) => {
  session.send(pdu.response())
  received++
  done()
})
