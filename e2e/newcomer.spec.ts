import { dirname } from 'node:path'
import { HARBOUR, writeAlbum } from './support/album.ts'
import { dropOn } from './support/drop.ts'
import { expect, PHONE, test } from './support/journey.ts'
import { becomeOwner, openArtist } from './support/owner.ts'
import { givePasskeyDevice } from './support/passkey.ts'
import { expectSound, heard, listenIn } from './support/sound.ts'
import { tagsIn } from './support/tags.ts'

// Half a minute of it is music that is really heard.
test('from nothing to a page that plays, and what came back', async ({ page, program, another }) => {
  const folder = await writeAlbum(dirname(program.dataDir), HARBOUR)

  await test.step('the set-up link makes the owner, with a passkey', async () => {
    await givePasskeyDevice(page)
    await becomeOwner(page, program)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await expect(page.getByText('The passkey was added')).toBeVisible()
    await openArtist(page, HARBOUR.artist)
  })

  await test.step('a folder is dropped, and seen understood before anything is made of it', async () => {
    await page.getByRole('link', { name: 'Give music' }).click()
    await dropOn(page.getByText('Drop a folder or files here'), [folder])
    await expect(page.getByRole('heading', { level: 1, name: 'What was understood' })).toBeVisible({ timeout: 60_000 })
    await expect(page.getByRole('heading', { name: HARBOUR.title })).toBeVisible()
    for (const { title } of HARBOUR.tracks)
      await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: title })).toBeVisible()
    await expect(page.getByRole('img', { name: `Cover of “${HARBOUR.title}”` })).toBeVisible()
  })

  await test.step('a draft is made of it, then published', async () => {
    await page.getByRole('button', { name: 'Make a draft release of it' }).click()
    await expect(page.getByText('Draft. Only the people who work on it see it.')).toBeVisible({ timeout: 60_000 })
    await expect(page.getByText('being prepared'), 'the page says by itself when it can be heard').toHaveCount(0, {
      timeout: 60_000,
    })
    await page.getByRole('link', { name: 'Who may hear it' }).click()
    await page.getByRole('button', { name: 'Publish now' }).click()
    await expect(page.getByText('It is public. Everyone can open')).toBeVisible()
  })

  const visitor = await another(PHONE)
  const main = visitor.getByRole('main')
  await test.step('on a phone, the page opens and plays, and the music goes on wherever one goes', async () => {
    await listenIn(visitor)
    await visitor.goto('/ana-marsh/harbour-lights-ete')
    await expect(visitor.getByRole('heading', { level: 1 })).toContainText(HARBOUR.title)
    await main.getByRole('button', { name: `Play ${HARBOUR.title}` }).click()
    const began = await expectSound(visitor)
    const goesOn = async () => {
      const now = await expectSound(visitor)
      expect(now.document, 'the same document').toBe(began.document)
      expect(now.at, 'further than before').toBeGreaterThan(began.at ?? 0)
      began.at = now.at
    }
    await main.getByRole('link', { name: 'Salt & Rope' }).click()
    await expect(visitor.getByRole('heading', { level: 1 })).toContainText('Salt & Rope')
    await goesOn()
    await visitor.getByRole('link', { name: 'Search' }).click()
    await main.getByRole('searchbox').fill('harbor lihgts ete')
    await main.getByRole('button', { name: 'Find' }).click()
    await expect(main.getByRole('link', { name: HARBOUR.title }).first()).toBeVisible()
    await goesOn()
    await visitor.goBack()
    await visitor.goBack()
    await expect(visitor.getByRole('heading', { level: 1 })).toContainText('Salt & Rope')
    await goesOn()
    await visitor.goBack()
    await expect(visitor.getByRole('heading', { level: 1 })).toContainText(HARBOUR.title)
    await goesOn()
  })

  await test.step('half of the first track is heard while the album is taken in two formats, tags and all', async () => {
    for (const [format, container, extension, lossless] of [
      ['FLAC', 'FLAC', 'flac', true],
      ['MP3', 'MPEG', 'mp3', false],
    ] as const) {
      const downloading = visitor.waitForEvent('download', { timeout: 60_000 })
      await main.getByRole('link', { name: new RegExp(`^${format} `) }).click()
      const download = await downloading
      await main.getByRole('link', { name: `Back to ${HARBOUR.title}` }).click()
      expect(download.suggestedFilename()).toMatch(/^Ana Marsh - Harbour Lights, Été.*\.zip$/)
      const { tags, others } = await tagsIn(download)
      expect(others).toEqual([expect.stringMatching(/cover\.jpg$/), expect.stringMatching(/About this music\.txt$/)])
      expect(tags.map(({ file }) => file.split('/').at(-1))).toEqual([
        `01 - First Ferry.${extension}`,
        `02 - Salt & Rope.${extension}`,
        `03 - L’été dernier.${extension}`,
        expect.stringMatching(`^04 - Where Are We Now.${extension}$`),
      ])
      for (const [index, { title, seconds, isrc }] of HARBOUR.tracks.entries()) {
        expect(tags[index]).toMatchObject({
          title,
          artist: HARBOUR.artist,
          album: HARBOUR.title,
          number: `${index + 1}/4`,
          year: 2024,
          genre: [HARBOUR.genre],
          isrc: isrc ? [isrc] : undefined,
          pictures: ['image/jpeg'],
          lossless,
        })
        expect(tags[index]?.container).toContain(container)
        expect(Math.abs((tags[index]?.seconds ?? 0) - seconds)).toBeLessThan(0.1)
        expect(tags[index]?.comment).toContain(`${program.url}/ana-marsh/harbour-lights-ete`)
      }
    }
    // Where it plays; where the packing took longer than all of the music, nothing plays any more, and all of it was heard.
    await expect
      .poll(async () => (await heard(visitor)).at ?? Number.POSITIVE_INFINITY, { timeout: 60_000 })
      .toBeGreaterThan(21)
  })

  await test.step('the studio says what came back', async () => {
    await expect(async () => {
      await page.goto('/studio/returns')
      const gift = page.getByRole('row').filter({ hasText: HARBOUR.title })
      // A page or more, by one person, who heard one track and took two archives.
      await expect(gift.getByRole('cell')).toHaveText([/./, /^[1-9]/, '1', '1', '2'], { timeout: 1_000 })
    }).toPass({ timeout: 20_000 })
    await page.getByRole('link', { name: HARBOUR.title }).click()
    await expect(page.getByText('3 returns came, on the first day').first()).toBeVisible()
    const track = page.getByRole('table', { name: 'Which tracks' }).getByRole('row').filter({ hasText: 'First Ferry' })
    await expect(track).toContainText('1')
    await page.goto('/studio')
    await expect(page.getByText('In the last seven days: one listen, 2 downloads, one person.')).toBeVisible()
  })
})
