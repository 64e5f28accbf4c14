import './tables.ts'
import type { Lang } from '../../../platform/i18n/index.ts'
import { newId } from '../../../platform/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fail, ok, type Result } from '../../../platform/result.ts'
import { memberPath } from '../links.ts'
import { lockMembership } from '../members/take-up.ts'
import { accountById, type PaymentAccount } from '../payments/accounts.store.ts'
import type { BeginProblem, Provider } from '../payments/provider.types.ts'
import { openFor, type PaymentDeps, providerOf } from '../payments/providers.ts'
import { problemOf } from '../payments/stripe/stripe.ts'
import { agreeOnPage } from './agreement.store.ts'
import { keepCard } from './keep-card.ts'

/** They agree that a card pays each next period, and are led to where it is given. */
export async function askForCard(
  platform: PaymentDeps & Pick<Platform, 'signer'>,
  membershipId: string,
  { lang, mayTest }: { lang: Lang; mayTest: boolean },
): Promise<Result<void, BeginProblem | 'over'>> {
  const { db, config, signer, now } = platform
  const known = await db.selectFrom('members').selectAll().where('id', '=', membershipId).executeTakeFirst()
  if (!known || known.state === 'left' || known.productId === null) return fail('over')
  const account = await openFor(db, known.sellerId)
  if (!account || !(account.isLive || mayTest)) return fail('unreachable')
  const provider = await providerOf(platform, account)
  const agreementId = await db.transaction().execute(async (tx) => {
    const { title, price, currency, every } = (await lockMembership(tx, membershipId)) ?? known
    return agreeOnPage(tx, membershipId, { terms: { title, amount: price, currency, every }, lang, at: now() })
  })
  const backTo = config.baseUrl + memberPath(signer, membershipId)
  const { mail, currency } = known
  const asked = await provider.askForCard({ agreementId, mail, language: lang, currency, backTo })
  if (!asked.ok) return asked
  await db
    .insertInto('cardSetups')
    .values({
      ...{ id: newId(), membershipId, accountId: account.id, agreementId, state: 'open', begunAt: now() },
      ...asked.value,
    })
    .onConflict((conflict) => conflict.column('agreementId').doNothing())
    .execute()
  return ok(undefined)
}

/** Whether something that is told is a page on which a card is given, and not paid; then what became of it is taken in. */
export async function learnCard(
  { db, now }: Pick<PaymentDeps, 'db' | 'now'>,
  account: Pick<PaymentAccount, 'id'>,
  provider: Provider,
  reference: string,
): Promise<boolean> {
  const setup = await db
    .selectFrom('cardSetups')
    .selectAll()
    .where('reference', '=', reference)
    .where('accountId', '=', account.id)
    .executeTakeFirst()
  if (!setup) return false
  const at = now()
  const told = setup.state === 'open' ? await provider.cardGiven(reference) : null
  if (!told || told.state === 'open') return true
  await db.transaction().execute(async (tx) => {
    const { membershipId, agreementId, accountId } = setup
    if (told.card) await keepCard(tx, { membershipId, agreementId, accountId, card: told.card, at })
    await tx.updateTable('cardSetups').set({ state: told.state, url: null }).where('id', '=', setup.id).execute()
  })
  return true
}

/** The page on which a card is being given, while it is open. */
export const openSetup = ({ db, now }: Pick<Platform, 'db' | 'now'>, membershipId: string) =>
  db
    .selectFrom('cardSetups')
    .selectAll()
    .where('membershipId', '=', membershipId)
    .where('state', '=', 'open')
    .where('openUntil', '>', now())
    .orderBy('begunAt', 'desc')
    .executeTakeFirst()

/** They are back from giving a card: it is looked whether they did. */
export async function lookForCard(platform: PaymentDeps, membershipId: string): Promise<void> {
  const setup = await openSetup(platform, membershipId)
  const account = setup && (await accountById(platform.db, setup.accountId))
  if (!setup || !account) return
  try {
    await learnCard(platform, account, await providerOf(platform, account), setup.reference)
  } catch (error) {
    platform.log.warn({ membership: membershipId, problem: problemOf(error) }, 'a card could not be looked up')
  }
}
