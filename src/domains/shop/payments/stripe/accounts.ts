import { fail, ok, type Result } from '../../../../platform/result.ts'
import type { AccountFacts } from '../../tables.ts'
import type { PaymentDeps } from '../providers.ts'
import { problemOf, stripeClient } from './stripe.ts'

/** Whose account a key speaks of, or which one on its platform, and whether it may take money. */
export async function factsOf(
  deps: PaymentDeps,
  { key, on }: { key: string; on: string | null },
): Promise<Result<{ account: string; facts: AccountFacts }, 'key-refused' | 'unreachable'>> {
  const stripe = await stripeClient(deps, key)
  try {
    const account = await stripe.accounts.retrieveCurrent({}, on ? { stripeAccount: on } : {})
    return ok({
      account: account.id,
      facts: {
        name: account.business_profile?.name ?? account.settings?.dashboard.display_name ?? '',
        country: account.country ?? '',
        currency: (account.default_currency ?? '').toUpperCase(),
        charges: account.charges_enabled,
      },
    })
  } catch (error) {
    deps.log.warn({ problem: problemOf(error) }, 'a payment account could not be looked up')
    const { type } = error as { type?: string }
    return fail(
      type === 'StripeAuthenticationError' || type === 'StripePermissionError' ? 'key-refused' : 'unreachable',
    )
  }
}

/** A new account on a platform whose holder has all of Stripe's own pages, pays its own fees and answers for its own losses. */
export async function joinPlatform(
  deps: PaymentDeps,
  key: string,
  { sellerId, mail, name, country }: { sellerId: string; mail: string; name: string; country: string },
): Promise<string> {
  const stripe = await stripeClient(deps, key)
  const account = await stripe.accounts.create(
    {
      country,
      email: mail,
      business_profile: { name },
      metadata: { seller: sellerId },
      controller: {
        fees: { payer: 'account' },
        losses: { payments: 'stripe' },
        requirement_collection: 'stripe',
        stripe_dashboard: { type: 'full' },
      },
    },
    { idempotencyKey: `join:${sellerId}` },
  )
  return account.id
}

/** Where they say who they are and where their money goes; open for some minutes. */
export async function onboardingLink(
  deps: PaymentDeps,
  key: string,
  { account, backTo }: { account: string; backTo: string },
): Promise<string> {
  const stripe = await stripeClient(deps, key)
  const link = await stripe.accountLinks.create({
    ...{ account, type: 'account_onboarding' as const },
    ...{ refresh_url: backTo, return_url: `${backTo}&from=stripe` },
  })
  return link.url
}
