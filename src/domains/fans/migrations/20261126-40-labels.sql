-- Labels have fans of their own, as artists have: doors and lists are one's or the other's.
alter table doors alter column artist_id drop not null;
alter table doors add column label_id uuid references labels on delete cascade;
alter table doors add check (num_nonnulls(artist_id, label_id) = 1);
create index on doors (label_id, created_at) where label_id is not null;

alter table fan_lists alter column artist_id drop not null;
alter table fan_lists add column label_id uuid references labels on delete cascade;
alter table fan_lists add check (num_nonnulls(artist_id, label_id) = 1);
create index on fan_lists (label_id, created_at) where label_id is not null;

create index on keywords (label_id) where label_id is not null;
