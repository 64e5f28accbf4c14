-- By whom a seller is paid by card.

-- A seller's own account at a provider, or one that was opened for them on a label's platform. A row is never about another account of the provider
-- than the one it began with: who changes accounts gets a new row, and the old one still hears of what was paid through it.
create table payment_accounts (
  id uuid primary key,
  seller_id uuid not null references sellers,
  provider text not null check (provider in ('stripe')),
  -- By whose key it is spoken of, when the seller has none of their own.
  via uuid references payment_accounts,
  -- The provider's own name for it: 'acct_…'.
  account text not null,
  is_live boolean not null,
  -- What the provider said of it when it was last tried: {"name", "country", "currency", "charges"}.
  facts jsonb not null default '{}',
  -- Sealed: {"key", "hooks": [signing secrets]}.
  secrets bytea,
  -- Of a label: its artists may open accounts on its platform.
  for_artists boolean not null default false,
  is_enabled boolean not null default true,
  tried_at timestamptz,
  problem text,
  -- When the provider last told us something that was signed.
  heard_at timestamptz,
  -- Until when the provider was asked what we might have missed.
  asked_through timestamptz,
  created_at timestamptz not null,
  check ((via is null) = (secrets is not null)),
  check (via is null or not for_artists)
);
create unique index on payment_accounts (seller_id, provider) where is_enabled;
create unique index on payment_accounts (seller_id, provider, account, is_live);
create index on payment_accounts (via, account) where via is not null;

alter table payments
  add column account_id uuid references payment_accounts,
  -- Where the buyer pays, until when, and what the provider names what comes of it.
  add column url text,
  add column open_until timestamptz,
  add column intent text,
  -- Whether it is what the order asked for, as settleOrder says it. Null: of before this was kept.
  add column outcome text check (outcome in ('paid', 'wrong-amount', 'too-late')),
  -- Of the fee, the part that is tax; and the provider's rate from the currency paid in to the one it pays out.
  add column fee_tax bigint,
  add column rate numeric,
  -- What went back of money that did not fit.
  add column returned bigint not null default 0,
  drop constraint payments_state_check,
  -- 'pending': the buyer did all they can, and the bank takes its time.
  add constraint payments_state_check check (state in ('begun', 'pending', 'paid', 'refused', 'given-up'));
create index on payments (account_id, state) where account_id is not null;
create index on payments (intent) where intent is not null;

alter table refunds
  add column payment_id uuid references payments,
  add column problem text,
  -- What went back of each line and of the shipping, last: [{"gross", "tax"}].
  add column parts jsonb,
  drop constraint refunds_state_check,
  -- 'undone': it did not arrive, and the money came back.
  add constraint refunds_state_check check (state in ('asked', 'done', 'refused', 'undone'));
create index on refunds (payment_id) where payment_id is not null;
create index on refunds (asked_at) where state = 'asked';

-- Somebody told their bank that they did not want it, did not get it, or did not do it.
create table disputes (
  id uuid primary key,
  order_id uuid not null references orders,
  payment_id uuid not null references payments,
  provider text not null,
  reference text not null,
  amount bigint not null,
  currency char(3) not null,
  reason text not null,
  -- 'asked': the bank asks, nothing was taken yet.
  state text not null check (state in ('asked', 'open', 'lost', 'won')),
  -- Until when one may answer, at the provider.
  due_at timestamptz,
  opened_at timestamptz not null,
  closed_at timestamptz,
  unique (provider, reference)
);
create index on disputes (order_id);
create index on disputes (payment_id);

-- Two accounts may be told of events under one name: whoever holds the secret of one must not be able to silence another's.
alter table provider_events
  add column account_id uuid not null references payment_accounts,
  drop constraint provider_events_pkey,
  add primary key (account_id, event_id);

-- What the provider had to be asked for, since nobody had told us.
create table payment_repairs (
  id uuid primary key,
  account_id uuid not null references payment_accounts,
  order_id uuid not null references orders,
  -- In words of take-in-payment.ts: 'paid', 'refund' …
  what text[] not null,
  at timestamptz not null
);
create index on payment_repairs (order_id);
create index on payment_repairs (account_id, at);
