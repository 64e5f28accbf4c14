-- What shows that a parcel was handed over: a receipt as a file, what is written on it, or both.
create table parcel_proofs (
  id uuid primary key,
  -- One form sent twice is one proof.
  form_key text not null unique,
  parcel_id uuid not null references parcels on delete cascade,
  -- The carrier's own number of the receipt, and the day on it.
  reference text not null default '',
  handed_on date,
  -- The file goes two years after the parcel left; what is written here stays with the order.
  storage_key text,
  file_name text not null default '',
  size bigint,
  added_at timestamptz not null,
  added_by uuid,
  check ((storage_key is null) = (size is null))
);
create index on parcel_proofs (parcel_id, added_at);

-- When what is known of its parcels was last laid beside the dispute, at its provider.
alter table disputes add column evidence_at timestamptz;
