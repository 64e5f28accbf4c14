/** A random UUID. `crypto.randomUUID` is missing on plain http, where people do host at home. */
export const uuid = (): string =>
  '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (c) =>
    (Number(c) ^ ((crypto.getRandomValues(new Uint8Array(1))[0] ?? 0) & (15 >> (Number(c) / 4)))).toString(16),
  )

/**
 * Posts JSON and waits for the answer. 'sent' also when the server refused it for good (4xx but 408 and 429): sending the
 * same again would not help. Survives leaving the page.
 */
export async function post(url: string, body: unknown): Promise<'sent' | 'later'> {
  try {
    const { status } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      keepalive: true,
    })
    return status >= 500 || status === 408 || status === 429 ? 'later' : 'sent'
  } catch {
    return 'later'
  }
}

/** Posts JSON without an answer, also while the page is going away. */
export function beacon(url: string, body: unknown): void {
  const blob = new Blob([JSON.stringify(body)], { type: 'application/json' })
  if (!navigator.sendBeacon?.(url, blob)) void post(url, body)
}
