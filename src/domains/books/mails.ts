import { formats } from '../../platform/i18n/index.ts'
import { formatMoney } from '../../platform/money.ts'
import type { Platform } from '../../platform/platform.ts'
import { splitPath, statementPath } from './links.ts'
import { payeeById } from './payee.views.ts'
import { sellerById } from './seller.views.ts'
import { splitById } from './split.views.ts'
import { statementById } from './statement.views.ts'
import { words } from './words.ts'

type Deps = Pick<Platform, 'db' | 'mailer' | 'config' | 'signer' | 'now'>

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

/** Sends somebody the link of their statement, once. */
export async function mailStatement(deps: Deps, { statementId }: { statementId: string }): Promise<void> {
  const statement = await statementById(deps.db, statementId)
  const payee = statement && (await payeeById(deps.db, statement.payeeId))
  if (!statement || statement.sentAt || !payee?.email) return
  const { content, language } = statement
  const t = words(language)
  const values = {
    name: payee.name,
    seller: content.seller.legalName,
    through: formats(language).date(new Date(content.through)),
    earned: formatMoney({ amount: content.earned, currency: content.currency }, language),
    balance: formatMoney({ amount: content.balanceAfter, currency: content.currency }, language),
    link: `${deps.config.baseUrl}${statementPath(deps, statementId)}?lang=${language}`,
  }
  await deps.mailer.send({
    to: payee.email,
    subject: t('mail_statement_subject', values),
    text: t('mail_statement', values),
  })
  await deps.db.updateTable('statements').set({ sentAt: deps.now() }).where('id', '=', statementId).execute()
}
