-- Links that people pass on, and who came by them (docs/decisions/0078).

-- A short address of one person's for one thing: /s/CODE.
create table shares (
  id uuid primary key,
  code text not null unique,
  artist_id uuid not null,
  subject text not null,
  person_id uuid not null,
  created_at timestamptz not null,
  -- Whoever made it is not known any more: it leads on, and brings nobody.
  closed_at timestamptz
);
create unique index shares_of_person on shares (person_id, subject) where closed_at is null;
create index on shares (artist_id, created_at);

-- Whom somebody brought to an artist: written once, when a person whom the artist did not know came by such a link. `by_person` had a link before `at`, and
-- `person_id` had none: so there is no circle, however long the way.
create table brought (
  artist_id uuid not null,
  person_id uuid not null,
  by_person uuid not null,
  -- What was passed on.
  gift_id uuid,
  at timestamptz not null,
  primary key (artist_id, person_id),
  check (person_id <> by_person)
);
create index brought_by on brought (by_person, artist_id);
create index brought_of_gift on brought (gift_id);
