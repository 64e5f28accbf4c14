-- A membership that its card pays by itself (docs/decisions/0109): what was agreed to, the card that is kept for it, and each time that it is charged.

-- The words that somebody agreed to, as they stood there, and that they took it back: rows are added and never changed.
create table charge_agreements (
  id uuid primary key,
  -- The order with which it was agreed to, or the membership on whose page it was.
  order_id uuid references orders,
  membership_id uuid references members,
  -- false: they took it back.
  agreed boolean not null,
  words text not null,
  language text not null,
  amount bigint not null check (amount > 0),
  currency char(3) not null,
  every text not null check (every in ('month', 'year')),
  at timestamptz not null,
  check (num_nonnulls(order_id, membership_id) = 1)
);
create index on charge_agreements (order_id);
create index on charge_agreements (membership_id);
create trigger append_only before update or delete on charge_agreements for each row execute function append_only();

-- What is kept of a card is what its owner knows it by, and the provider's own names. Its number never comes here.
create table kept_cards (
  id uuid primary key,
  membership_id uuid not null references members,
  account_id uuid not null references payment_accounts,
  -- Told twice, it is kept once; told again after it was forgotten, it stays forgotten.
  agreement_id uuid not null unique references charge_agreements,
  customer text not null,
  -- Empty once it is forgotten at the provider too.
  method text not null,
  brand text not null,
  last4 text not null,
  exp_month smallint not null,
  exp_year smallint not null,
  kept_at timestamptz not null,
  -- Its owner was told that it expires.
  warned_at timestamptz,
  forgotten_at timestamptz
);
create unique index on kept_cards (membership_id) where forgotten_at is null;
create index on kept_cards (forgotten_at) where forgotten_at is not null and method <> '';
create index on kept_cards (account_id);

-- Each time that a card is to be charged for the order of a period.
create table member_charges (
  -- The provider is told it, and tells it back: what was asked and never noted is found by it.
  id uuid primary key,
  order_id uuid not null references orders,
  membership_id uuid not null references members,
  nth smallint not null check (nth > 0),
  due_at timestamptz not null,
  -- When the member was told of it by mail: nothing is charged before.
  told_at timestamptz,
  -- 'off': it was not wanted any more when its time came.
  state text not null check (state in ('due', 'asked', 'refused', 'off')),
  -- Why it was refused, in the provider's word or in ours.
  problem text,
  changed_at timestamptz not null,
  unique (order_id, nth)
);
create unique index on member_charges (order_id) where state = 'due';
create index on member_charges (due_at) where state = 'due';
create index on member_charges (membership_id);

-- Somebody is giving a card on the provider's page, without paying.
create table card_setups (
  id uuid primary key,
  membership_id uuid not null references members,
  account_id uuid not null references payment_accounts,
  agreement_id uuid not null unique references charge_agreements,
  reference text not null unique,
  url text,
  open_until timestamptz not null,
  state text not null check (state in ('open', 'done', 'over')),
  begun_at timestamptz not null
);
create index on card_setups (membership_id);
create index on card_setups (account_id);
