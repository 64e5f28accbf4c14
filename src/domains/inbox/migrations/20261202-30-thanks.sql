-- Fans who brought so many people that an artist may want to thank them: which of these milestones the artist wrote about, or put aside.
create table thanks (
  artist_id uuid not null references artists on delete cascade,
  fan_id uuid not null references fans on delete cascade,
  -- The milestone: how many people they had brought.
  people integer not null check (people > 0),
  how text not null check (how in ('written', 'aside')),
  account_id uuid references accounts on delete set null,
  at timestamptz not null,
  primary key (artist_id, fan_id, people)
);
create index on thanks (fan_id);
