// Run after `npm install`: npm leaves out of package-lock.json the optional packages of other platforms that its registry did not show, and then `npm ci` refuses
// the lock file. This adds them, by the version that their parent asks for; npm skips them wherever the platform differs.
import { readFileSync, writeFileSync } from 'node:fs'

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))
const packages = lock.packages
const OS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32', 'aix', 'sunos', 'netbsd', 'openbsd']
const CPU = {
  arm64: 'arm64',
  x64: 'x64',
  ia32: 'ia32',
  ppc64: 'ppc64',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
  arm: 'arm',
  'arm-eabi': 'arm',
  'arm-gnueabihf': 'arm',
  'arm-musleabihf': 'arm',
  universal: undefined,
}

for (const [parent, entry] of Object.entries({ ...packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`
    if (packages[place] || packages[`${parent}/${place}`] || !/^\d/.test(version)) continue
    const words = name.split(/[/-]/)
    const os = OS.find((word) => words.includes(word))
    const cpu = Object.keys(CPU)
      .sort((a, b) => b.length - a.length)
      .find((word) => `-${name}-`.includes(`-${word}-`))
    if (!os) continue
    packages[place] = {
      version,
      ...(CPU[cpu] ? { cpu: [CPU[cpu]] } : {}),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
      os: [os],
    }
    console.log(`added ${name}@${version} (${os} ${cpu})`)
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
