-- A carrier's file with its numbers, while somebody looks at it; its lines hold what the carrier wrote, so it goes after two weeks.
create table carrier_files (
  id uuid primary key,
  artist_id uuid references artists on delete cascade,
  label_id uuid references labels on delete cascade,
  file_name text not null,
  -- [{line, cells}], as they were read.
  rows jsonb not null,
  -- Which column holds what: {reference, tracking}, from 0.
  columns jsonb not null,
  has_heading boolean not null,
  -- In words of carrier.rules.ts; empty: another.
  carrier text not null default '',
  created_by uuid,
  created_at timestamptz not null,
  check (num_nonnulls(artist_id, label_id) = 1)
);
create index on carrier_files (artist_id, created_at);
create index on carrier_files (label_id, created_at);

-- How a parcel was followed before it was put right.
create table parcel_corrections (
  id uuid primary key,
  parcel_id uuid not null references parcels on delete cascade,
  carrier text not null,
  tracking text not null,
  link text,
  corrected_at timestamptz not null,
  corrected_by uuid,
  -- The buyer is to be written to; and was.
  tells boolean not null,
  told_at timestamptz
);
create index on parcel_corrections (parcel_id, corrected_at);
