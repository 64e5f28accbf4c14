-- A person's own address of their calendar, for another program to read it by. Only a hash of its secret is kept; whoever makes another one ends it.
create table calendar_links (
  account_id uuid primary key references accounts on delete cascade,
  token_hash text not null unique,
  created_at timestamptz not null
);
