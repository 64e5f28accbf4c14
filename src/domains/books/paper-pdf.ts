import { countryName, formats } from '../../platform/i18n/index.ts'
import { formatMoney } from '../../platform/money.ts'
import { pdfOf } from '../../platform/sheet.ts'
import type { PostalAddress } from './address.types.ts'
import { mentionsOf, paperNumber, totalsOf } from './paper.rules.ts'
import type { Paper } from './paper.views.ts'
import { words } from './words.ts'

/** An invoice or credit note on paper, in its language, from what was frozen. `corrected`: the number of the paper that it corrects. */
export function paperPdf(paper: Paper & { number: number }, corrected: string | null): Promise<Buffer> {
  const { content, language: lang, kind } = paper
  const t = words(lang)
  const { date, number } = formats(lang)
  const money = (amount: number) => formatMoney({ amount, currency: content.currency }, lang)
  const day = (text: string) => date(new Date(text))
  const place = (address: PostalAddress, country: string) =>
    [
      ...(address.lines ?? []),
      [address.postcode, address.city].filter(Boolean).join(' '),
      address.region,
      country && countryName(country, lang),
    ]
      .filter(Boolean)
      .join(', ')
  const title = t(`paper_${kind}`, { number: paperNumber(paper.series, paper.number) })
  return pdfOf({ lang, title, made: new Date(paper.issuedOn) }, (sheet) => {
    const { seller, buyer, lines } = content
    const { net, tax, byRate } = totalsOf(lines)
    sheet.title(title)
    sheet.text(t('paper_issued', { date: day(paper.issuedOn) }))
    sheet.text(t('paper_supplied', { date: day(content.suppliedOn) }))
    if (content.reference) sheet.text(t('paper_reference', { reference: content.reference }))
    if (corrected) sheet.text(t(kind === 'invoice' ? 'paper_takes_back' : 'paper_corrects', { number: corrected }))
    sheet.heading(t('paper_seller'))
    sheet.text(seller.legalName)
    sheet.text(place(seller.address, seller.country))
    if (seller.registerNumber)
      sheet.text(t(seller.country === 'FR' ? 'paper_siren' : 'paper_register', { number: seller.registerNumber }))
    if (seller.vatNumber) sheet.text(t('paper_vat_number', { number: seller.vatNumber }))
    sheet.heading(t('paper_buyer'))
    sheet.text(buyer.name)
    sheet.text(place(buyer.address, buyer.country))
    if (buyer.vatNumber) sheet.text(t('paper_vat_number', { number: buyer.vatNumber }))
    sheet.heading(t('paper_lines'))
    sheet.table(
      [
        { label: t('csv_what'), weight: 4 },
        { label: t('csv_quantity'), weight: 1.3, numeric: true },
        { label: t('paper_net'), weight: 1.8, numeric: true },
        { label: t('paper_rate'), weight: 1.3, numeric: true },
        { label: t('csv_tax'), weight: 1.6, numeric: true },
        { label: t('paper_gross'), weight: 1.8, numeric: true },
      ],
      lines.map((line) => [
        line.what,
        number(line.quantity),
        money(line.net),
        t('percent', { n: number(line.taxRate / 100) }),
        money(line.tax),
        money(line.net + line.tax),
      ]),
    )
    sheet.table(
      [
        { label: t('paper_totals'), weight: 3 },
        { label: t('paper_net'), weight: 1, numeric: true },
        { label: t('csv_tax'), weight: 1, numeric: true },
        { label: t('paper_gross'), weight: 1, numeric: true },
      ],
      [
        ...byRate.map((one) => [
          t('paper_at_rate', { rate: number(one.taxRate / 100) }),
          ...[one.net, one.tax, one.net + one.tax].map(money),
        ]),
        [t('paper_total'), ...[net, tax, net + tax].map(money)],
      ],
    )
    sheet.text(content.paidOn ? t('paper_paid', { date: day(content.paidOn), kind }) : t('paper_to_pay'))
    for (const mention of mentionsOf(content)) sheet.text(t(`mention_${mention}`))
  })
}
