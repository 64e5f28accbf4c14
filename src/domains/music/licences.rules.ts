/** What others may do with the music. Identifiers are those of SPDX in lower case; `all-rights-reserved` is ours. */
export type LicenceTerms = { name: { en: string; fr: string }; url: string | null }

const cc = (en: string, fr: string, code: string, version: string): LicenceTerms => ({
  name: { en: `Creative Commons ${en} ${version}`, fr: `Creative Commons ${fr} ${version}` },
  url: `https://creativecommons.org/licenses/${code}/${version}/`,
})

/** The licences that an artist may choose, from the most closed to the most open, by the official names of each language. */
const CODES = ['by-nc-nd', 'by-nc-sa', 'by-nc', 'by-nd', 'by-sa', 'by'] as const
const WORDS: Record<(typeof CODES)[number], [en: string, fr: string]> = {
  'by-nc-nd': [
    'Attribution-NonCommercial-NoDerivatives',
    'Attribution – Pas d’Utilisation Commerciale – Pas de Modification',
  ],
  'by-nc-sa': [
    'Attribution-NonCommercial-ShareAlike',
    'Attribution – Pas d’Utilisation Commerciale – Partage dans les Mêmes Conditions',
  ],
  'by-nc': ['Attribution-NonCommercial', 'Attribution – Pas d’Utilisation Commerciale'],
  'by-nd': ['Attribution-NoDerivatives', 'Attribution – Pas de Modification'],
  'by-sa': ['Attribution-ShareAlike', 'Attribution – Partage dans les Mêmes Conditions'],
  by: ['Attribution', 'Attribution'],
}

const RESERVED: LicenceTerms = { name: { en: 'All rights reserved', fr: 'Tous droits réservés' }, url: null }
const ZERO: LicenceTerms = {
  name: { en: 'CC0 1.0, given to the public domain', fr: 'CC0 1.0, versé au domaine public' },
  url: 'https://creativecommons.org/publicdomain/zero/1.0/',
}

/** The identifiers to choose from, in the order of a menu. */
export const LICENCES: readonly string[] = ['all-rights-reserved', ...CODES.map((code) => `cc-${code}-4.0`), 'cc0-1.0']

const EARLIER = /^cc-(by(?:-nc)?(?:-sa|-nd)?)-([1-4]\.[05])$/

/**
 * Name and address of a licence, or null for an identifier that is none. Earlier versions of Creative Commons, as found in the
 * tags of imported files, are understood although they are not offered.
 */
export function licenceTerms(id: string): LicenceTerms | null {
  if (id === 'all-rights-reserved') return RESERVED
  if (id === 'cc0-1.0') return ZERO
  const [, code, version] = EARLIER.exec(id) ?? []
  const words = WORDS[code as keyof typeof WORDS]
  return words && code && version ? cc(words[0], words[1], code, version) : null
}
