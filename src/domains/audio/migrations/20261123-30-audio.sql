-- The sound itself. A master is kept as it came; everything else here can be made again from it.
create table masters (
  id uuid primary key,
  -- One master a recording; a new one replaces it.
  recording_id uuid not null unique references recordings on delete cascade,
  artist_id uuid not null references artists,
  file_name text not null,
  storage_key text not null,
  sha256 text not null,
  size bigint not null,
  -- What the engine found: container, codec, sampleRate, channels, bitDepth, samples, lossless …
  facts jsonb not null,
  duration_ms integer not null,
  state text not null default 'waiting' check (state in ('waiting', 'preparing', 'ready', 'failed')),
  -- From 0 to 1 while preparing.
  progress real not null default 0,
  -- Why it failed: a code worded by the audio domain.
  problem jsonb,
  -- EBU R128: {integratedLufs, rangeLu, truePeakDb, samplePeak}.
  loudness jsonb,
  -- Peaks for the seek bar, one byte each.
  waveform bytea,
  created_at timestamptz not null default now(),
  prepared_at timestamptz
);
create index on masters (artist_id);
create index on masters (sha256);

-- What is streamed: one row a format.
create table renditions (
  master_id uuid not null references masters on delete cascade,
  format text not null check (format in ('opus', 'aac')),
  storage_key text not null,
  size bigint not null,
  type text not null,
  primary key (master_id, format)
);

-- Downloads made on demand, by hash of everything that goes into one: sound, format, tags, cover.
create table encodings (
  content_hash text primary key,
  format text not null,
  storage_key text not null,
  size bigint not null,
  -- CRC-32, as a zip's directory wants it.
  crc32 bigint not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now()
);
create index on encodings (last_used_at);

-- CRC-32 of files that go into a zip as they are (bonus files), by their SHA-256.
create table checksums (
  sha256 text primary key,
  crc32 bigint not null
);

-- Files on their way in. A batch is one drop in the studio; it becomes draft releases, further tracks of a release, or the sound of a track.
create table upload_batches (
  id uuid primary key,
  account_id uuid not null references accounts on delete cascade,
  artist_id uuid not null references artists on delete cascade,
  -- The release that gets these tracks, or the track that gets this sound. Neither: releases are made of it.
  release_id uuid references releases on delete cascade,
  track_id uuid references tracks on delete cascade,
  state text not null default 'receiving'
    check (state in ('receiving', 'reading', 'understood', 'making', 'imported', 'abandoned')),
  -- From 0 to 1, while it is read and while releases are made of it.
  progress real not null default 0,
  -- Why reading or making stopped: a code worded by the audio domain.
  trouble text,
  -- What was understood, shown before anything is made of it, and the problems found.
  plan jsonb,
  -- The releases that it became, or was added to.
  made uuid[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on upload_batches (artist_id, created_at desc);

-- Its name on disk is its id; what its sender called it is a text, never a path.
create table uploads (
  id text primary key,
  batch_id uuid not null references upload_batches on delete cascade,
  -- Path inside the dropped folder, as the browser told it.
  relative_path text not null,
  size bigint not null,
  received bigint not null default 0,
  -- When the sender last changed it, in milliseconds, as the browser told it: the same file is recognised by it and goes on where it stopped.
  modified_ms bigint,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  unique (batch_id, relative_path)
);
