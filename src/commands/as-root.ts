import { existsSync } from 'node:fs'

type Surroundings = { uid: number | undefined; env: NodeJS.ProcessEnv; exists: (path: string) => boolean }

const MARKS = ['/.dockerenv', '/run/.containerenv']

/**
 * What to tell whoever started the program as root, in one line; null for any other user, and in a container (Docker, Podman, systemd-nspawn,
 * Kubernetes), whose root has only what it was given.
 */
export function rootWarning({ uid, env, exists }: Surroundings = here()): string | null {
  const contained = env['container'] || env['KUBERNETES_SERVICE_HOST'] || MARKS.some(exists)
  if (uid !== 0 || contained) return null
  return 'Ritornello runs as root; make a user of its own for it, give it DATA_DIR, and start it as that user: whoever broke into it would have the whole machine.'
}

const here = (): Surroundings => ({ uid: process.getuid?.(), env: process.env, exists: existsSync })
