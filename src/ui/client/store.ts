/** Reads what was remembered; null when nothing was, or when the browser keeps nothing (a framed page, private browsing). */
export function recall<T>(area: 'localStorage' | 'sessionStorage', key: string): T | null {
  try {
    return JSON.parse(window[area].getItem(`ritornello.${key}`) ?? 'null') as T | null
  } catch {
    return null
  }
}

export function remember(area: 'localStorage' | 'sessionStorage', key: string, value: unknown): void {
  try {
    window[area].setItem(`ritornello.${key}`, JSON.stringify(value))
  } catch {
    // Full or forbidden: the page works without a memory.
  }
}
