import { formats } from '../../platform/i18n/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { splitPath } from './links.ts'
import { payeeById } from './payee.views.ts'
import { sellerById } from './seller.views.ts'
import { splitById } from './split.views.ts'
import { words } from './words.ts'

type Deps = Pick<Platform, 'db' | 'mailer' | 'config' | 'signer'>

/** Asks whether somebody agrees to a split; nobody any more when it is decided. */
export async function mailSplit(deps: Deps, { splitId, payeeId }: { splitId: string; payeeId: string }): Promise<void> {
  const [split, payee] = [await splitById(deps.db, splitId), await payeeById(deps.db, payeeId)]
  const seller = split && (await sellerById(deps.db, split.sellerId))
  if (!seller || split.state !== 'asked' || !payee?.email) return
  const t = words(payee.language)
  const { date } = formats(payee.language)
  const share = split.parts.find((part) => part.payeeId === payeeId)?.share ?? 0
  const values = {
    name: payee.name,
    seller: seller.legalName,
    title: split.title,
    share: formats(payee.language).number(share / 100),
    from: date(new Date(split.askedFrom)),
    link: `${deps.config.baseUrl}${splitPath(deps, splitId, payeeId)}?lang=${payee.language}`,
  }
  await deps.mailer.send({
    to: payee.email,
    subject: t('mail_split_subject', values),
    text: t('mail_split', values),
  })
}
