-- Films of one's own that a post shows: [[video:<id>]] on a line of its own.
create table post_videos (
  id uuid primary key,
  post_id uuid not null references posts on delete cascade,
  title text not null,
  file_name text not null,
  -- As it came, byte for byte.
  original_storage_key text not null,
  original_size bigint not null,
  state text not null default 'waiting' check (state in ('waiting', 'preparing', 'ready', 'failed')),
  progress real not null default 0,
  problem text,
  mp4_storage_key text,
  mp4_size bigint,
  mp4_type text,
  webm_storage_key text,
  webm_size bigint,
  webm_type text,
  poster_image_id uuid references images,
  width integer,
  height integer,
  duration_ms integer,
  created_at timestamptz not null default now()
);
create index on post_videos (post_id);

-- What is said and heard in it, in WebVTT, one a language.
create table video_captions (
  video_id uuid not null references post_videos on delete cascade,
  language text not null,
  vtt text not null,
  primary key (video_id, language)
);

create trigger pages_changed after insert or update or delete or truncate on post_videos for each statement execute function pages_changed();
create trigger pages_changed after insert or update or delete or truncate on video_captions for each statement execute function pages_changed();
