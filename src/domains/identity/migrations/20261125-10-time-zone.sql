-- Where an artist's days begin (IANA); null: as this machine, or the artist's language, would have it.
alter table artists add column time_zone text;
