-- A mandate may have an end. Those that were given until now have none: they stay in force until somebody ends them.
alter table mandates add column ends_at timestamptz;
alter table mandates add check (ends_at > granted_at);

-- Those in force at this moment. Whoever asks what a label may do reads this, and so hears of an end the moment that it comes;
-- `revoked_at` is written a little later by a job, for the history and for the pages kept in memory.
create view living_mandates as
  select id, artist_id, label_id, permissions, granted_at, ends_at from mandates
  where revoked_at is null and (ends_at is null or ends_at > now());

-- What a label asked an artist to let it do. One open question for a pair.
create table mandate_requests (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  label_id uuid not null references labels on delete cascade,
  permissions text[] not null,
  -- The last day of the mandate that is asked for; null: until the artist ends it.
  last_day text,
  message text not null default '',
  asked_at timestamptz not null,
  asked_by uuid references accounts on delete set null,
  settled_at timestamptz,
  outcome text check (outcome in ('given', 'declined', 'withdrawn')),
  check ((settled_at is null) = (outcome is null))
);
create unique index mandate_requests_open on mandate_requests (artist_id, label_id) where settled_at is null;
create index on mandate_requests (label_id);
