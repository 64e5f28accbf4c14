/** Where a seller's terms stand: those that count now, or a text as it was accepted. */
export const termsPath = (sellerId: string, accepted?: { version: string; language: string }): string =>
  accepted && /^[1-9]\d*$/.test(accepted.version)
    ? `/terms/${sellerId}/${accepted.language}-${accepted.version}`
    : `/terms/${sellerId}`
