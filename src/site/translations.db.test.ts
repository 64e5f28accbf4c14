import { afterAll, beforeAll, expect, test } from 'vitest'
import { givenRelease, type TestPlatform, testApp, testPlatform } from '../testing/index.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await testPlatform()
})
afterAll(() => platform.close())

test('many translations of a track have pages, and each stands on one of them', async () => {
  const app = testApp(platform)
  await givenRelease(platform, { artist: 'Ana Marsh', title: 'Tides', tracks: ['Ebb'] })
  await platform.pool.query(
    `insert into translations (id, recording_id, language, text, name, made_at)
     select gen_random_uuid(), r.id, 'fr', 'La mer ' || n || '.', '', now() + n * interval '1 second' from recordings r, generate_series(1, 50) n`,
  )
  const found: string[] = []
  const lengths: number[] = []
  for (let at: string | null = '/ana-marsh/tides/ebb'; at; ) {
    const html: string = await (await app.request(at, { headers: { accept: 'text/html' } })).text()
    const here = [...html.matchAll(/La mer \d+\./g)].map(([text]) => text)
    lengths.push(here.length)
    found.push(...here)
    at = /href="([^"]+)#translations">More translations</.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? null
  }
  expect(lengths).toEqual([24, 24, 2])
  expect(new Set(found).size).toBe(50)
})
