export type PostalAddress = { lines?: string[]; postcode?: string; city?: string; region?: string }
