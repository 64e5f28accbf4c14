import { fail, ok, type Result } from '../../platform/result.ts'

/** What a person or a tag gave is not an identifier: its shape is wrong, or its check digit contradicts the others. */
export type IdentifierError = 'malformed' | 'check-digit'

export type Barcode = {
  /** As printed: 8, 12, 13 or 14 digits. */
  digits: string
  kind: 'ean-8' | 'upc-a' | 'ean-13' | 'gtin-14'
  /** The same number as shops compare it, padded with zeros on the left (GS1 General Specifications). */
  gtin14: string
}

const ISRC = /^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$/
const DASHES = /[\s\-\u2010-\u2015\u2212]/g

/**
 * Reads an International Standard Recording Code (ISO 3901) however it was written, and returns the twelve
 * characters that are stored: country and registrant (five), year (two digits), designation (five digits).
 */
export function parseIsrc(text: string): Result<string, IdentifierError> {
  const bare = text
    .normalize('NFKC')
    .replace(/^\s*ISRC[\s:]*/i, '')
    .replace(DASHES, '')
    .toUpperCase()
  return ISRC.test(bare) ? ok(bare) : fail('malformed')
}

/** The form people read: `FR-Z03-14-00123`. Takes the stored form. */
export function formatIsrc(isrc: string): string {
  return `${isrc.slice(0, 2)}-${isrc.slice(2, 5)}-${isrc.slice(5, 7)}-${isrc.slice(7)}`
}

/** The last digit of a GTIN, from all the digits before it: weights 3 and 1 in turn, from the right (GS1). */
export function gtinCheckDigit(body: string): number {
  let sum = 0
  for (let i = 0; i < body.length; i++) {
    const weight = (body.length - i) % 2 === 1 ? 3 : 1
    sum += weight * Number(body[i])
  }
  return (10 - (sum % 10)) % 10
}

const KINDS: Record<number, Barcode['kind']> = { 8: 'ean-8', 12: 'upc-a', 13: 'ean-13', 14: 'gtin-14' }

/** Reads a UPC or EAN, spaces and hyphens forgiven, the check digit verified. */
export function parseBarcode(text: string): Result<Barcode, IdentifierError> {
  const digits = text
    .normalize('NFKC')
    .replace(/^\s*(?:UPC|EAN|GTIN)[\s:]*/i, '')
    .replace(DASHES, '')
  const kind = /^[0-9]+$/.test(digits) ? KINDS[digits.length] : undefined
  if (!kind) return fail('malformed')
  if (gtinCheckDigit(digits.slice(0, -1)) !== Number(digits.at(-1))) return fail('check-digit')
  return ok({ digits, kind, gtin14: digits.padStart(14, '0') })
}

const CONTROL = /[\p{Cc}\p{Cf}]/gu
const MAX_CATALOGUE_NUMBER = 60

/** A catalogue number is whatever the label writes on the spine: only its spaces are tidied. Null when nothing is left. */
export function tidyCatalogueNumber(text: string): string | null {
  const tidy = text.normalize('NFC').replace(CONTROL, ' ').replace(/\s+/g, ' ').trim()
  return tidy === '' ? null : [...tidy].slice(0, MAX_CATALOGUE_NUMBER).join('').trim()
}
