-- Sequences: something lets a person in, and what is laid down for them comes one after the other (docs/decisions/0094).

-- How much one fan gets at most, of all sequences of an artist together.
create table sequence_settings (
  artist_id uuid primary key references artists on delete cascade,
  most smallint not null check (most between 1 and 50),
  days smallint not null check (days between 1 and 90)
);

create table sequences (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  name text not null,
  state text not null default 'off' check (state in ('off', 'on')),
  -- The version by which people come in. Null while it was never switched on.
  version smallint,
  on_at timestamptz,
  -- Whatever let somebody in up to then was seen.
  seen_until timestamptz,
  created_by uuid references accounts on delete set null,
  created_at timestamptz not null,
  check (state = 'off' or (version is not null and on_at is not null and seen_until is not null))
);
create index on sequences (artist_id);

-- What is laid down. The last version may still change until it is fixed, by being switched on for the first time.
create table sequence_versions (
  sequence_id uuid not null references sequences on delete cascade,
  number smallint not null check (number > 0),
  -- As plan.rules.ts has it: {"when", "again", "timeZone", "steps"}.
  plan jsonb not null,
  edits integer not null default 0,
  -- What would have become of people of the past; goes with every change.
  tried jsonb,
  tried_at timestamptz,
  fixed_at timestamptz,
  primary key (sequence_id, number)
);
create function sequence_versions_fixed() returns trigger language plpgsql as $$
begin
  raise exception 'a version that was switched on never changes';
end $$;
create trigger sequence_versions_fixed before update on sequence_versions for each row
  when (old.fixed_at is not null and (new.plan is distinct from old.plan or new.fixed_at is distinct from old.fixed_at))
  execute function sequence_versions_fixed();

-- What a sequence gives, over all its versions: what the spine calls 'give:<id>'.
create table sequence_gives (
  id uuid primary key,
  sequence_id uuid not null references sequences on delete cascade,
  title text not null default ''
);
create index on sequence_gives (sequence_id);

-- One person on their way, once for each thing that lets somebody in.
create table sequence_runs (
  id uuid primary key,
  sequence_id uuid not null references sequences on delete cascade,
  version smallint not null,
  -- Null: erased since.
  fan_id uuid,
  -- What let them in.
  key text not null,
  entered_at timestamptz not null,
  step smallint not null default 0,
  due_at timestamptz not null,
  -- 'limit': they had enough for now; 'pause': they asked to be left in peace.
  waits_for text check (waits_for in ('limit', 'pause')),
  -- 'passed': it happened while they were on their way already.
  state text not null check (state in ('walking', 'finished', 'stopped', 'left', 'passed', 'off', 'merged', 'erased')),
  ended_at timestamptz,
  check ((state = 'walking') = (ended_at is null)),
  foreign key (sequence_id, version) references sequence_versions
);
create unique index sequence_runs_once on sequence_runs (sequence_id, fan_id, key);
create unique index sequence_runs_one on sequence_runs (sequence_id, fan_id) where state = 'walking';
create index sequence_runs_due on sequence_runs (due_at) where state = 'walking';
create index on sequence_runs (fan_id);

-- Who leaves an artist is out of all their sequences in that very moment.
create function sequence_runs_left() returns trigger language plpgsql as $$
begin
  update sequence_runs r set state = 'left', ended_at = coalesce(new.left_at, now()), waits_for = null
  from sequences s
  where r.fan_id = new.fan_id and r.state = 'walking' and s.id = r.sequence_id and s.artist_id = new.artist_id
    and not exists (select from subscriptions u where u.fan_id = new.fan_id and u.artist_id = new.artist_id and u.state = 'active');
  return null;
end $$;
create trigger sequence_runs_left after update on subscriptions for each row
  when (old.state = 'active' and new.state <> 'active' and new.artist_id is not null) execute function sequence_runs_left();

-- Who takes back that they may be recognised is no longer followed for having been silent.
create function sequence_runs_objected() returns trigger language plpgsql as $$
begin
  update sequence_runs r set state = 'left', ended_at = now(), waits_for = null
  from sequence_versions v
  where r.fan_id = new.id and r.state = 'walking' and v.sequence_id = r.sequence_id and v.number = r.version and v.plan->'when'->>'is' = 'silent';
  return null;
end $$;
create trigger sequence_runs_objected after update of recognised_since on fans for each row
  when (old.recognised_since is not null and new.recognised_since is null and new.merged_into is null)
  execute function sequence_runs_objected();
