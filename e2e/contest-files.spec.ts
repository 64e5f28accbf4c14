import { readFileSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { tone } from '../src/testing/tone.ts'
import { expectAccessible } from './support/accessible.ts'
import { expect, PHONE } from './support/journey.ts'
import { type Label, test } from './support/label.ts'
import { databaseIn, query } from './support/servers.ts'
import { expectSound, listenIn } from './support/sound.ts'

const local = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16)
const FILM = readFileSync(new URL('../src/testing/film.mp4', import.meta.url))

const mailed = async (label: Label, to: string, from: number) => {
  const [, link = ''] = await label.printed(new RegExp(`Mail to ${to}@[\\s\\S]*?http:[^\\s]*?(/contests/\\S+)`), from)
  return label.url + link
}

async function begin(page: Page, title: string, what: string): Promise<void> {
  const main = page.getByRole('main')
  await page.goto('/studio/operations/new?desk=ana-marsh')
  await main.getByLabel('Title').fill(title)
  await main.getByLabel('What you ask for').fill('Take it apart, and put it together again.')
  await main.getByLabel('What people send in').selectOption({ label: what })
  await main.getByLabel('The release it is for').selectOption({ label: 'Harbour Lights, Été' })
  await main.getByLabel('Entries until').fill(local(3))
  await main.getByLabel('Votes until').fill(local(6))
  await main.getByLabel('Time zone').selectOption('UTC')
  await main.getByLabel('How much a jury weighs').fill('0')
  await main.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('status').first()).toContainText('Saved.')
}

/** Both dates come, and the artist closes it. */
async function end(page: Page, label: Label, { title, vote }: { title: string; vote: () => Promise<void> }) {
  const main = page.getByRole('main')
  const sections = page.getByRole('navigation', { name: 'Pages of this contest' })
  const of = `operation_id = (select id from operations where title = '${title}')`
  await query(databaseIn(label.dataDir), `update contests set entries_until = now() - interval '1 minute' where ${of}`)
  await vote()
  await query(
    databaseIn(label.dataDir),
    `update operations set ends_at = now() - interval '1 second' where title = '${title}'`,
  )
  await sections.getByRole('link', { name: 'Close' }).click()
  await main.getByRole('radio', { name: 'Something to go on with' }).check()
  await main.getByLabel('In your words').fill('It comes out in March; you hear it first.')
  await main.getByRole('button', { name: 'Close it, and tell everyone' }).click()
  await expect(page.getByRole('status').first()).toContainText('told')
  await sections.getByRole('link', { name: 'Result' }).click()
}

test('a remix contest, from the stems to the draft of the winner', async ({ page, label, signIn, another }) => {
  await signIn(page)
  const main = page.getByRole('main')
  const status = page.getByRole('status').first()
  const path = `${label.url}/ana-marsh/take-part/turn-the-lights`
  const title = 'Turn the lights'
  const sections = page.getByRole('navigation', { name: 'Pages of this contest' })

  await test.step('the artist chooses what is given to work with, and opens it', async () => {
    const [release] = await query(
      databaseIn(label.dataDir),
      `select id from releases where title like 'Harbour Lights%'`,
    )
    await page.goto(`/studio/music/${release?.['id']}/extras`)
    await main.locator('input[type=file]').setInputFiles({
      ...{ name: 'stems.zip', mimeType: 'application/zip' },
      buffer: Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64'),
    })
    await main.locator('form:has(input[type=file]) button').click()
    await expect(main).toContainText('stems.zip')
    await begin(page, title, 'A remix')
    await main.getByRole('checkbox', { name: /stems\.zip/ }).check()
    await expectAccessible(page, { soft: true })
    await main.getByRole('button', { name: 'Save' }).click()
    await main.getByText('The rules as they would be').click()
    await expect(main).toContainText('as its remixer')
    await main.getByRole('button', { name: 'Open it to everyone' }).click()
    await expect(status).toContainText('It is open.')
  })

  const guest = await another(PHONE)
  const theirs = guest.getByRole('main')
  await test.step('somebody takes the stems and sends a remix in; what is no sound is refused, and nothing typed is lost', async () => {
    await listenIn(guest)
    await guest.goto(path)
    const download = guest.waitForEvent('download')
    await theirs.getByRole('link', { name: /stems\.zip/ }).click()
    expect((await download).suggestedFilename()).toBe('stems.zip')
    await theirs.getByLabel('Your remix').setInputFiles({
      ...{ name: 'remix.wav', mimeType: 'audio/wav', buffer: Buffer.from('These are words.') },
    })
    await theirs.getByLabel('A title').fill('The lamp, turned')
    await theirs.getByLabel('Name to credit').fill('Léa Quay')
    await theirs.getByLabel('Your mail address').fill('lea@remixes.example')
    await theirs.getByRole('checkbox').check()
    await theirs.getByRole('button', { name: 'Send it in' }).click()
    await expect(guest.getByRole('alert')).toContainText(/No sound was found|cannot be read/)
    await expect(theirs.getByLabel('Name to credit')).toHaveValue('Léa Quay')
    await expectAccessible(guest, { soft: true })
    await theirs.getByLabel('Your remix').setInputFiles({
      ...{ name: 'remix.wav', mimeType: 'audio/wav', buffer: tone({ seconds: 20 }) },
    })
    const before = label.output().length
    await theirs.getByRole('button', { name: 'Send it in' }).click()
    await expect(theirs).toContainText('A mail is on its way to you.')
    await guest.goto(await mailed(label, 'lea', before))
    await expectAccessible(guest, { soft: true })
    await theirs.getByRole('button', { name: 'Yes, it is mine' }).click()
    await expect(theirs).toContainText('It has arrived')
  })

  await test.step('the artist hears it and shows it; everybody hears it with the player of the site', async () => {
    await sections.getByRole('link', { name: 'Entries' }).click()
    const show = main.getByRole('button', { name: 'Show it: The lamp, turned' })
    await expect(async () => {
      await page.reload()
      await expect(show).toBeVisible({ timeout: 500 })
    }).toPass({ timeout: 60_000 })
    await expect(main.locator('audio')).toHaveCount(1)
    await expectAccessible(page, { soft: true })
    await show.click()
    await expect(status).toContainText('It is shown to everyone.')
    await guest.goto(path)
    await theirs.getByRole('button', { name: 'Play The lamp, turned' }).click()
    await expectSound(guest)
    await expect(guest.getByRole('region', { name: /player/i })).toContainText('Léa Quay')
    await expectAccessible(guest, { soft: true })
  })

  await test.step('people vote, it is closed, and one press makes a draft release of what won', async () => {
    await end(page, label, {
      title,
      vote: async () => {
        const voter = await another(PHONE)
        const voters = voter.getByRole('main')
        await voter.goto(path)
        await voters.getByLabel('I approve it: The lamp, turned').check()
        await voters.getByLabel('Your mail address').fill('zoe@remixes.example')
        const before = label.output().length
        await voters.getByRole('button', { name: 'Send my choice' }).click()
        await voter.goto(await mailed(label, 'zoe', before))
        await voters.getByRole('button', { name: 'Yes, count it' }).click()
        await expect(voters).toContainText('Your choice counts.')
      },
    })
    await main.getByRole('button', { name: 'Make a draft release of it' }).click()
    await expect(status).toContainText('The draft is made.')
    await expectAccessible(page, { soft: true })
    await main.getByRole('link', { name: 'The draft release that was made of it' }).click()
    await expect(main).toContainText('The lamp, turned')
  })
})

