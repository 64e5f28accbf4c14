-- Releases, their tracks, and the recordings that tracks play.
create table releases (
  id uuid primary key,
  artist_id uuid not null references artists,
  label_id uuid references labels on delete set null,
  -- The label as it is to be written, for one that does not live here.
  label_name text,
  slug text not null,
  title text not null,
  kind text not null default 'album' check (kind in ('album', 'ep', 'single', 'live', 'compilation')),
  -- As precise as it is known: 2026, 2026-11 or 2026-11-23.
  release_date text check (release_date ~ '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$'),
  description text not null default '',
  language text,
  -- An identifier of music/licences.rules.ts: 'all-rights-reserved', 'cc-by-4.0' … 'cc0-1.0'.
  licence text not null default 'all-rights-reserved',
  copyright text,
  catalogue_number text,
  barcode text,
  genres text[] not null default '{}',
  tags text[] not null default '{}',
  cover_image_id uuid references images,
  musicbrainz jsonb not null default '{}',
  -- Titles of discs by their number, for those that have one: {"1": "Studio", "2": "Live"}.
  disc_titles jsonb not null default '{}',
  visibility text not null default 'draft' check (visibility in ('draft', 'scheduled', 'unlisted', 'public')),
  -- When a scheduled release becomes public.
  publish_at timestamptz,
  -- The time zone (IANA) in which that moment was chosen and is shown.
  publish_zone text,
  -- When it first became public; kept through later edits, since a release is published once.
  published_at timestamptz,
  gives_stream boolean not null default true,
  gives_download boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Grows with each change that is heard downstream: tags, zips, feeds.
  revision integer not null default 1,
  -- Grows with every change, also those that pages alone show.
  version integer not null default 1,
  -- Taken out of the catalogue by its artist. It is a draft then, and can be put back.
  removed_at timestamptz,
  check (removed_at is null or visibility = 'draft'),
  check (visibility <> 'scheduled' or publish_at is not null),
  unique (artist_id, slug)
);
create index on releases (visibility, publish_at);
create index releases_search on releases using gin (searchable(title) gin_trgm_ops);

-- Addresses that lead on after a renaming.
create table release_slugs (
  artist_id uuid not null references artists,
  slug text not null,
  release_id uuid not null references releases on delete cascade,
  primary key (artist_id, slug)
);

-- The artists of a release, in order, as they are to be written. artist_id only for those who live here.
create table release_artists (
  release_id uuid not null references releases on delete cascade,
  position integer not null,
  artist_id uuid references artists on delete set null,
  name text not null,
  -- A guest: "A feat. B".
  is_featured boolean not null default false,
  -- The artist's MusicBrainz identifier, where it is certain.
  musicbrainz text,
  primary key (release_id, position)
);

create table recordings (
  id uuid primary key,
  artist_id uuid not null references artists,
  title text not null,
  version text,
  isrc text,
  language text,
  lyrics text not null default '',
  is_explicit boolean not null default false,
  bpm numeric(6, 2),
  musical_key text,
  musicbrainz jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  lock_version integer not null default 1
);
create index on recordings (artist_id);
create index recordings_search on recordings using gin (searchable(title) gin_trgm_ops);

create table recording_artists (
  recording_id uuid not null references recordings on delete cascade,
  position integer not null,
  artist_id uuid references artists on delete set null,
  name text not null,
  -- A guest: "A feat. B".
  is_featured boolean not null default false,
  -- The artist's MusicBrainz identifier, where it is certain.
  musicbrainz text,
  primary key (recording_id, position)
);

create table tracks (
  id uuid primary key,
  release_id uuid not null references releases on delete cascade,
  recording_id uuid not null references recordings,
  disc integer not null default 1,
  position integer not null,
  slug text not null,
  -- Null: as the release says.
  gives_stream boolean,
  gives_download boolean,
  unique (release_id, disc, position) deferrable initially immediate,
  unique (release_id, slug)
);
create index on tracks (recording_id);

-- A track taken off its release, with its place, so that it can be put back. Its recording stays as it is.
create table removed_tracks (
  id uuid primary key,
  release_id uuid not null references releases on delete cascade,
  recording_id uuid not null references recordings,
  disc integer not null,
  position integer not null,
  slug text not null,
  gives_stream boolean,
  gives_download boolean,
  removed_at timestamptz not null default now()
);
create index on removed_tracks (release_id);
create index on removed_tracks (recording_id);

-- Addresses of tracks that lead on after a renaming.
create table track_slugs (
  release_id uuid not null references releases on delete cascade,
  slug text not null,
  track_id uuid not null,
  primary key (release_id, slug)
);

-- Who did what, on a recording or on a whole release.
create table credits (
  id uuid primary key,
  release_id uuid references releases on delete cascade,
  recording_id uuid references recordings on delete cascade,
  position integer not null,
  name text not null,
  -- An identifier of music/roles.rules.ts, or the artist's own word.
  role text not null,
  -- What the role leaves open: an instrument, a choir's voice.
  detail text,
  check (num_nonnulls(release_id, recording_id) = 1)
);
create index on credits (release_id);
create index on credits (recording_id);

create table bonus_files (
  id uuid primary key,
  release_id uuid not null references releases on delete cascade,
  position integer not null,
  file_name text not null,
  storage_key text not null,
  sha256 text not null,
  size bigint not null,
  type text not null
);
create index on bonus_files (release_id);

-- The way to an unlisted release. Revoked, it opens nothing; its visits stay counted.
create table secret_links (
  id uuid primary key,
  release_id uuid not null references releases on delete cascade,
  token text not null unique,
  note text not null default '',
  visits integer not null default 0,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index on secret_links (release_id);
