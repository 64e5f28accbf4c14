-- What was put into the storage lately, or found there by somebody who is about to name it: written before the file is, so that whoever tidies leaves it alone for a day.
create table storings (
  key text primary key,
  at timestamptz not null
);
