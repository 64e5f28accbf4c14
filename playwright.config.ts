import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/chromium.mjs'

// Looked for once; the processes of the runner inherit it.
process.env.CHROMIUM_PATH ??= findChromium() ?? ''

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/support/laid-out.ts',
  outputDir: 'test-results/journeys',
  // A journey that passes the second time has not passed.
  retries: 0,
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  // What hangs is ended; how long a journey takes is the machine’s affair.
  timeout: 420_000,
  globalTimeout: 55 * 60_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    headless: true,
    locale: 'en-GB',
    timezoneId: 'Europe/Paris',
    // Recording takes a tenth of the time; `--trace retain-on-failure` asks for it.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--autoplay-policy=no-user-gesture-required',
      ],
    },
  },
  projects: [
    // Where no page is opened, or where what is asked does not depend on the screen, one is enough: accessible.spec.ts looks at every page on both.
    {
      name: 'phone',
      testIgnore:
        '**/{survive,backup,start,import,killed,mail-killed,list-killed,steps-killed,texts-killed,schedule,accessible,newcomer,visitor,keyboard,without-scripts,elsewhere,leaving,label-journal,label-reach,label-desk,books,channels,parcels,sequences,contest,contest-files,calendar,missions,series,press}.spec.ts',
      use: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
    },
    {
      name: 'desktop',
      testIgnore:
        '**/{loop,announcements,inbox,join,push,sign-in,identity,members-only,visibility,codes,till,tips,pay,given,membership,present,embed,bandcamp,echo,pass-on}.spec.ts',
      // Who asks for less motion comes by too. And nothing is drawn sixty times a second by a processor that has other things to do.
      use: { viewport: { width: 1280, height: 900 }, contextOptions: { reducedMotion: 'reduce' } },
    },
  ],
})
