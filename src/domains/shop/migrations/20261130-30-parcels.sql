-- What leaves by post: of an order, all or a part of what was bought; or once more what did not arrive as it should.
create table parcels (
  id uuid primary key,
  -- One form sent twice is one parcel.
  form_key text not null unique,
  order_id uuid not null references orders,
  kind text not null check (kind in ('order', 'replacement')),
  -- In words of carrier.rules.ts; empty: another. `link`: where it is followed, frozen when it left.
  carrier text not null default '',
  tracking text not null default '',
  link text,
  packed_at timestamptz not null,
  packed_by uuid,
  -- It left. Before that it may be unpacked again.
  sent_at timestamptz,
  unpacked_at timestamptz,
  -- The buyer was written to.
  told_at timestamptz,
  check (sent_at is null or unpacked_at is null)
);
create index on parcels (order_id);

create table parcel_lines (
  parcel_id uuid not null references parcels on delete cascade,
  -- Of the order's line.
  position smallint not null,
  quantity smallint not null check (quantity > 0),
  primary key (parcel_id, position)
);

-- What came back. The money is a refund's affair.
create table parcel_returns (
  id uuid primary key,
  form_key text not null unique,
  parcel_id uuid not null references parcels on delete cascade,
  position smallint not null,
  quantity smallint not null check (quantity > 0),
  -- It lies with the others again, to be sold.
  restocked boolean not null,
  came_at timestamptz not null,
  noted_by uuid,
  foreign key (parcel_id, position) references parcel_lines on delete cascade
);
create index on parcel_returns (parcel_id, position);
