-- What a seller says to buyers about the contract: how to reach them, who mediates, and their own terms instead of the template, where they wrote any.
alter table shop_settings
  add column contact_mail text not null default '',
  add column contact_phone text not null default '',
  add column mediator text not null default '',
  add column terms_en text not null default '',
  add column terms_fr text not null default '';

-- The terms of sale as somebody accepted them, each text under a number: what an order refers to. Written when a first order is placed under a text, and never changed.
create table terms_versions (
  seller_id uuid not null references sellers on delete cascade,
  language text not null check (language in ('en', 'fr')),
  version integer not null check (version > 0),
  body text not null,
  from_template boolean not null,
  since timestamptz not null,
  primary key (seller_id, language, version)
);

-- A buyer said on the order's page that they take back what they bought (directive 2011/83/EU, articles 9 to 11a).
create table withdrawals (
  id uuid primary key,
  order_id uuid not null references orders on delete cascade,
  -- The order's lines that it is about, by position.
  positions integer[] not null check (cardinality(positions) > 0),
  said_at timestamptz not null,
  unique (order_id, positions)
);
