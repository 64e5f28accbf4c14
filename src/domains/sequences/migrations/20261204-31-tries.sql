-- A try of many people is a job's: how far back it was asked to look, when, how many people it has looked at so far, and whether it came to no end.
alter table sequence_versions
  add column try_months smallint,
  add column try_asked_at timestamptz,
  add column try_read integer not null default 0,
  add column try_failed boolean not null default false;
