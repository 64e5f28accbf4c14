-- What is bought for a friend: its downloads wait for them, and are told on a day.
create table presents (
  order_id uuid primary key references orders,
  -- Where the friend is told. Empty: forgotten.
  mail text not null,
  mail_key text not null,
  -- By whom, as the friend knows them.
  giver text not null,
  message text not null default '',
  -- By the seller's clock.
  day date not null,
  -- The mail was handed to a job; how often it was, names each.
  sent_at timestamptz,
  sent integer not null default 0,
  -- The address is one to be left alone: nothing went there.
  is_refused boolean not null default false,
  taken_at timestamptz
);
create index on presents (mail_key);
create index on presents (day) where sent_at is null;
