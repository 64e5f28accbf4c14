import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Context, Hono } from 'hono'
import { ROOT } from '../root.ts'
import { open } from './access.ts'

/** Turns the logical name of a built file (`site.css`) into the address that serves it. */
export type Assets = { href(name: string): string; build: string }

const TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
  svg: 'image/svg+xml',
}

/** The files that the build made for browsers. Their names hold a hash of their content, so they never change. */
export function readAssets(dist = join(ROOT, 'dist')): Assets {
  const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8')) as Record<string, string>
  const { id } = JSON.parse(readFileSync(join(dist, 'built.json'), 'utf8')) as { id: string }
  return {
    build: id,
    href(name) {
      const file = manifest[name]
      if (!file) throw new Error(`The build has no file named ${name}`)
      return `/assets/${file}`
    },
  }
}

/** Serves `/assets/*`, each file read once, compressed ahead by the build. */
export function assetRoutes(dist = join(ROOT, 'dist')): Hono {
  const kept = new Map<string, Uint8Array<ArrayBuffer>>()
  const read = (path: string) => {
    const found = kept.get(path) ?? new Uint8Array(readFileSync(path))
    kept.set(path, found)
    return found
  }
  return new Hono().get('/assets/:file{[a-zA-Z0-9/_-]+\\.(?:js|css|woff2|svg)}', open, (c) => {
    const path = join(dist, 'assets', c.req.param('file'))
    if (!existsSync(path)) return c.notFound()
    const coding = bestCoding(c, path)
    c.header('Content-Type', TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream')
    c.header('Cache-Control', 'public, max-age=31536000, immutable')
    c.header('Vary', 'Accept-Encoding')
    if (coding) c.header('Content-Encoding', coding.name)
    return c.body(read(coding ? path + coding.suffix : path))
  })
}

function bestCoding(c: Context, path: string) {
  const accepted = c.req.header('accept-encoding') ?? ''
  if (accepted.includes('br') && existsSync(`${path}.br`)) return { name: 'br', suffix: '.br' }
  if (accepted.includes('gzip') && existsSync(`${path}.gz`)) return { name: 'gzip', suffix: '.gz' }
  return null
}
