/**
 * Student's t distribution. The incomplete beta function by its continued fraction (Abramowitz and Stegun 26.5.8, evaluated as Lentz does),
 * the logarithm of the gamma function by Lanczos (g = 7, nine terms). Good to about ten digits for degrees of freedom from 1 on.
 */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

function logGamma(x: number): number {
  const z = x - 1
  const t = z + 7.5
  const sum = LANCZOS.reduce((total, c, i) => (i ? total + c / (z + i) : c), 0)
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum)
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m <= 10_000; m++) {
    for (const step of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / away(1 + step * d)
      c = away(1 + step / c)
      h *= c * d
    }
    if (Math.abs(c * d - 1) < 1e-14) break
  }
  return h
}

function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b
}

/** Above so many degrees of freedom the distribution is taken at so many: it differs from the normal one by less than a millionth. */
const MANY = 1e6

/** How likely a value outside of ±t is. */
export function studentTails(t: number, freedom: number): number {
  const df = Math.min(freedom, MANY)
  return incompleteBeta(df / (df + t * t), df / 2, 0.5)
}

/** The t that a value exceeds, on either side together, once in 1/`tails`. */
export function studentQuantile(tails: number, freedom: number): number {
  let high = 2
  while (studentTails(high, freedom) > tails) high *= 2
  let low = 0
  for (let step = 0; step < 80 && high - low > 1e-12 * high; step++) {
    const middle = (low + high) / 2
    if (studentTails(middle, freedom) > tails) low = middle
    else high = middle
  }
  return (low + high) / 2
}