test('a film contest: sent in, seen, and a draft post of what won', async ({ page, label, signIn, another }) => {
  await signIn(page)
  const main = page.getByRole('main')
  const status = page.getByRole('status').first()
  const path = `${label.url}/ana-marsh/take-part/film-the-lights`
  const sections = page.getByRole('navigation', { name: 'Pages of this contest' })
  await begin(page, 'Film the lights', 'A film')
  await main.getByRole('button', { name: 'Open it to everyone' }).click()
  await expect(status).toContainText('It is open.')

  const guest = await another(PHONE)
  const theirs = guest.getByRole('main')
  await test.step('somebody sends a film in, with captions', async () => {
    await guest.goto(path)
    await theirs.getByLabel('Your film').setInputFiles({ name: 'quay.mp4', mimeType: 'video/mp4', buffer: FILM })
    await theirs.getByLabel('Captions').setInputFiles({
      ...{ name: 'quay.vtt', mimeType: 'text/vtt' },
      buffer: Buffer.from('WEBVTT\n\n00:00.100 --> 00:00.900\nA kettle sings\n'),
    })
    await theirs.getByLabel('A title').fill('Bars')
    await theirs.getByLabel('Name to credit').fill('Max')
    await theirs.getByLabel('Your mail address').fill('max@films.example')
    await theirs.getByRole('checkbox').check()
    await theirs.getByRole('button', { name: 'Send it in' }).click()
    await expect(guest.getByRole('alert')).toContainText('Say what the film shows')
    await expect(theirs).toContainText('Your file is kept: quay.mp4.')
    await expectAccessible(guest, { soft: true })
    await theirs.getByLabel('What it shows').fill('Coloured bars that move.')
    const before = label.output().length
    await theirs.getByRole('button', { name: 'Send it in' }).click()
    await expect(theirs).toContainText('A mail is on its way to you.')
    await guest.goto(await mailed(label, 'max', before))
    await theirs.getByRole('button', { name: 'Yes, it is mine' }).click()
    await expect(theirs).toContainText('It has arrived')
  })

  await test.step('the artist sees it and shows it; it plays on its page', async () => {
    await sections.getByRole('link', { name: 'Entries' }).click()
    const show = main.getByRole('button', { name: 'Show it: Bars' })
    await expect(async () => {
      await page.reload()
      await expect(show).toBeVisible({ timeout: 500 })
    }).toPass({ timeout: 60_000 })
    await expectAccessible(page, { soft: true })
    await show.click()
    await guest.goto(path)
    const film = theirs.locator('video')
    await film.evaluate((video: HTMLVideoElement) => video.play())
    await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.currentTime)).toBeGreaterThan(0)
    await expect.poll(() => film.evaluate((video: HTMLVideoElement) => video.textTracks[0]?.cues?.length ?? 0)).toBe(1)
    await expectAccessible(guest, { soft: true })
  })

  await test.step('it is closed, and one press makes a draft post of what won', async () => {
    await end(page, label, { title: 'Film the lights', vote: async () => undefined })
    await main.getByRole('button', { name: 'Make it the winner: Bars' }).click()
    await main.getByRole('button', { name: 'Make a draft post of it' }).click()
    await expect(status).toContainText('The draft is made.')
    await main.getByRole('link', { name: 'The draft post that was made of it' }).click()
    await expect(main).toContainText('By Max, who won “Film the lights”.')
  })
})
