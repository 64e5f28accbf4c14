-- A list of people that an artist brings: the file as it came, how it is read, and what became of each line.
create table fan_lists (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  file_name text not null,
  storage_key text not null,
  size bigint not null,
  encoding text not null,
  delimiter text not null,
  -- Which column is what, by its number: {"mail": 0, "phone": 2, "name": 1}.
  columns jsonb not null default '{}',
  has_heading boolean not null default true,
  -- Where a number without a prefix is from, and the language of those of whom none is said.
  country text not null default '',
  language text not null,
  -- Where their consent comes from, in the artist's words.
  declaration text not null default '',
  -- 'new', 'trying', 'tried', 'bringing', 'brought'.
  state text not null default 'new' check (state in ('new', 'trying', 'tried', 'bringing', 'brought')),
  lines_done integer not null default 0,
  -- {"new", "known", "left", "suppressed", "refused"}.
  counts jsonb not null default '{}',
  created_by uuid references accounts on delete set null,
  created_at timestamptz not null default now()
);
create index on fan_lists (artist_id, created_at);

-- Why a line brought nobody.
create table fan_list_refusals (
  list_id uuid not null references fan_lists on delete cascade,
  line integer not null,
  reason text not null,
  text text not null,
  primary key (list_id, line)
);
