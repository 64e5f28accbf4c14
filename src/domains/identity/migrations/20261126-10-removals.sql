-- An artist or a label on its way out: gone from the public at once, deleted for good at `goes_at`.
alter table artists add column goes_at timestamptz;
alter table labels add column goes_at timestamptz;

-- Addresses of those who were deleted answer that they are gone, and are nobody else's.
alter table slugs add column gone_at timestamptz;
alter table slugs drop constraint slugs_check;
alter table slugs add constraint slugs_check check (num_nonnulls(artist_id, label_id, gone_at) = 1);

create table removals (
  id uuid primary key,
  -- Without references: the record outlives what it is about.
  artist_id uuid,
  label_id uuid,
  -- Emptied when all is gone.
  name text not null,
  asked_by uuid references accounts on delete set null,
  asked_at timestamptz not null,
  goes_at timestamptz not null,
  -- What each domain hid, and needs to know to show it again: {"music": …}.
  kept jsonb not null default '{}',
  undone_at timestamptz,
  -- From here on nothing brings it back.
  begun_at timestamptz,
  done_at timestamptz,
  check (num_nonnulls(artist_id, label_id) = 1)
);
create unique index removals_under_way on removals (coalesce(artist_id, label_id)) where undone_at is null and done_at is null;

-- What rows that are gone led to, written in the transaction that deletes them, and looked at when all of them are: it goes unless somebody else has it.
create table removal_leftovers (
  removal_id uuid not null references removals on delete cascade,
  kind text not null check (kind in ('file', 'image', 'fan', 'address')),
  key text not null,
  primary key (removal_id, kind, key)
);
