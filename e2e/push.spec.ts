import { expect } from './support/journey.ts'
import { test } from './support/label.ts'

/** The subscription that a push service would give; the journey has none to speak to. */
const ENDPOINT = 'https://push.example.com/send/abc'

test('notices are offered, asked for on a press alone, and stopped by another', async ({ page, label }) => {
  await page.addInitScript((endpoint) => {
    // A browser without windows can ask nobody, and takes that for a no: here somebody says yes.
    Notification.requestPermission = async () => 'granted'
    const permission = () => (sessionStorage.getItem('subscribed') ? 'granted' : 'default')
    Object.defineProperty(Notification, 'permission', { get: permission })
    const point = `B${'A'.repeat(86)}`
    const subscription = {
      endpoint,
      toJSON: () => ({ endpoint, keys: { p256dh: point, auth: 'A'.repeat(22) } }),
    } as unknown as PushSubscription
    PushManager.prototype.subscribe = async () => {
      sessionStorage.setItem('subscribed', 'yes')
      return subscription
    }
    PushManager.prototype.getSubscription = async () => (sessionStorage.getItem('subscribed') ? subscription : null)
  }, ENDPOINT)
  const asked: string[] = []
  page.on('request', (request) => void (request.method() === 'POST' && asked.push(new URL(request.url()).pathname)))
  await page.goto(label.harbour.url.slice(0, label.harbour.url.lastIndexOf('/')))
  const join = page.getByRole('button', { name: 'Tell me in this browser' })
  await expect(join).toBeVisible()
  expect(asked.filter((path) => path.startsWith('/push'))).toEqual([])
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0)

  await join.press('Enter')
  await expect(page.getByText('You will be told here.')).toBeVisible()
  await expect(join).toBeHidden()
  const worker = await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.scriptURL)
  expect(worker).toBe(new URL('/sw.js', label.url).href)

  // A release's page offers the same.
  await page.goto(label.harbour.url)
  await page.getByRole('button', { name: 'Stop the notices in this browser' }).click()
  await expect(page.getByText('Nothing more comes here.')).toBeVisible()
  await expect(join).toBeVisible()
  const said = asked.filter((path) => path.startsWith('/push'))
  expect(said.map((path) => path.split('/').at(-1))).toEqual(['key', 'join', 'leave'])
})
