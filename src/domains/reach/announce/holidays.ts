type Calendar = (country: string, day: string) => boolean

let reading: Promise<Calendar> | null = null

/**
 * Says whether a day (`2026-12-25`) is a public holiday of a whole country, by the list that the package `date-holidays` keeps. A country that it
 * does not know has none. The list is large, and read when somebody asks.
 */
export const publicHolidays = (): Promise<Calendar> => {
  reading ??= read()
  return reading
}

async function read(): Promise<Calendar> {
  const { default: Holidays } = await import('date-holidays')
  const known = new Map<string, Set<string>>()
  return (country, day) => {
    const year = day.slice(0, 4)
    const key = `${country} ${year}`
    let days = known.get(key)
    if (!days) {
      const found = new Holidays(country).getHolidays(Number(year)) ?? []
      days = new Set(found.filter(({ type }) => type === 'public').map(({ date }) => date.slice(0, 10)))
      known.set(key, days)
    }
    return days.has(day)
  }
}
