import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../e2e/support/program.ts'
import { debianProgram } from './debian.ts'
import { childrenOf } from './processes.ts'
import type { Scene } from './scene.ts'

/**
 * nginx, one worker process, serving the files under `root` as a good administrator would have it; `extra` goes into its `location /`.
 * Ends with the scene. Its address comes without a slash at the end.
 */
export async function serveWithNginx(
  { folder, atEnd }: Scene,
  root: string,
  extra = '',
): Promise<{ url: string; pid: number }> {
  const nginx = debianProgram('nginx', 'nginx-light')
  const own = join(folder, 'nginx')
  mkdirSync(own, { recursive: true })
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${own}/${kind};`,
  )
  writeFileSync(
    join(own, 'nginx.conf'),
    `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off; worker_processes 1; pid ${own}/nginx.pid; error_log ${own}/error.log;
    events { worker_connections 1024; }
    http {
      access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=100;
      ${temporary.join(' ')}
      types { audio/mp4 m4a; audio/webm webm; application/zip zip; text/html html; }
      server { listen 127.0.0.1:${port}; root ${root}; location / { ${extra} } }
    }`,
  )
  const child = spawn(nginx, ['-p', own, '-c', join(own, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (bytes: Buffer) => {
    complaint += bytes.toString()
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  atEnd(() => {
    child.kill('SIGTERM')
    return ended
  })
  const url = `http://127.0.0.1:${port}`
  for (let waited = 0; waited < 5000; waited += 20) {
    if (child.exitCode !== null) break
    if (await fetch(url).catch(() => null)) return { url, pid: childrenOf(child.pid ?? 0)[0] ?? 0 }
    await sleep(20)
  }
  throw new Error(`nginx does not serve: ${complaint}`)
}
