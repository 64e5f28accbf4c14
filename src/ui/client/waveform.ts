import { barsOf, wavePath } from './waveform.rules.ts'

const BARS = 160
let asked = ''

/**
 * Draws the peaks at `url` (bytes of 0..255) into both paths of the bar's SVG, the whole and the part already played;
 * a plain line until they are there, or when there are none.
 */
export async function drawWaveform(bar: HTMLElement, url: string | null): Promise<void> {
  const paths = bar.querySelectorAll('[data-p=wave] path')
  const draw = (bars: number[]) => {
    for (const path of paths) {
      path.setAttribute('d', wavePath(bars))
      path.parentElement?.setAttribute('viewBox', `0 0 ${bars.length || 1} 100`)
    }
  }
  asked = url ?? ''
  draw([])
  if (!url) return
  try {
    const response = await fetch(url)
    if (!response.ok) return
    const peaks = new Uint8Array(await response.arrayBuffer())
    if (asked === url && peaks.length) draw(barsOf(peaks, BARS))
  } catch {
    // The plain line stays.
  }
}
