-- A contest of sleeves: what people send in, what is decided about it, and by whom (docs/decisions/0081).
create table contests (
  operation_id uuid primary key references operations on delete cascade,
  sort text not null check (sort in ('sleeve', 'words')),
  release_id uuid references releases on delete set null,
  entries_until timestamptz,
  -- What the jury weighs, in hundredths; the rest is the vote's.
  jury_weight smallint not null default 50 check (jury_weight between 0 and 100),
  most_entries smallint not null default 1 check (most_entries between 1 and 5),
  winner_id uuid,
  -- As it was counted when it closed.
  results jsonb
);

-- The rules as they were shown, under a number that never means another text.
create table contest_rules (
  operation_id uuid not null references operations on delete cascade,
  version integer not null,
  language text not null,
  text text not null,
  made_at timestamptz not null,
  primary key (operation_id, version, language)
);

create table contest_entries (
  id uuid primary key,
  operation_id uuid not null references operations on delete cascade,
  -- Null when its fan was erased: the entry goes with them, so until its address is confirmed.
  fan_id uuid references fans on delete cascade,
  mail text,
  name text not null,
  title text not null default '',
  text text not null default '',
  image_id uuid references images,
  alt text not null default '',
  language text not null default 'en',
  rules_version integer not null,
  rules_language text not null,
  -- The sentence beside the box that was ticked.
  accepted text not null,
  at timestamptz not null,
  confirmed_at timestamptz,
  state text not null default 'waiting' check (state in ('waiting', 'shown', 'blocked', 'withdrawn')),
  reason text not null default '',
  decided_by uuid references accounts on delete set null,
  decided_at timestamptz,
  foreign key (operation_id, rules_version, rules_language) references contest_rules (operation_id, version, language),
  check (state <> 'blocked' or length(trim(reason)) >= 3),
  check (state <> 'shown' or confirmed_at is not null),
  check (confirmed_at is null or fan_id is not null)
);
create index on contest_entries (operation_id, at);
create index on contest_entries (fan_id);
alter table contests add foreign key (winner_id) references contest_entries on delete set null;

-- What somebody asked to approve, and when they said that it was them: all of it, for whoever looks after.
create table contest_ballots (
  id uuid primary key,
  operation_id uuid not null references operations on delete cascade,
  fan_id uuid references fans on delete set null,
  mail text,
  entry_ids uuid[] not null,
  -- A network of one day, told apart by a salt that is destroyed; never an address. Goes when the contest is closed.
  network text,
  language text not null default 'en',
  at timestamptz not null,
  confirmed_at timestamptz
);
create index on contest_ballots (operation_id, confirmed_at);
create index on contest_ballots (fan_id);

-- One person, one approval of one entry. Taken back it stays, with its moment.
create table contest_votes (
  operation_id uuid not null references operations on delete cascade,
  entry_id uuid not null references contest_entries on delete cascade,
  -- Null when their fan was erased: it still counts, and nobody knows whose it was.
  fan_id uuid references fans on delete restrict,
  at timestamptz not null,
  withdrawn_at timestamptz,
  -- Two fans turned out to be one, who had approved it twice: one of the two counts.
  merged_at timestamptz,
  -- Who it was, once erased: the same for all their approvals in this contest, and nobody.
  erased_as uuid,
  check (fan_id is not null or erased_as is not null or merged_at is not null)
);
create unique index contest_votes_once on contest_votes (entry_id, fan_id);
create index on contest_votes (operation_id);
create index on contest_votes (fan_id);

create table contest_jurors (
  id uuid primary key,
  operation_id uuid not null references operations on delete cascade,
  name text not null,
  invited_at timestamptz not null,
  removed_at timestamptz
);
create index on contest_jurors (operation_id);

create table contest_scores (
  juror_id uuid not null references contest_jurors on delete cascade,
  entry_id uuid not null references contest_entries on delete cascade,
  score smallint not null check (score between 0 and 10),
  at timestamptz not null,
  primary key (juror_id, entry_id)
);
create index on contest_scores (entry_id);
