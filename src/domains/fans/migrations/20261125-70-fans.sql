-- Who the artists know: one fan, several addresses, and for each artist or label and channel what the fan agreed to.

create table fans (
  id uuid primary key,
  -- The person of the spine under which this fan's touches and returns are recorded; persons that turned out to be this fan are in person_fans.
  person_id uuid not null unique,
  name text not null default '',
  language text not null default 'en',
  -- ISO 3166-1 alpha-2, a town in words, an IANA zone: as the fan said, or as their telephone number says.
  country char(2),
  place text not null default '',
  time_zone text,
  -- Since when they agree that what they do on the site (listens, links opened) is put beside who they are; null: they did not.
  recognised_since timestamptz,
  created_at timestamptz not null default now(),
  -- Merged into another: addresses and consents have moved there, this row only leads on.
  merged_into uuid references fans,
  erased_at timestamptz
);
create index fans_merged on fans (merged_into) where merged_into is not null;

-- A visitor, known by a cookie, who turned out to be a fan.
create table person_fans (
  person_id uuid primary key,
  fan_id uuid not null references fans on delete cascade,
  since timestamptz not null default now()
);
create index on person_fans (fan_id);

create table fan_addresses (
  id uuid primary key,
  fan_id uuid not null references fans on delete cascade,
  channel text not null check (channel in ('mail', 'sms', 'push')),
  -- As it was written; for push the endpoint.
  address text not null,
  -- One spelling for all: lower case of a mail address, E.164 of a number, the endpoint.
  address_key text not null,
  -- Signed with the place's key: compared with suppressions, which hold nothing else.
  address_hash text not null,
  -- Push: {"p256dh", "auth"}.
  keys jsonb,
  created_at timestamptz not null default now(),
  -- Its owner answered from it, once.
  verified_at timestamptz,
  removed_at timestamptz
);
create unique index fan_addresses_key on fan_addresses (channel, address_key) where removed_at is null;
create index on fan_addresses (fan_id);
create index on fan_addresses (channel, address_hash);

-- What a fan gets from whom, now: the sum of the log below, written with it.
create table subscriptions (
  id uuid primary key,
  fan_id uuid not null references fans on delete cascade,
  address_id uuid not null references fan_addresses on delete cascade,
  artist_id uuid references artists on delete cascade,
  label_id uuid references labels on delete cascade,
  channel text not null,
  -- 'asked': not confirmed yet, nothing but the question is sent there. 'left': nothing is sent.
  state text not null check (state in ('asked', 'active', 'left')),
  cadence text not null default 'each' check (cadence in ('each', 'weekly')),
  paused_until timestamptz,
  asked_at timestamptz not null,
  joined_at timestamptz,
  left_at timestamptz,
  -- While asked: what whoever typed the address said besides ({"name", "language", "recognised", "token", …}). It becomes true of the fan
  -- when the owner of the address confirms, and is emptied then: a stranger changes nothing.
  asked_with jsonb,
  check (num_nonnulls(artist_id, label_id) = 1),
  unique nulls not distinct (address_id, artist_id, label_id)
);
create index subscriptions_of_artist on subscriptions (artist_id, channel, fan_id) where state = 'active';
create index subscriptions_of_label on subscriptions (label_id, channel, fan_id) where state = 'active';
create index on subscriptions (fan_id);

-- Append-only: what somebody agreed to or took back, in which words, where, and how it is proved.
create table consents (
  id uuid primary key,
  -- Without references: proof outlives what it is about. Erasing a fan leaves the row with nobody behind it.
  fan_id uuid not null,
  address_id uuid not null,
  artist_id uuid,
  label_id uuid,
  channel text not null,
  event text not null check (event in ('asked', 'confirmed', 'imported', 'changed', 'withdrawn', 'erased')),
  -- The exact sentence that was shown, and its language.
  wording text not null,
  language text not null,
  -- 'form', 'download', 'poster', 'keyword', 'import', 'link', 'one-click', 'preferences', 'reply', 'complaint', 'bounce', 'studio'.
  source text not null,
  -- How it is proved: {"page", "link", "by", "declaration", …}; never an IP address.
  proof jsonb not null default '{}',
  at timestamptz not null
);
create index on consents (fan_id, at);
-- Addresses move when fans are merged or split; the log, which is never changed, is found by them.
create index on consents (address_id, at);
create index on consents (artist_id, at);
create function append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger append_only before update or delete on consents for each row execute function append_only();

-- Where nothing is ever sent, whoever asks; looked at in the moment of sending. Holds a signed hash, so that who was erased stays left alone.
create table suppressions (
  channel text not null,
  address_hash text not null,
  -- 'hard-bounce', 'complaint', 'asked' (to be left alone by everybody here), 'erased', 'refused' (the network says that it takes none).
  reason text not null,
  at timestamptz not null,
  primary key (channel, address_hash)
);

-- A word that, sent to one of the place's numbers, lets its sender join: upper case without accents.
create table keywords (
  keyword text primary key,
  artist_id uuid references artists on delete cascade,
  label_id uuid references labels on delete cascade,
  created_at timestamptz not null default now(),
  check (num_nonnulls(artist_id, label_id) = 1)
);
create index on keywords (artist_id);
