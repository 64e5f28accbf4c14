-- A film taken off its post can be put back for a while: with the text as it was before, in case nobody wrote since.
alter table post_videos add column removed_at timestamptz, add column removed_from text;
create index on post_videos (removed_at) where removed_at is not null;

-- Films on their way in, by the tus protocol. Its name on disk is its id.
create table video_uploads (
  id text primary key,
  post_id uuid not null references posts on delete cascade,
  file_name text not null,
  size bigint not null,
  -- When the sender last changed it, in milliseconds, as the browser told it: the same file is recognised by it and goes on where it stopped.
  modified_ms bigint not null,
  touched_at timestamptz not null default now(),
  unique (post_id, file_name, size, modified_ms)
);
create index on video_uploads (touched_at);
