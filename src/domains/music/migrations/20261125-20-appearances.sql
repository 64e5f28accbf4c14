-- What an artist said of a release of somebody else that names them: whether it stands on their own page. Until they say, it stands
-- there only when the same people answer for both.
create table appearances (
  artist_id uuid not null references artists on delete cascade,
  release_id uuid not null references releases on delete cascade,
  shown boolean not null,
  at timestamptz not null default now(),
  primary key (artist_id, release_id)
);

create trigger pages_changed after insert or update or delete or truncate on appearances
  for each statement execute function pages_changed();
create trigger pages_changed after insert or update or delete or truncate on memberships
  for each statement execute function pages_changed();
