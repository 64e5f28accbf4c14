-- What every domain stands on. First of all, the record of what was applied.
create table migrations (
  name text primary key,
  checksum text not null,
  applied_at timestamptz not null default now()
);

create extension if not exists pg_trgm;
create extension if not exists unaccent;
create extension if not exists btree_gin;

-- unaccent() is only STABLE, because its dictionary can be changed; an index needs this promise.
create function searchable(text) returns text
  language sql immutable strict parallel safe
  as $$ select lower(public.unaccent('public.unaccent', $1)) $$;

-- Workers say that they are alive; a job held by one that is not is given back (platform/jobs).
create table workers (
  id text primary key,
  seen_at timestamptz not null default now()
);

-- Counters for what costs something, by a key that holds no address in clear (platform/http/rate-limit).
create unlogged table rate_limits (
  key text not null,
  window_start timestamptz not null,
  hits integer not null,
  primary key (key, window_start)
);
