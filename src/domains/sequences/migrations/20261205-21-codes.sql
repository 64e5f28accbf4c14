-- Which code of a batch somebody was given by a step of a sequence: one a person, however often they come in.
create table sequence_codes (
  give_id uuid not null references sequence_gives on delete cascade,
  -- Null: erased since, or found to be somebody who has one.
  fan_id uuid,
  code text not null,
  given_at timestamptz not null,
  primary key (give_id, code)
);
create unique index sequence_codes_once on sequence_codes (give_id, fan_id);
create index on sequence_codes (fan_id);
