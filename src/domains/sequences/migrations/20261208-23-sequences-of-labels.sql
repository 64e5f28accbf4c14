-- A label lays down sequences for its own fans, as an artist does for theirs (docs/decisions/0119).
alter table sequences alter column artist_id drop not null;
alter table sequences
  add column label_id uuid references labels on delete cascade,
  add check (num_nonnulls(artist_id, label_id) = 1);
create index on sequences (label_id) where label_id is not null;

alter table sequence_settings drop constraint sequence_settings_pkey;
alter table sequence_settings alter column artist_id drop not null;
alter table sequence_settings
  add column label_id uuid references labels on delete cascade,
  add check (num_nonnulls(artist_id, label_id) = 1),
  add constraint sequence_settings_of unique nulls not distinct (artist_id, label_id);

-- The artist in whose books a label's gift stands; null: the sender's own.
alter table sequence_gives add column given_by uuid;

create or replace function sequence_runs_left() returns trigger language plpgsql as $$
begin
  update sequence_runs r set state = 'left', ended_at = coalesce(new.left_at, now()), waits_for = null
  from sequences s
  where r.fan_id = new.fan_id and r.state = 'walking' and s.id = r.sequence_id and (s.artist_id = new.artist_id or s.label_id = new.label_id)
    and not exists (select from subscriptions u
      where u.fan_id = new.fan_id and (u.artist_id = new.artist_id or u.label_id = new.label_id) and u.state = 'active');
  return null;
end $$;
drop trigger sequence_runs_left on subscriptions;
create trigger sequence_runs_left after update on subscriptions for each row
  when (old.state = 'active' and new.state <> 'active') execute function sequence_runs_left();

-- A label's fans are silent while they do not answer, which is known of everybody.
create or replace function sequence_runs_objected() returns trigger language plpgsql as $$
begin
  update sequence_runs r set state = 'left', ended_at = now(), waits_for = null
  from sequence_versions v join sequences s on s.id = v.sequence_id and s.artist_id is not null
  where r.fan_id = new.id and r.state = 'walking' and v.sequence_id = r.sequence_id and v.number = r.version and v.plan->'when'->>'is' = 'silent';
  return null;
end $$;
