-- What is offered at what price, what was ordered, and what money came for it.

-- One thing that an artist offers. What was sold of it is frozen in the orders, so that it may be changed and taken away.
create table products (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  -- Who answers for the sale: the artist's own seller, or a label's by mandate.
  seller_id uuid not null references sellers,
  kind text not null check (kind in ('download', 'record', 'merch', 'bundle')),
  -- What may be downloaded by whoever bought it: 'release:<id>' or 'track:<id>'. A record may include it.
  subject text,
  slug text not null,
  title text not null,
  description text not null default '',
  state text not null default 'draft' check (state in ('draft', 'offered', 'withdrawn')),
  -- 'named': the buyer names it, from `price` on, beginning at `suggested`. Minor units, taxes included.
  pricing text not null default 'fixed' check (pricing in ('fixed', 'named', 'free')),
  price bigint not null default 0 check (price >= 0),
  suggested bigint check (suggested >= price),
  currency char(3) not null,
  -- Until then it is a pre-order.
  released_at timestamptz,
  position integer not null default 0,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (artist_id, slug),
  check (kind <> 'download' or subject is not null),
  check ((suggested is not null) <= (pricing = 'named')),
  check (pricing <> 'free' or price = 0)
);
create index on products (seller_id);
create index on products (subject) where subject is not null;

create table product_pictures (
  product_id uuid not null references products on delete cascade,
  position smallint not null,
  image_id uuid not null references images,
  alt text not null default '',
  primary key (product_id, position)
);

-- What a bundle is made of.
create table bundle_parts (
  bundle_id uuid not null references products on delete cascade,
  variant_id uuid not null,
  quantity smallint not null default 1 check (quantity > 0),
  primary key (bundle_id, variant_id)
);

-- What is counted and sent. Every product has one at least; a download has one, without stock or weight.
create table variants (
  id uuid primary key,
  product_id uuid not null references products on delete cascade,
  name text not null default '',
  sku text not null default '',
  -- Instead of the product's.
  price bigint check (price >= 0),
  -- Grams. With one, it is sent by post.
  weight integer check (weight > 0),
  -- How many there are; null: as many as are wanted. `held` of them belong to orders that are not paid yet.
  stock integer check (stock >= 0),
  held integer not null default 0 check (held >= 0),
  position smallint not null default 0,
  removed_at timestamptz,
  check (stock is null or held <= stock)
);
create index on variants (product_id);
alter table bundle_parts add foreign key (variant_id) references variants on delete cascade;

-- What somebody put aside to buy, of one seller; found again by a cookie of this site.
create table baskets (
  id uuid primary key,
  token_hash text not null,
  seller_id uuid not null references sellers on delete cascade,
  updated_at timestamptz not null,
  unique (token_hash, seller_id)
);
create index on baskets (updated_at);
create table basket_lines (
  basket_id uuid not null references baskets on delete cascade,
  variant_id uuid not null references variants on delete cascade,
  quantity smallint not null check (quantity between 1 and 99),
  -- What the buyer named, each.
  named bigint check (named >= 0),
  added_at timestamptz not null default now(),
  primary key (basket_id, variant_id)
);

create table orders (
  id uuid primary key,
  -- As people say it on the telephone: 'K7RM-2QXF'.
  code text not null unique,
  -- One form sent twice is one order.
  form_key text not null unique,
  seller_id uuid not null references sellers,
  -- Whose page it was ordered on.
  artist_id uuid references artists on delete set null,
  -- 'placed': waits for money; 'paid'; 'expired': none came in time; 'cancelled': by a person; 'refused': by the provider.
  state text not null check (state in ('placed', 'paid', 'expired', 'cancelled', 'refused')),
  mail text not null,
  -- One spelling for all who mean the same; empty once the buyer was erased.
  mail_key text not null,
  name text not null default '',
  language text not null,
  -- Where the buyer is (ISO 3166-1 alpha-2): decides the tax.
  country char(2) not null,
  -- Where it is sent, when something is.
  address jsonb,
  currency char(3) not null,
  -- Minor units. `total` is what is paid: lines and shipping, taxes included; `tax` is the part of it that is tax.
  shipping bigint not null default 0 check (shipping >= 0),
  shipping_tax bigint not null default 0,
  shipping_rate integer not null default 0,
  shipping_tax_country char(2) not null,
  shipping_refunded bigint not null default 0,
  tax bigint not null check (tax >= 0),
  total bigint not null check (total >= 0),
  refunded bigint not null default 0,
  -- Which rules decided the tax, in words of tax.rules.ts, and the two things that say where the buyer is: [{"kind", "country"}].
  tax_reason text not null,
  evidence jsonb not null default '[]',
  -- The terms and the waiver of withdrawal as they were shown: {"version", "language", "waiver", "at"}.
  terms jsonb not null,
  provider text not null,
  -- By which way they came: what the exchange is told when it is paid.
  person_id uuid,
  way jsonb not null default '{}',
  note text not null default '',
  placed_at timestamptz not null,
  hold_until timestamptz,
  paid_at timestamptz,
  closed_at timestamptz,
  check (refunded between 0 and total),
  check (shipping_refunded between 0 and shipping),
  check ((paid_at is not null) = (state = 'paid'))
);
create index on orders (seller_id, placed_at);
create index on orders (artist_id, placed_at);
create index on orders (mail_key);
create index on orders (person_id) where person_id is not null;
create index on orders (hold_until) where state = 'placed';

