/** What the browser runs when a notice comes, though no page is open: it shows it, and opens its link. Nothing else. */
export const SERVICE_WORKER = `
self.addEventListener('push', (event) => {
  let said = {}
  try { said = event.data.json() } catch {}
  const { title = location.hostname, body = '', href = '/', language = '' } = said
  event.waitUntil(self.registration.showNotification(title, { body, lang: language, tag: href, icon: '/media/icon/house/192.png', data: { href } }))
})
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const to = new URL(event.notification.data.href, location.origin)
  event.waitUntil(self.clients.openWindow(to.origin === location.origin ? to.href : '/'))
})
`.trimStart()
