import { LOCALES, writeDate } from './dates.ts'
import type { Lang } from './languages.ts'

export type Formats = {
  /** "23 November 2026", "1er janvier 2026". Dates without a time are read in `zone`, UTC unless told. */
  date(value: Date, zone?: string): string
  dateTime(value: Date, zone?: string): string
  /** "November 2026". */
  month(value: Date, zone?: string): string
  /** A day of this year, for an axis: "30 Oct". */
  shortDate(value: Date): string
  number(value: number, digits?: number): string
  /** A track's length from milliseconds: "3:07", "1:02:09". */
  duration(ms: number): string
  /** A size from bytes, in decimal units: "48.2 MB", "48,2 Mo". */
  bytes(count: number): string
  list(items: string[]): string
}

const LONG = { dateStyle: 'long' } as const
const WITH_TIME = { dateStyle: 'long', timeStyle: 'short' } as const
const SHORT = { day: 'numeric', month: 'short' } as const
const MONTH = { month: 'long', year: 'numeric' } as const
const cache = new Map<Lang, Formats>()

/** How dates, numbers, lengths, sizes and lists are written in one language. */
export function formats(lang: Lang): Formats {
  const found = cache.get(lang) ?? build(lang)
  cache.set(lang, found)
  return found
}

function build(lang: Lang): Formats {
  const locale = LOCALES[lang]
  const numbers = new Intl.NumberFormat(locale)
  const byDigits = new Map<number, Intl.NumberFormat>()
  const withDigits = (digits: number) => {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits }
    const format = byDigits.get(digits) ?? new Intl.NumberFormat(locale, options)
    byDigits.set(digits, format)
    return format
  }
  const rounded = [0, 1].map((digits) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits }))
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' })
  return {
    shortDate: (value) => writeDate(value, SHORT, lang),
    date: (value, zone) => writeDate(value, LONG, lang, zone),
    dateTime: (value, zone) => writeDate(value, WITH_TIME, lang, zone),
    month: (value, zone) => writeDate(value, MONTH, lang, zone),
    number: (value, digits) => (digits === undefined ? numbers : withDigits(digits)).format(value),
    duration: clock,
    bytes: (count) => bytes(count, lang, rounded),
    list: (items) => lists.format(items),
  }
}

function clock(ms: number): string {
  const total = Math.round(ms / 1000)
  const seconds = String(total % 60).padStart(2, '0')
  const minutes = Math.floor(total / 60) % 60
  const hours = Math.floor(total / 3600)
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}

const UNITS: Record<Lang, string[]> = { en: ['B', 'kB', 'MB', 'GB', 'TB'], fr: ['o', 'ko', 'Mo', 'Go', 'To'] }

function bytes(count: number, lang: Lang, rounded: Intl.NumberFormat[]): string {
  const power = count < 1 ? 0 : Math.min(4, Math.floor(Math.log10(count) / 3))
  const value = count / 1000 ** power
  const digits = power === 0 || value >= 100 ? 0 : 1
  return `${rounded[digits]?.format(value)}\u00a0${UNITS[lang][power]}`
}
