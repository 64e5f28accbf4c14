/** A second-order section, coefficients after R. Bristow-Johnson's cookbook, run in place (transposed form II). */
export type Biquad = { b0: number; b1: number; b2: number; a1: number; a2: number }

export function runBiquad(samples: Float32Array, { b0, b1, b2, a1, a2 }: Biquad): void {
  let z1 = 0
  let z2 = 0
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i] as number
    const y = b0 * x + z1
    z1 = b1 * x - a1 * y + z2
    z2 = b2 * x - a2 * y
    samples[i] = y
  }
}

export function highPass(rate: number, frequency: number, q = Math.SQRT1_2): Biquad {
  const { cos, alpha, a0 } = angles(rate, frequency, q)
  return {
    b0: (1 + cos) / 2 / a0,
    b1: -(1 + cos) / a0,
    b2: (1 + cos) / 2 / a0,
    a1: (-2 * cos) / a0,
    a2: (1 - alpha) / a0,
  }
}

export function peak(rate: number, frequency: number, q: number, decibels: number): Biquad {
  const { cos, alpha } = angles(rate, frequency, q)
  const a = 10 ** (decibels / 40)
  const a0 = 1 + alpha / a
  return {
    b0: (1 + alpha * a) / a0,
    b1: (-2 * cos) / a0,
    b2: (1 - alpha * a) / a0,
    a1: (-2 * cos) / a0,
    a2: (1 - alpha / a) / a0,
  }
}

export function highShelf(rate: number, frequency: number, decibels: number): Biquad {
  const { cos, alpha } = angles(rate, frequency, Math.SQRT1_2)
  const a = 10 ** (decibels / 40)
  const root = 2 * Math.sqrt(a) * alpha
  const a0 = a + 1 - (a - 1) * cos + root
  return {
    b0: (a * (a + 1 + (a - 1) * cos + root)) / a0,
    b1: (-2 * a * (a - 1 + (a + 1) * cos)) / a0,
    b2: (a * (a + 1 + (a - 1) * cos - root)) / a0,
    a1: (2 * (a - 1 - (a + 1) * cos)) / a0,
    a2: (a + 1 - (a - 1) * cos - root) / a0,
  }
}

function angles(rate: number, frequency: number, q: number): { cos: number; alpha: number; a0: number } {
  const w = (2 * Math.PI * frequency) / rate
  const alpha = Math.sin(w) / (2 * q)
  return { cos: Math.cos(w), alpha, a0: 1 + alpha }
}
