-- Selling at a table: one evening, from the change that lies in the box to what is counted at its end.
create table tills (
  id uuid primary key,
  artist_id uuid references artists on delete set null,
  seller_id uuid not null references sellers,
  place text not null default '',
  currency char(3) not null,
  -- Minor units. `begun_with`: the change in the box; `from_account`: whose it was.
  begun_with bigint not null check (begun_with >= 0),
  from_account text not null check (from_account in ('cash', 'owner')),
  -- That they may use this till is theirs to say where a law asks for a certified one: docs/TILL.md.
  is_confirmed boolean not null default false,
  opened_at timestamptz not null,
  opened_by uuid,
  -- What lay in the box at the end, and what had been given back out of it.
  counted bigint check (counted >= 0),
  given_back bigint,
  note text not null default '',
  closed_at timestamptz,
  closed_by uuid,
  check ((counted is null) = (closed_at is null) and (given_back is null) = (closed_at is null))
);
create index on tills (artist_id, opened_at);
create index on tills (seller_id);

create table till_sales (
  -- Made where it was sold: sent twice, it stands once.
  id uuid primary key,
  till_id uuid not null references tills,
  order_id uuid not null unique references orders,
  paid_with text not null check (paid_with in ('cash', 'other')),
  -- It came after the box was counted: what was counted held its money already.
  is_late boolean not null,
  -- Of which more was sold than was there: [{"title", "missing"}].
  short jsonb not null default '[]',
  arrived_at timestamptz not null
);
create index on till_sales (till_id);
