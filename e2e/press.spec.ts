import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { expectAccessible } from './support/accessible.ts'
import { HARBOUR, sleeve } from './support/album.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'
import { databaseIn, query } from './support/servers.ts'

const RIDER = Buffer.from('%PDF-1.7\nTwo inputs, one chair.\n%%EOF\n')

test('an artist shows a record to one professional, who hears it, takes the sleeve and checks the figures', async ({
  page,
  label,
  signIn,
  another,
}) => {
  const main = page.getByRole('main')
  await signIn(page)

  await test.step('the artist says whom to ask, and shows nothing to anybody else', async () => {
    await page.goto('/studio?desk=ana-marsh')
    await page.goto('/studio/press')
    await main.getByLabel('Contacts').fill('Concerts: Noé, noe@booking.example')
    await main.getByLabel('Credit of the pictures').fill('Zoé Quay')
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved.')).toBeVisible()
    await main.getByLabel('For whom').fill('Le Sonic, Lyon')
    await main.getByRole('button', { name: 'Make a link' }).click()
    await expect(main.getByLabel('The link for Le Sonic, Lyon', { exact: true })).toBeVisible()
  })

  await test.step('gives the rider and a picture for print', async () => {
    await main.getByRole('link', { name: 'Rider and pictures' }).click()
    await main
      .getByLabel('The rider as a PDF')
      .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Two inputs') })
    await main.getByRole('button', { name: 'Keep it' }).click()
    await expect(main.getByRole('alert')).toContainText('This file is not a PDF')
    await main
      .getByLabel('The rider as a PDF')
      .setInputFiles({ name: 'rider.pdf', mimeType: 'application/pdf', buffer: RIDER })
    await main.getByRole('button', { name: 'Keep it' }).click()
    await expect(page.getByText('The rider is kept')).toBeVisible()
    const buffer = await sleeve({ title: 'On the quay' })
    await main
      .getByLabel('Picture', { exact: true })
      .setInputFiles({ name: 'quay.jpg', mimeType: 'image/jpeg', buffer })
    await main.getByLabel('What it shows').fill('On the quay')
    await main.getByLabel('Whose it is').fill('Mo Tide')
    await main.getByRole('button', { name: 'Add the picture' }).click()
    await expect(page.getByText('The picture is kept')).toBeVisible()
    await main.getByRole('link', { name: 'For professionals' }).click()
  })

  const link = await test.step('of the record, they look at the figures and agree to one', async () => {
    await main.getByRole('link', { name: HARBOUR.title }).click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText(HARBOUR.title)
    await main.getByText('What it would say today: How many have heard this release').click()
    await main.getByLabel('How many have heard this release').check()
    await main.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Saved.')).toBeVisible()
    return main.getByLabel('The link for Le Sonic, Lyon', { exact: true }).inputValue()
  })

  const reader = await another({ ...PHONE, javaScriptEnabled: false, acceptDownloads: true })
  const body = reader.getByRole('main')
  await test.step('a professional opens the link, without scripts, and reads what they need', async () => {
    const everybodys = `${label.url}/ana-marsh/press/${label.harbour.url.split('/').at(-1)}`
    expect((await fetch(everybodys)).status).toBe(404)
    await reader.goto(link)
    await expect(reader.getByRole('heading', { level: 1 })).toContainText(HARBOUR.title)
    await expect(body.getByText('noe@booking.example')).toBeVisible()
    await expect(body.getByRole('row', { name: /First Ferry/ })).toContainText(HARBOUR.tracks[0]?.isrc ?? '')
    await expect(body.getByRole('row', { name: /First Ferry/ })).toContainText('0:40')
    await expect(body.locator('iframe')).toBeVisible()
    await body.getByText('Words of “First Ferry”').click()
    await expect(body.getByText('The water carries')).toBeVisible()
  })

  await test.step('takes the sleeve in print size', async () => {
    const coming = reader.waitForEvent('download')
    await body.getByRole('link', { name: /as it came, 1400 × 1400 pixels/ }).click()
    const file = await coming
    expect(file.suggestedFilename()).toBe(`Ana Marsh - ${HARBOUR.title}.jpg`)
    const bytes = await readFile(await file.path())
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 1400, height: 1400 })
    // As it was given; a contest of this label may have made another picture the sleeve before.
    const [kept] = await query(
      databaseIn(label.dataDir),
      'select i.sha256 from releases r join images i on i.id = r.cover_image_id where r.title = $1',
      [HARBOUR.title],
    )
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(kept?.['sha256'])
  })

  await test.step('checks the figures with another program', async () => {
    const coming = reader.waitForEvent('download')
    await body.getByRole('link', { name: 'The same, signed' }).click()
    const jws = await readFile(await (await coming).path(), 'utf8')
    const keys = (await (await fetch(`${label.url}/.well-known/jwks.json`)).json()) as { keys: Jwk[] }
    expect(verified(jws, keys.keys)).toMatchObject({
      name: HARBOUR.title,
      by: HARBOUR.artist,
      proofs: [{ kind: 'growth' }],
    })
  })

  await test.step('goes on to the artist’s page, which is the same visit', async () => {
    await body.getByRole('link', { name: 'Ana Marsh, for professionals' }).click()
    await expect(reader.getByRole('heading', { level: 1 })).toContainText('Ana Marsh')
    const coming = reader.waitForEvent('download')
    await body.getByRole('link', { name: /^As a PDF/ }).click()
    const rider = await coming
    expect(rider.suggestedFilename()).toBe('Ana Marsh - Technical rider.pdf')
    expect((await readFile(await rider.path())).equals(RIDER)).toBe(true)
    const printed = reader.waitForEvent('download')
    await body.getByRole('link', { name: 'On the quay, as it came, 1400 × 1400 pixels' }).click()
    expect((await readFile(await (await printed).path())).equals(await sleeve({ title: 'On the quay' }))).toBe(true)
    await expect(body.getByText('To be printed beside it: Mo Tide')).toBeVisible()
    await body.getByRole('link', { name: HARBOUR.title, exact: true }).first().click()
    await expect(reader.getByRole('heading', { level: 1 })).toContainText(HARBOUR.title)
    await page.goto('/studio/press')
    await expect(main.getByText('Opened once.')).toBeVisible()
    await expectAccessible(page)
  })
})

type Jwk = JsonWebKey & { kid: string }

/** What a signed document says, once its signature held for the public key that it names. */
function verified(jws: string, keys: Jwk[]): unknown {
  const [head = '', body = '', signature = ''] = jws.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const key = keys.find(({ kid }) => kid === read(head).kid)
  if (!key) throw new Error('no such key')
  const holds = verify(
    null,
    Buffer.from(`${head}.${body}`),
    createPublicKey({ key, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  )
  expect(holds).toBe(true)
  return read(body)
}
