type Props = { slug: string; lang: string; said: { joined: string; denied: string; failed: string; left: string } }

/** Offers notices where the browser has them; permission is asked for on the press, and never before. */
export function mount(element: HTMLElement, { slug, lang, said }: Props): undefined {
  const part = (name: string) => element.querySelector<HTMLElement>(`[data-${name}]`)
  const show = (name: string, shown: boolean) => part(name)?.toggleAttribute('hidden', !shown)
  const say = (words: string) => {
    const place = part('said')
    if (place) place.textContent = words
  }
  if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window)) {
    // On an iPhone, only what stands on the home screen may send notices.
    show('install', /iP(hone|ad|od)/.test(navigator.userAgent))
    return
  }
  const kept = `push ${slug}`
  const tell = async (what: 'join' | 'leave', body: unknown) => {
    const answer = await fetch(`/push/${slug}/${what}?lang=${lang}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${answer.status}`)
  }
  const look = () => {
    const joined = Notification.permission === 'granted' && localStorage.getItem(kept) === 'joined'
    show('offer', true)
    show('join', !joined)
    show('leave', joined)
  }
  const join = async () => {
    if ((await Notification.requestPermission()) !== 'granted') return say(said.denied)
    const registration = await navigator.serviceWorker.register('/sw.js')
    await navigator.serviceWorker.ready
    const answer = await fetch('/push/key', { method: 'POST' })
    const { key } = (await answer.json()) as { key: string }
    const subscription =
      (await registration.pushManager.getSubscription()) ??
      (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }))
    await tell('join', subscription)
    localStorage.setItem(kept, 'joined')
    look()
    say(said.joined)
  }
  const leave = async () => {
    const registration = await navigator.serviceWorker.getRegistration('/')
    const subscription = await registration?.pushManager.getSubscription()
    if (subscription) await tell('leave', { endpoint: subscription.endpoint })
    localStorage.removeItem(kept)
    look()
    say(said.left)
  }
  const failed = () => say(said.failed)
  part('join')?.addEventListener('click', () => void join().catch(failed))
  part('leave')?.addEventListener('click', () => void leave().catch(failed))
  look()
}
