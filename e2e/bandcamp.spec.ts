import { expectAccessible } from './support/accessible.ts'
import { expect, PHONE } from './support/journey.ts'
import { test } from './support/label.ts'

const HEADING =
  'date,paid to,item type,item name,artist,currency,item total,net amount,bandcamp transaction id,bandcamp related transaction id,package,upc,buyer name,buyer email,buyer note'
const LINES = [
  '1/3/26 10:12am,Ana,album,"Harbour Lights, Été",Ana Marsh,EUR,10.00,8.50,4001,,digital download,,Léa,lea@bandcamp.example,"Merci,\nà bientôt"',
  '2/3/26 9:00pm,Ana,package,Harbour Lights (cassette edition),Ana Marsh,EUR,12.00,9.50,4002,,Cassette,,Max,max@bandcamp.example,',
  '3/3/26 9:00pm,Ana,album,"Harbour Lights, Été",Ana Marsh,EUR,10.00,8.50,4003,,digital download,,Zoé,zoe@bandcamp.example,',
  '4/3/26 9:00pm,Ana,refund,"Harbour Lights, Été",Ana Marsh,EUR,-10.00,-8.50,4004,4003,digital download,,Zoé,zoe@bandcamp.example,',
  '5/3/26 9:00pm,Ana,package,Shirt,Ana Marsh,EUR,20.00,16.00,4005,,T-Shirt,,Noé,noe@bandcamp.example,',
  '6/3/26 9:00pm,Ana,payout,,,EUR,,-40.00,4006,,,,,,',
]

test('an artist who moves here from Bandcamp brings along those who bought there', async ({
  page,
  label,
  signIn,
  another,
}) => {
  await signIn(page)
  const main = page.getByRole('main')
  const said = page.getByRole('status').first()

  await test.step('the sales report, as it came, is read; a list of addresses is not taken for one', async () => {
    await page.goto('/studio/shop/bandcamp?desk=ana-marsh')
    await main.getByLabel('Sales report').setInputFiles({
      name: 'people.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('name,email\r\nLéa,lea@bandcamp.example\r\n'),
    })
    await main.getByRole('button', { name: 'Read it' }).click()
    await expect(page.getByRole('alert')).toContainText('not Bandcamp’s sales report')
    await expectAccessible(page, { soft: true })
    await main.getByLabel('Sales report').setInputFiles({
      name: 'bandcamp_raw_data.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\ufeff${[HEADING, ...LINES].join('\r\n')}`, 'utf16le'),
    })
    await main.getByRole('button', { name: 'Read it' }).click()
    await expect(main).toContainText('One purchase opens something here.')
    await expect(main).toContainText('2 things of the report were not recognised')
    await expectAccessible(page, { soft: true })
  })

  await test.step('what was not recognised is said, and the libraries open', async () => {
    await main.getByLabel('Harbour Lights (cassette edition)').selectOption({ label: 'Harbour Lights, Été' })
    await main.getByRole('button', { name: 'Open their libraries' }).click()
    await expect(said).toContainText('The libraries are open.')
    await expect(main).toContainText('2 purchases are open in the libraries of 2 people.')
    await expect(main).toContainText('have not been told yet')
    await expectAccessible(page, { soft: true })
  })

  await test.step('pressed once, each is told once, and finds what they bought', async () => {
    const before = label.output().length
    await main.getByRole('button', { name: 'Send 2 mails' }).click()
    await expect(said).toContainText('They are being told.')
    await expect(main).toContainText('All 2 were told.')
    const [, library = ''] = await label.printed(/Mail to lea@bandcamp[\s\S]*?http:[^\s]*?(\/library\/\S+)/, before)
    const buyer = await another(PHONE)
    await buyer.goto(label.url + library)
    await expect(buyer.getByRole('main')).toContainText('Harbour Lights')
    expect(label.output().slice(before)).not.toContain('Mail to zoe@bandcamp')
  })

  await test.step('the same report again changes nothing, and the first can be taken back', async () => {
    const first = page.url()
    await page.goto('/studio/shop/bandcamp?desk=ana-marsh')
    await main.getByLabel('Sales report').setInputFiles({
      name: 'again.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from([HEADING, ...LINES].join('\r\n')),
    })
    await main.getByRole('button', { name: 'Read it' }).click()
    await expect(main.getByRole('heading', { level: 1 })).toContainText('again.csv')
    await expect(main).toContainText('Told by another line or report')
    await page.goto(first)
    await main.getByRole('button', { name: 'Take it back' }).click()
    await expect(said).toContainText('It is taken back.')
    await expect(main).toContainText('what it alone had opened is closed')
  })
})
