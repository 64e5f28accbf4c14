-- A series: one thing after the other in a rhythm that people know, laid in ahead (docs/decisions/0086).
alter table operations drop constraint operations_kind_check;
alter table operations add constraint operations_kind_check check (kind in ('contest', 'series'));
-- A series may go on without an end that is known.
alter table operations drop constraint operations_opened;
alter table operations add constraint operations_opened check (state = 'draft' or (opened_at is not null and (ends_at is not null or kind = 'series')));

create table series (
  operation_id uuid primary key references operations on delete cascade,
  unit text not null check (unit in ('week', 'month')),
  every smallint not null check (every between 1 and 12),
  -- A day and an hour of the operation's own zone: the rhythm is kept by the clock on the wall.
  first_day text not null check (first_day ~ '^\d{4}-\d{2}-\d{2}$'),
  hour text not null check (hour ~ '^\d{2}:\d{2}$'),
  -- Null: without an end.
  count smallint check (count between 1 and 520),
  -- When the next one is to be given. Null before it opens, and once nothing comes any more.
  next_at timestamptz
);
create index on series (next_at) where next_at is not null;

-- What was laid in, in its order, and which of the series it became.
create table series_items (
  id uuid primary key,
  operation_id uuid not null references series on delete cascade,
  -- In one series alone, once.
  release_id uuid unique references releases on delete set null,
  post_id uuid unique references posts on delete set null,
  place integer not null,
  laid_at timestamptz not null,
  -- The number that it takes, written down before it is published: whoever dies in between goes on with the same.
  number integer check (number > 0),
  claimed_at timestamptz,
  given_at timestamptz,
  -- Why it could not be published when its hour came.
  problem text,
  check (num_nonnulls(release_id, post_id) <= 1),
  check ((number is null) = (claimed_at is null)),
  check (given_at is null or number is not null),
  unique (operation_id, number)
);
