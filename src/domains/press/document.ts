import type { Platform } from '../../platform/platform.ts'
import { signingKey } from './keys.store.ts'
import { proofDefinition } from './proof-view.tsx'
import type { Of } from './proofs.rules.ts'
import type { Proof } from './proofs.views.ts'
import { compactJws } from './sign.ts'

export const JWKS_PATH = '/.well-known/jwks.json'

/** What a document is about: its page's path, its name, and of a release whose it is. */
type About = { of: Of; path: string; name: string; by?: string }

/**
 * The figures that an artist agreed to show as a compact JWS: who says so (`iss`) of what (`sub`, `name`, `by`), when they were drawn up (`iat` in seconds), and each with its definition in both
 * languages.
 */
export async function signedDocument(
  platform: Pick<Platform, 'db' | 'sealer' | 'now' | 'config'>,
  { of, path, name, by, proofs }: About & { proofs: Proof[] },
): Promise<string> {
  const { kid, pem } = await signingKey(platform)
  const { baseUrl } = platform.config
  const made = Math.max(0, ...proofs.map(({ madeAt }) => madeAt.getTime()))
  return compactJws(
    {
      iss: baseUrl,
      sub: baseUrl + path,
      name,
      ...(by !== undefined && { by }),
      iat: Math.floor(made / 1000),
      proofs: proofs.map(({ kind, facts, madeAt }) => ({
        kind,
        made: madeAt.toISOString(),
        definition: { en: proofDefinition(of, kind, 'en'), fr: proofDefinition(of, kind, 'fr') },
        ...facts,
      })),
    },
    { kid, jku: baseUrl + JWKS_PATH },
    pem,
  )
}
