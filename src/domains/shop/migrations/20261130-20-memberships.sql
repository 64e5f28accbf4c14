-- Being a member: something offered that one pays again each month or year, and leaves when one likes.
alter table products
  add column every text check (every in ('month', 'year')),
  -- Members have all that is published, while they are members.
  add column gives_all boolean not null default false,
  drop constraint products_kind_check,
  add constraint products_kind_check check (kind in ('download', 'record', 'merch', 'bundle', 'tip', 'membership')),
  add constraint membership_is_paid_again check (
    (kind = 'membership') = (every is not null) and (kind <> 'membership' or (pricing = 'fixed' and price > 0)) and (not gives_all or kind = 'membership')
  );

-- What somebody agreed to when they began stays theirs: a new price of the plan is for those who come after.
create table members (
  id uuid primary key,
  -- The plan. Null: it is gone, and nobody is asked to pay again.
  product_id uuid references products on delete set null,
  seller_id uuid not null references sellers,
  artist_id uuid references artists on delete set null,
  mail text not null,
  mail_key text not null,
  name text not null default '',
  language text not null,
  -- Of where they are, as when they began.
  evidence jsonb not null,
  title text not null,
  every text not null check (every in ('month', 'year')),
  price bigint not null check (price > 0),
  currency char(3) not null,
  subject text,
  gives_all boolean not null,
  provider text not null,
  person_id uuid,
  -- 'resting': what was due was not paid in time, and nothing more is asked.
  state text not null check (state in ('active', 'paused', 'resting', 'left')),
  since timestamptz not null,
  -- The day of the month on which its periods begin, in months that have it.
  day smallint not null check (day between 1 and 31),
  paid_until timestamptz not null,
  changed_at timestamptz not null
);
create index on members (artist_id, since);
create index on members (mail_key);
create index on members (product_id);
create index on members (person_id);
create index on members (paid_until) where state = 'active';

-- Each period is an order of its own, paid or asked for.
create table member_periods (
  order_id uuid primary key references orders,
  membership_id uuid not null references members,
  -- Until when it had been paid when this one was asked for; null for the first.
  renews timestamptz,
  -- What was paid for. Null while it is not.
  from_at timestamptz,
  until timestamptz,
  -- They paused or left: it is not waited for any more, and money that comes all the same goes back.
  dropped boolean not null default false,
  check ((from_at is null) = (until is null)),
  check (until > from_at)
);
create index on member_periods (membership_id);
