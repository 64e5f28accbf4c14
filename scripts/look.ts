/**
 * Screenshots of every page and state, with sample content, into `screenshots/`, and axe on each.
 * `tsx scripts/look.ts [NAME-PART] [--lang fr] [--width 390] [--scheme dark] [--zoom 2] [--no-axe] [--script | --no-js]`
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium } from '@playwright/test'
import { build } from 'esbuild'
import sharp from 'sharp'
import { deriveTheme } from '../src/ui/colour/derive.ts'
import { paletteOf } from '../src/ui/colour/palette.ts'
import type { Themes } from './look/samples.ts'
import { SCREENS } from './look/screens.tsx'

const { values: only, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lang: { type: 'string' },
    width: { type: 'string' },
    scheme: { type: 'string' },
    zoom: { type: 'string' },
    'no-axe': { type: 'boolean' },
    script: { type: 'boolean' },
    'no-js': { type: 'boolean' },
  },
})
const OUT = 'screenshots'
const files = new Map<string, { type: string; body: Buffer | string }>()

/** Sleeves drawn here, so that nobody's picture is needed: bands of wood, a salt flat, a night. */
const SLEEVES: Record<keyof Themes, string> = {
  wood: `<rect width="1200" height="1200" fill="#8a4b22"/>${Array.from({ length: 14 }, (_, i) => `<rect x="${i * 90}" width="${40 + ((i * 37) % 45)}" height="1200" fill="${['#6d3716', '#b8743a', '#d89b58', '#4a230d'][i % 4]}"/>`).join('')}<circle cx="820" cy="430" r="230" fill="#2f6f73"/>`,
  salt: `<rect width="1200" height="1200" fill="#d9e4ea"/><rect y="760" width="1200" height="440" fill="#f3efe6"/><circle cx="600" cy="600" r="210" fill="#e2725b"/><rect y="756" width="1200" height="8" fill="#7a8fa0"/>`,
  night: `<rect width="1200" height="1200" fill="#11142a"/><circle cx="300" cy="300" r="120" fill="#f2d15c"/><path d="M0 900L400 620L760 940L1200 560V1200H0z" fill="#2a2f63"/><path d="M0 1050L500 860L1200 1020V1200H0z" fill="#07081a"/>`,
}

async function drawSleeves(): Promise<Themes> {
  const themes: Partial<Themes> = {}
  for (const [name, body] of Object.entries(SLEEVES) as [keyof Themes, string][]) {
    const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="1200">${body}</svg>`)
    files.set(`/pictures/${name}.jpg`, { type: 'image/jpeg', body: await sharp(svg).jpeg({ quality: 80 }).toBuffer() })
    const pixels = await sharp(svg).resize(64, 64).ensureAlpha().raw().toBuffer()
    themes[name] = deriveTheme(paletteOf(pixels))
  }
  return themes as Themes
}

async function bundle(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: {
      site: 'src/ui/styles/site.entry.css',
      studio: 'src/ui/styles/studio.entry.css',
      main: 'src/ui/client/main.ts',
      embed: 'src/ui/client/embed.ts',
      tabs: 'src/ui/client/tabs.ts',
    },
    bundle: true,
    minify: true,
    write: false,
    outdir: '/',
    format: 'esm',
    target: ['chrome111', 'firefox115', 'safari16'],
  })
  for (const file of outputFiles) {
    const name = file.path.split('/').at(-1) ?? ''
    files.set(`/assets/${name}`, { type: name.endsWith('.css') ? 'text/css' : 'text/javascript', body: file.text })
    console.log(`${name}: ${file.contents.length} bytes, ${gzipSync(file.contents, { level: 9 }).length} compressed`)
  }
}

const assets = (name: string): string => `/assets/${name}`

const themes = await drawSleeves()
await bundle()

const server = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://look').pathname
  const font = /^\/assets\/fonts\/([\w-]+\.woff2)$/.exec(path)
  const file = font ? { type: 'font/woff2', body: readFileSync(`src/ui/fonts/${font[1]}`) } : files.get(path)
  response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' }).end(file?.body)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`

mkdirSync(OUT, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
let faults = 0
for (const lang of (['en', 'fr'] as const).filter((l) => !only.lang || l === only.lang))
  for (const scheme of (['light', 'dark'] as const).filter((s) => !only.scheme || s === only.scheme))
    for (const width of [390, 1280].filter((w) => !only.width || w === Number(only.width)))
      await lookAt(browser, lang, scheme, width)
await browser.close()
server.close()
console.log(faults ? `${faults} faults` : 'Nothing to complain about.')
process.exitCode = faults ? 1 : 0

async function lookAt(on: Browser, lang: 'en' | 'fr', scheme: 'light' | 'dark', width: number): Promise<void> {
  const context = await on.newContext({
    colorScheme: scheme,
    reducedMotion: 'reduce',
    deviceScaleFactor: width < 500 ? 1.5 : 1,
    javaScriptEnabled: !only['no-js'],
  })
  const tab = await context.newPage()
  const wanted = SCREENS.filter(({ name }) => !positionals.length || positionals.some((part) => name.includes(part)))
  for (const screen of wanted) {
    if (screen.size && width > 390) continue
    let html = String(await screen.render({ lang, assets, themes }))
    if (!only.script && !screen.size) html = html.replace(/<script type="module"[^>]*><\/script>/g, '')
    if (only.zoom) html = html.replace('<html', `<html style="font-size:${Number(only.zoom) * 100}%"`)
    files.set('/look', { type: 'text/html; charset=utf-8', body: html })
    await tab.setViewportSize(screen.size ?? { width, height: width < 500 ? 844 : 800 })
    await tab.goto(`${origin}/look`)
    await tab.evaluate(() => document.fonts.ready)
    const name = [
      screen.name,
      lang,
      scheme,
      screen.size ? null : width,
      only.zoom && `x${only.zoom}`,
      only['no-js'] && 'no-js',
    ]
      .filter(Boolean)
      .join('-')
    await tab.screenshot({ path: `${OUT}/${name}.png`, fullPage: !screen.size })
    const overflow = await tab.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    if (overflow > 0) complain(`${name}: ${overflow} px too wide`)
    if (screen.name === 'release' && width === 390 && scheme === 'light')
      console.log(`release page, ${lang}: ${gzipSync(html, { level: 6 }).length} bytes of HTML compressed`)
    if (only['no-axe'] || only['no-js']) continue
    const { violations } = await new AxeBuilder({ page: tab }).analyze()
    for (const { id, nodes } of violations)
      complain(
        `${name}: ${id}\n${nodes.map(({ html: at, any }) => `    ${at.slice(0, 160)} ${any[0]?.message ?? ''}`).join('\n')}`,
      )
  }
  await context.close()
}

function complain(sentence: string): void {
  faults++
  console.log(sentence)
}
