-- An announcement may leave in waves: everybody gets it, some a few days after the others, drawn at random, so that what it brought can be told.
alter table announcements
  add column waves smallint not null default 1 check (waves between 1 and 3),
  add column wave_days smallint not null default 7 check (wave_days between 1 and 28),
  -- When the second wave leaves: until then the first is compared with those who wait. Null: in one go, or not frozen yet.
  add column window_ends_at timestamptz;

-- Who was drawn for which wave, written when the audience was frozen, before anything left. Nobody is ever moved; who is erased is not there any more.
create table wave_assignments (
  announcement_id uuid not null references announcements on delete cascade,
  fan_id uuid not null references fans on delete cascade,
  wave smallint not null,
  -- The group of fans alike in what they did before, in which they were drawn.
  stratum smallint not null,
  primary key (announcement_id, fan_id)
);
create index on wave_assignments (fan_id);

-- What was read of it, once a day and once at the end: sums and intervals, nobody's own.
create table wave_readings (
  announcement_id uuid not null references announcements on delete cascade,
  day smallint not null,
  at timestamptz not null,
  is_final boolean not null,
  figures jsonb not null,
  primary key (announcement_id, day)
);
