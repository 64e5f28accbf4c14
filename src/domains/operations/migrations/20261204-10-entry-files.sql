-- Contests of remixes and of films: what people send in is a file (docs/decisions/0100).
alter table contests drop constraint contests_sort_check;
alter table contests add constraint contests_sort_check check (sort in ('sleeve', 'words', 'remix', 'video'));
-- What is given to work with: files that lie beside the music of the contest's release.
alter table contests add column stems uuid[] not null default '{}';
-- The draft that was made of what won: `release:<id>` or `post:<id>`.
alter table contests add column made text;

-- A sound or a film as it came, and what is known of it. Of no entry: it came with a form that had an error elsewhere, and goes after a day.
create table entry_files (
  id uuid primary key,
  operation_id uuid not null references operations on delete cascade,
  kind text not null check (kind in ('sound', 'film')),
  file_name text not null,
  storage_key text not null,
  sha256 text not null,
  size bigint not null,
  -- `kept` until somebody says that it is theirs: then it is made to play.
  state text not null default 'kept' check (state in ('kept', 'waiting', 'preparing', 'ready', 'failed')),
  -- From 0 to 1 while preparing.
  progress real not null default 0,
  -- Why it failed: a code worded by this domain.
  problem text,
  facts jsonb,
  loudness jsonb,
  waveform bytea,
  duration_ms integer,
  width integer,
  height integer,
  poster_image_id uuid references images,
  -- What is said and heard in a film, in WebVTT, in the language of its entry.
  captions text,
  came_at timestamptz not null
);
create index on entry_files (operation_id);
create index on entry_files (poster_image_id);

-- What plays of it: one row a format.
create table entry_streams (
  file_id uuid not null references entry_files on delete cascade,
  format text not null check (format in ('opus', 'aac', 'webm', 'mp4')),
  storage_key text not null,
  size bigint not null,
  type text not null,
  primary key (file_id, format)
);

alter table contest_entries add column file_id uuid references entry_files on delete set null;
create index on contest_entries (file_id);
