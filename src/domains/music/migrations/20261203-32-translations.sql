-- The words of a recording in another language, by whoever wrote them down, under their name (docs/decisions/0093).
create table translations (
  -- Of what somebody sent in, so that the same is kept once and goes when it does.
  id uuid primary key,
  recording_id uuid not null references recordings on delete cascade,
  language text not null check (language ~ '^[a-z]{2,3}$'),
  text text not null,
  -- Nobody's when it is empty.
  name text not null default '',
  made_at timestamptz not null
);
create index on translations (recording_id, made_at);

create trigger pages_changed after insert or update or delete or truncate on translations for each statement execute function pages_changed();
