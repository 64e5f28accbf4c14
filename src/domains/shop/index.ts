import './tables.ts'

export { shopBelongings } from './belongings.ts'
export { expireOrders, giveUpOrder } from './give-up-orders.ts'
export { shopPersonalData } from './personal-data.ts'
export { type NewOrder, type OrderProblem, type Placed, placeOrder } from './place-order.ts'
export { type NewRefund, type RefundProblem, recordRefund } from './refund-order.ts'
export { type Settled, type Settlement, settleOrder } from './settle-order.ts'
