-- Text messages and push: what must be remembered of them between two octets.

-- A message that was too long for one: each part has a name and a receipt of its own.
create table sms_parts (
  provider_id uuid not null references providers on delete cascade,
  provider_ref text not null,
  delivery_id bigint not null references deliveries on delete cascade,
  state text not null default 'handed' check (state in ('handed', 'delivered', 'bounced')),
  problem text,
  primary key (provider_id, provider_ref)
);
create index on sms_parts (delivery_id);

-- Receipts that came before it was written down what they are about.
create table early_receipts (
  provider_id uuid not null references providers on delete cascade,
  provider_ref text not null,
  settled text not null check (settled in ('delivered', 'bounced')),
  problem text,
  at timestamptz not null,
  primary key (provider_id, provider_ref)
);

-- Parts of a message on its way in, until all of them are there. A character may be cut between two, so octets stay octets.
create table sms_pieces (
  provider_id uuid not null references providers on delete cascade,
  sender text not null,
  recipient text not null,
  reference integer not null,
  total smallint not null,
  number smallint not null,
  data_coding smallint not null,
  octets bytea not null,
  at timestamptz not null,
  primary key (provider_id, sender, recipient, reference, total, number)
);
create index on sms_pieces (at);

-- The keys of web push are the place's own, made once.
create unique index providers_one_vapid on providers (kind) where kind = 'vapid';
