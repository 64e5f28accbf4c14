import { describe, expect, it } from 'vitest'
import { inspectImage } from '../platform/images/index.ts'
import { demoArtists, demoReleases } from './catalogue.ts'
import { drawCover, paintCover } from './covers.ts'

describe('the demo’s catalogue', () => {
  const artists = new Set(demoArtists.map(({ slug }) => slug))

  it('has every kind of release and several licences, in both languages', () => {
    expect(new Set(demoReleases.map(({ kind }) => kind)).size).toBe(5)
    expect(new Set(demoReleases.map(({ licence }) => licence)).size).toBe(5)
    expect(new Set(demoReleases.map(({ language }) => language))).toEqual(new Set(['fr', 'en']))
    expect(demoReleases.some(({ gives }) => !gives.download)).toBe(true)
    expect(demoReleases.find(({ kind }) => kind === 'album')?.tracks).toHaveLength(8)
  })

  it('credits only its own invented artists', () => {
    for (const release of demoReleases) {
      const named = [release.artist, ...release.tracks.flatMap((track) => track.artists ?? [])]
      const credited = [release, ...release.tracks].flatMap(({ credits }) => credits ?? []).map(({ artist }) => artist)
      for (const slug of [...named, ...credited]) expect(artists).toContain(slug)
    }
  })

  it('never plays the same piece twice, and calls nothing by the same address', () => {
    const seeds = demoReleases.flatMap(({ tracks }) => tracks.map(({ style, seed }) => `${style}/${seed}`))
    expect(new Set(seeds).size).toBe(seeds.length)
    const slugs = [...artists, ...demoReleases.map(({ slug }) => slug)]
    expect(new Set(slugs).size).toBe(slugs.length)
    for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9-]+$/)
  })
})

describe('sleeves', () => {
  it('are drawn the same each time, and none like another', () => {
    const drawn = [...demoReleases.map(({ sleeve }) => sleeve), ...demoArtists.map(({ portrait }) => portrait)]
    expect(new Set(drawn.map(drawCover)).size).toBe(drawn.length)
    for (const sleeve of drawn) expect(drawCover(sleeve)).toBe(drawCover(sleeve))
  })

  it('become pictures that our own intake accepts', async () => {
    const painted = await paintCover({
      seed: 'x',
      manner: 'tide',
      palette: ['#ffffff', '#112233', '#334455', '#ffeecc', '#cc5500'],
    })
    expect(await inspectImage(painted.bytes)).toMatchObject({
      ok: true,
      value: { format: 'jpeg', width: 1400, height: 1400 },
    })
  })
})
