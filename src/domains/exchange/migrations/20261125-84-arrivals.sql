-- Whom a link of ours led here, for a day: what this browser then does for the artist answers that gift, and is the doing of the fan whom
-- the link was for, when they agreed to be recognised. Nothing lasting is joined: a message that was passed on tells of one visit.
create table arrivals (
  -- The visitor.
  person_id uuid not null,
  artist_id uuid not null,
  token text not null,
  given_as text not null,
  as_person uuid,
  at timestamptz not null,
  primary key (person_id, artist_id)
);
create index on arrivals (at);
create index on arrivals (as_person) where as_person is not null;

-- Who took or heard one thing: asked when an audience is built from it.
create index returns_by_subject on returns (subject, kind);
