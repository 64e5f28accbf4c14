const ISO = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/
const DAY_FIRST = /^(?:(?:(\d{1,2})[/.])?(\d{1,2})[/.])?(\d{4})$/

/**
 * A release date as a person writes it: `2026`, `2026-11`, `2026-11-23`, `23/11/2026`, `11/2026`. Answers in ISO order, as precise as
 * what was written; null for what is no day that exists.
 */
export function readReleaseDate(text: string): string | null {
  const iso = ISO.exec(text.trim())
  const dayFirst = iso ? null : DAY_FIRST.exec(text.trim())
  const [year, month, day] = iso ? iso.slice(1) : dayFirst ? [dayFirst[3], dayFirst[2], dayFirst[1]] : []
  if (!year || Number(year) < 1860 || Number(year) > 2200) return null
  if (month === undefined) return year
  const m = Number(month)
  if (m < 1 || m > 12) return null
  if (day === undefined) return `${year}-${two(m)}`
  const last = new Date(Date.UTC(Number(year), m, 0)).getUTCDate()
  return Number(day) >= 1 && Number(day) <= last ? `${year}-${two(m)}-${two(Number(day))}` : null
}

const two = (n: number) => String(n).padStart(2, '0')
