-- What an artist lets feeds say of money: where one may give (podcast:funding), and a lightning address (podcast:value).
create table feed_support (
  artist_id uuid primary key references artists on delete cascade,
  funding_url text,
  funding_words text not null default '',
  lightning text
);
create trigger pages_changed after insert or update or delete or truncate on feed_support for each statement execute function pages_changed();

-- WebSub (W3C Recommendation, 2018): who asked to be told when a feed of this place changes.
create table websub_subscriptions (
  id uuid primary key,
  topic text not null,
  callback text not null,
  -- AES-256-GCM under the place's key; null when the subscriber gave none.
  secret bytea,
  lease_until timestamptz not null,
  created_at timestamptz not null default now(),
  told_at timestamptz,
  problem text,
  unique (topic, callback)
);
create index on websub_subscriptions (lease_until);
