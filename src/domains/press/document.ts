import type { Platform } from '../../platform/platform.ts'
import { signingKey } from './keys.store.ts'
import type { Proof } from './proofs.views.ts'
import { compactJws } from './sign.ts'
import { words } from './words.ts'

export const JWKS_PATH = '/.well-known/jwks.json'

/**
 * The figures that an artist agreed to show as a compact JWS: who says so (`iss`, `sub`, `name`), when they were drawn up (`iat` in seconds), and each with its definition in both
 * languages.
 */
export async function signedDocument(
  platform: Pick<Platform, 'db' | 'sealer' | 'now' | 'config'>,
  { slug, name, proofs }: { slug: string; name: string; proofs: Proof[] },
): Promise<string> {
  const { kid, pem } = await signingKey(platform)
  const { baseUrl } = platform.config
  const made = Math.max(0, ...proofs.map(({ madeAt }) => madeAt.getTime()))
  return compactJws(
    {
      iss: baseUrl,
      sub: `${baseUrl}/${slug}`,
      name,
      iat: Math.floor(made / 1000),
      proofs: proofs.map(({ kind, facts, madeAt }) => ({
        kind,
        made: madeAt.toISOString(),
        definition: { en: words('en')(`define_${kind}`), fr: words('fr')(`define_${kind}`) },
        ...facts,
      })),
    },
    { kid, jku: baseUrl + JWKS_PATH },
    pem,
  )
}
