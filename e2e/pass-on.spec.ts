import { expectAccessible } from './support/accessible.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'
import { databaseIn, query } from './support/servers.ts'

test('an artist’s page and an operation are handed to a friend by the telephone, and who comes is known to have come by it', async ({
  page,
  label,
  another,
}) => {
  const contest = await openContest(label)
  const main = page.getByRole('main')
  await page.addInitScript(() => {
    Object.assign(navigator, {
      share: async (what: ShareData) => {
        Object.assign(globalThis, { handedOver: what })
      },
    })
  })
  const handedOver = () => page.evaluate(() => (globalThis as { handedOver?: ShareData }).handedOver)

  let people = 0
  for (const [path, title] of [
    ['/ana-marsh', 'Ana Marsh'],
    [contest, 'A word for the quay'],
  ] as const) {
    await test.step(title, async () => {
      await page.goto(path)
      await main.getByRole('button', { name: 'Pass it on' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Pass on ${title}`)
      await expect(main.getByRole('img', { name: 'QR code' })).toBeVisible()
      await expectAccessible(page, { soft: true })
      const link = await main.getByLabel('The link').inputValue()
      expect(link).toMatch(/\/s\/[a-z2-9]{8}$/)
      await main.getByRole('button', { name: 'Send it' }).click()
      await expect.poll(handedOver).toEqual({ title, url: link })

      const friend = await another(PHONE)
      await friend.goto(link)
      await expect(friend).toHaveURL(label.url + path)
      const brought = `select b.person_id from brought b join shares s on s.person_id = b.by_person where s.code = $1`
      const code = link.split('/').at(-1)
      people += 1
      await expect.poll(async () => (await query(databaseIn(label.dataDir), brought, [code])).length).toBe(people)
    })
  }
})

/** Opens a contest in the studio's own way, without its pages: where it stands. */
async function openContest({ url, session }: { url: string; session: { name: string; value: string } }) {
  const send = async (path: string, fields: Record<string, string> = {}) => {
    const answer = await fetch(url + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: url, cookie: `${session.name}=${session.value}` },
      body: new URLSearchParams(fields),
    })
    expect(answer.status, path).toBe(303)
    return new URL(answer.headers.get('location') ?? '', url).pathname
  }
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16)
  const dates = { entriesUntil: day(2), endsAt: day(4), zone: 'UTC' }
  const what = { title: 'A word for the quay', words: 'One word.', language: 'en', sort: 'words', release: '' }
  await fetch(`${url}/studio?desk=ana-marsh`, { headers: { cookie: `${session.name}=${session.value}` } })
  const made = await send('/studio/operations/new', { ...what, ...dates, jury: '0', most: '1' })
  await send(`${made}/open`)
  return '/ana-marsh/take-part/a-word-for-the-quay'
}
