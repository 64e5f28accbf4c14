/** A mail address as typed, or null when nothing could be sent there. */
export const readAddress = (text: string): string | null =>
  text.length <= 254 && /^[^\s@<>"(),;:]+@[^\s@.<>"(),;:]+(\.[^\s@.<>"(),;:]+)+$/.test(text) ? text : null
