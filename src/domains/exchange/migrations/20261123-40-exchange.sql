-- The spine: what was given, whom it reached, what came back. Append-only, partitioned by month; corrections are reversing rows.

-- A unique index on a partitioned table must hold the partition's column, so the same fact recorded on both sides of midnight
-- would count twice: this table is written first, and what is there already is not recorded again.
create table facts (
  artist_id uuid not null,
  key text not null,
  primary key (artist_id, key)
);

create table gifts (
  id uuid not null,
  artist_id uuid not null,
  -- 'release', later 'post', 'show', 'code' …
  kind text not null,
  -- '<kind>:<id>' as in exchange.Subject, for example 'release:0190…'.
  subject text not null,
  audience text not null default 'everyone',
  operation_id uuid,
  at timestamptz not null,
  primary key (id, at)
) partition by range (at);
create index on gifts (artist_id, at);
create index on gifts (subject);

create table touches (
  id uuid not null,
  artist_id uuid not null,
  gift_id uuid,
  subject text not null,
  person_id uuid,
  -- 'page', 'start' (a track began), later 'mail', 'sms' …
  channel text not null,
  -- Host of the page that led here, or null; a token of a link or embed, or null.
  referrer text,
  token text,
  at timestamptz not null,
  primary key (id, at)
) partition by range (at);
create index on touches (artist_id, at);
create index on touches (gift_id, at);
create index on touches (person_id);

create table returns (
  id uuid not null,
  artist_id uuid not null,
  gift_id uuid,
  subject text not null,
  person_id uuid,
  -- 'listen', 'download', later 'reply', 'share', 'order' …
  kind text not null,
  referrer text,
  token text,
  amount bigint,
  currency char(3),
  -- The row that this one reverses.
  reverses uuid,
  details jsonb not null default '{}',
  at timestamptz not null,
  primary key (id, at),
  check ((amount is null) = (currency is null))
) partition by range (at);
create index on returns (artist_id, at);
create index on returns (gift_id, at);
create index on returns (person_id);

-- A person is a random id; who it is stands here alone. Erasing deletes the mapping.
create table person_visitors (
  -- Hash of the visitor's first-party random id.
  visitor_hash text primary key,
  person_id uuid not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
create index on person_visitors (person_id);
