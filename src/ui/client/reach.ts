/** Whether the sound's address answers: 'lost' without a network or a server that works, 'refused' on 4xx. */
export async function reach(src: string): Promise<'lost' | 'refused' | 'there'> {
  // Another origin's answer cannot be read (and the CSP may forbid asking): the browser's own word must do.
  if (new URL(src, location.href).origin !== location.origin) return navigator.onLine ? 'there' : 'lost'
  try {
    const { status } = await fetch(src, { method: 'HEAD', cache: 'no-store' })
    return status >= 500 ? 'lost' : status >= 400 ? 'refused' : 'there'
  } catch {
    return 'lost'
  }
}
