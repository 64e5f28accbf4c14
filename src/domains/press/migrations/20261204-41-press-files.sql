-- What an artist gives to press and stages as files (docs/decisions/0107): the technical rider as a PDF, and pictures of their own in print size.
create table press_riders (
  artist_id uuid primary key references artists on delete cascade,
  storage_key text not null,
  sha256 text not null,
  size bigint not null check (size > 0),
  added_at timestamptz not null
);

create table press_pictures (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  image_id uuid not null references images,
  -- What it shows, for who prints it and for who cannot see it.
  caption text not null check (caption <> ''),
  -- Whose name is printed beside it; '' where the page's word for all pictures holds.
  credit text not null default '',
  added_at timestamptz not null
);
create index on press_pictures (artist_id, added_at);
create index on press_pictures (image_id);
