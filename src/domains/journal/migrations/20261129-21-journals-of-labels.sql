-- A label writes a journal as an artist does (docs/decisions/0069). `sender_id` is whose it is, whichever of the two.
alter table posts alter column artist_id drop not null;
alter table posts add column label_id uuid references labels on delete cascade;
alter table posts add check (num_nonnulls(artist_id, label_id) = 1);
alter table posts add column sender_id uuid not null generated always as (coalesce(artist_id, label_id)) stored;
alter table posts drop constraint posts_artist_id_slug_key;
alter table posts add unique (sender_id, slug);
drop index posts_public;
create index posts_public on posts (sender_id, published_at) where visibility = 'public' and removed_at is null;
create index on posts (artist_id) where artist_id is not null;
create index on posts (label_id) where label_id is not null;

alter table post_slugs drop constraint post_slugs_pkey;
alter table post_slugs alter column artist_id drop not null;
alter table post_slugs add column label_id uuid references labels on delete cascade;
alter table post_slugs add check (num_nonnulls(artist_id, label_id) = 1);
alter table post_slugs add column sender_id uuid not null generated always as (coalesce(artist_id, label_id)) stored;
alter table post_slugs add primary key (sender_id, slug);
create index on post_slugs (artist_id) where artist_id is not null;
create index on post_slugs (label_id) where label_id is not null;
