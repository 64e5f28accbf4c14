-- A way in for people at a place: a short address, as a code that a telephone reads and as a poster.
create table doors (
  id uuid primary key,
  code text not null unique,
  artist_id uuid not null references artists on delete cascade,
  -- Where or when: 'Le Zénith, 12 December'.
  occasion text not null,
  -- What they take home at once: 'release:<id>' or 'track:<id>'; null: nothing.
  gives text,
  created_by uuid references accounts on delete set null,
  created_at timestamptz not null default now(),
  closed_at timestamptz
);
create index on doors (artist_id, created_at);
