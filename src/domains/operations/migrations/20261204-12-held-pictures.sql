-- The picture of what was taken down of a contest or a mission, away from its public address, for as long as it may be shown again.
create table held_pictures (
  -- An entry, a contribution, or the film of an entry.
  of_id uuid primary key,
  operation_id uuid not null references operations on delete cascade,
  storage_key text not null,
  size bigint not null,
  held_at timestamptz not null
);
create index on held_pictures (operation_id);