create table order_lines (
  order_id uuid not null references orders on delete cascade,
  position smallint not null,
  product_id uuid references products on delete set null,
  variant_id uuid references variants on delete set null,
  artist_id uuid references artists on delete set null,
  kind text not null,
  -- What may be downloaded for it, and what the books speak of.
  subject text,
  title text not null,
  variant text not null default '',
  -- The title of the bundle that it was sold in; its price is then a part of the bundle's.
  bundle text not null default '',
  quantity smallint not null check (quantity > 0),
  -- Minor units: what one costs and what the line costs, taxes included; `tax` is the part that is tax, `rate` in hundredths of a percent.
  each bigint not null check (each >= 0),
  gross bigint not null check (gross >= 0),
  tax bigint not null check (tax >= 0),
  rate integer not null,
  -- Whose tax it is.
  tax_country char(2) not null,
  weight integer,
  refunded bigint not null default 0,
  primary key (order_id, position),
  check (refunded between 0 and gross)
);
create index on order_lines (variant_id);

-- What an unpaid order keeps from others. Gone when it is paid or given up.
create table stock_holds (
  order_id uuid not null references orders on delete cascade,
  variant_id uuid not null references variants on delete cascade,
  quantity integer not null check (quantity > 0),
  primary key (order_id, variant_id)
);

-- Money that came for an order, as its provider tells it.
create table payments (
  id uuid primary key,
  order_id uuid not null references orders,
  provider text not null,
  -- The provider's own name for it: a transfer's reference, a payment intent.
  reference text not null,
  state text not null check (state in ('begun', 'paid', 'refused', 'given-up')),
  amount bigint not null,
  currency char(3) not null,
  -- Frozen when it happened: what arrives in the seller's currency, at what rate, after which fee. Not to be known later.
  settled_amount bigint,
  settled_currency char(3),
  fee bigint,
  fee_currency char(3),
  begun_at timestamptz not null,
  paid_at timestamptz,
  unique (provider, reference)
);
create index on payments (order_id);

create table refunds (
  id uuid primary key,
  order_id uuid not null references orders,
  -- What makes it this refund and no other.
  key text not null unique,
  amount bigint not null check (amount > 0),
  reason text not null default '',
  -- 'asked' of the provider, 'done', 'refused'. Only what is done is in the books.
  state text not null check (state in ('asked', 'done', 'refused')),
  reference text not null default '',
  asked_by uuid,
  asked_at timestamptz not null,
  done_at timestamptz
);
create index on refunds (order_id);

-- What somebody owns for good: opened by a signed link to their address, for ever.
create table holdings (
  id uuid primary key,
  mail_key text not null,
  -- What may be downloaded.
  subject text not null,
  artist_id uuid references artists on delete cascade,
  -- 'order', 'code', 'gift', 'import'.
  source text not null,
  -- What gave it: recorded twice, it stands once.
  key text not null unique,
  order_id uuid references orders on delete set null,
  from_at timestamptz not null,
  revoked_at timestamptz
);
create index on holdings (mail_key);

-- What a provider told us, as it came: told twice, it counts once.
create table provider_events (
  provider text not null,
  event_id text not null,
  kind text not null,
  payload jsonb not null,
  received_at timestamptz not null,
  handled_at timestamptz,
  problem text,
  primary key (provider, event_id)
);
