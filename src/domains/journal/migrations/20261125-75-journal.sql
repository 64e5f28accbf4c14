-- An artist's journal.
create table posts (
  id uuid primary key,
  artist_id uuid not null references artists on delete cascade,
  slug text not null,
  title text not null,
  -- Markdown.
  body text not null default '',
  language text not null default 'en',
  cover_image_id uuid references images,
  cover_alt text not null default '',
  visibility text not null default 'draft' check (visibility in ('draft', 'scheduled', 'unlisted', 'public')),
  publish_at timestamptz,
  publish_zone text,
  published_at timestamptz,
  -- The way to an unlisted post, as a release's secret links.
  secret_token text,
  comments_open boolean not null default true,
  created_by uuid references accounts on delete set null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  removed_at timestamptz,
  version integer not null default 1,
  unique (artist_id, slug)
);
create index posts_public on posts (artist_id, published_at) where visibility = 'public' and removed_at is null;
create index posts_due on posts (publish_at) where visibility = 'scheduled';

-- Addresses that a post had lead on.
create table post_slugs (
  artist_id uuid not null references artists on delete cascade,
  slug text not null,
  post_id uuid not null references posts on delete cascade,
  primary key (artist_id, slug)
);

-- Pictures that the words name: ![alt](picture:<id>).
create table post_pictures (
  id uuid primary key,
  post_id uuid not null references posts on delete cascade,
  image_id uuid not null references images,
  alt text not null default '',
  created_at timestamptz not null default now()
);
create index on post_pictures (post_id);

create table comments (
  id uuid primary key,
  post_id uuid not null references posts on delete cascade,
  -- The comment that this one answers: one level.
  answers uuid references comments on delete cascade,
  -- Who of the artist's own wrote it, in the studio.
  account_id uuid references accounts on delete set null,
  -- Null when its fan was erased.
  fan_id uuid references fans on delete set null,
  -- Until whoever has the address says that it is theirs; a week at most.
  mail text,
  confirmed_at timestamptz,
  language text not null default 'en',
  name text not null,
  text text not null,
  state text not null check (state in ('waiting', 'shown', 'hidden', 'spam')),
  at timestamptz not null,
  moderated_by uuid references accounts on delete set null,
  moderated_at timestamptz
);
create index on comments (post_id, at);
create index comments_waiting on comments (at) where state = 'waiting';

create trigger pages_changed after insert or update or delete or truncate on posts for each statement execute function pages_changed();
create trigger pages_changed after insert or update or delete or truncate on post_slugs for each statement execute function pages_changed();
create trigger pages_changed after insert or update or delete or truncate on post_pictures for each statement execute function pages_changed();
create trigger pages_changed after insert or update or delete or truncate on comments for each statement execute function pages_changed();
