-- Listens as the field counts them (Last.fm, ListenBrainz): over 30 s long, heard for half or four minutes.
create table listens (
  play uuid primary key,
  track_id uuid not null references tracks on delete cascade,
  recording_id uuid not null references recordings on delete cascade,
  artist_id uuid not null references artists on delete cascade,
  person_id uuid,
  started_at timestamptz not null,
  played_ms integer not null,
  counted boolean not null
);
create index on listens (artist_id, started_at);
create index on listens (track_id);
create index on listens (person_id);
