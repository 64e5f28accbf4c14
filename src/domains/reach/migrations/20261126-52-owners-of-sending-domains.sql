-- Keys belong to whom they were made for: nobody signs in the name of another's domain. Those that are there are the place's own.
alter table sending_domains
  add column artist_id uuid references artists on delete cascade,
  add column label_id uuid references labels on delete cascade,
  add check (num_nonnulls(artist_id, label_id) <= 1);
alter table sending_domains drop constraint sending_domains_pkey;
alter table sending_domains add unique nulls not distinct (domain, artist_id, label_id);
create index on sending_domains (artist_id) where artist_id is not null;
create index on sending_domains (label_id) where label_id is not null;
